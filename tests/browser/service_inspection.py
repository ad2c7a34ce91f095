"""Inspects an installation from outside: messages at the relay, rows of the outbox, bytes on disk."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TYPE_CHECKING, Final

from tests.agreement import part

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.smtp_server import SmtpServer

WAIT_TIMEOUT: Final = 90.0  # seconds until a wait is given up: a bound, never a measure


def wait_until(true: Callable[[], object], what: str) -> None:
    """Poll until a condition holds. Raises AssertionError after WAIT_TIMEOUT."""
    end = time.monotonic() + WAIT_TIMEOUT
    while not true():
        assert time.monotonic() < end, f"It never happened that {what}."
        time.sleep(0.02)


@dataclass(kw_only=True)
class ServiceInspection:
    """The folder of an installation and its relay."""

    folder: Path
    relay: SmtpServer

    @property
    def database(self) -> Path:
        """The path of the outbox."""
        return self.folder / "outbox" / "outbox.db"

    @property
    def said(self) -> str:
        """Everything written to stdout and stderr since the first start."""
        return (self.folder / "said.txt").read_text("utf-8")

    def letters(self) -> list[EmailMessage]:
        """Parse every message that the relay has accepted, oldest first."""
        parser = BytesParser(EmailMessage, policy=policy.default)
        return [parser.parsebytes(kept.wire) for kept in list(self.relay.kept)]

    def letters_about(self, reference: str) -> list[EmailMessage]:
        """Parse the messages with a reference in the subject."""
        return [message for message in self.letters() if reference in message["Subject"]]

    def letter(self, reference: str) -> EmailMessage:
        """Wait until a referral is recorded as delivered, and return its only message."""
        wait_until(lambda: self.state(reference) == "delivered", f"{reference} was delivered; {self.said}")
        (only,) = self.letters_about(reference)
        return only

    def plain_letter(self, reference: str) -> str:
        """Wait for the letter, and return its plain text."""
        return part(self.letter(reference), "plain")

    def copies(self, word: str) -> int:
        """Count the messages that contain a word, once the outbox is empty."""
        wait_until(lambda: "queued" not in {row[0] for row in self.rows("state")}, "the outbox was empty")
        return sum(word in part(message, "plain") for message in self.letters())

    def rows(self, columns: str, reference: str = "%") -> list[tuple[object, ...]]:
        """Select columns of the outbox, read-only."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as opened:
            found = opened.execute(f"SELECT {columns} FROM outbox WHERE reference LIKE ?", (reference,))  # noqa: S608 - columns are written in the tests
            return list(found.fetchall())

    def state(self, reference: str) -> object:
        """Return the state of an entry; None if there is no such entry."""
        return next((row[0] for row in self.rows("state", reference)), None)

    def attempts(self, reference: str) -> bool:
        """Whether an attempt to deliver is recorded."""
        return self.rows("last_stage", reference) != [(None,)]

    def on_disk(self) -> bytes:
        """Read every file that the service has written: database, WAL, locks, temporary files, log."""
        return b"\0".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
