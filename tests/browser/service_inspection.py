"""What an installation leaves behind: letters at the relay, rows in the outbox, bytes on the disk."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.smtp_server import SmtpServer

WAIT_TIMEOUT: Final = 90.0  # seconds until a wait is given up: a bound, never a measure


def wait_until(true: Callable[[], object], what: str) -> None:
    """Wait until something has come true."""
    end = time.monotonic() + WAIT_TIMEOUT
    while not true():
        assert time.monotonic() < end, f"It never happened that {what}."
        time.sleep(0.02)


@dataclass(kw_only=True)
class Traces:
    """The folder of an installation and its relay, looked at from outside."""

    folder: Path
    relay: SmtpServer

    @property
    def database(self) -> Path:
        """Where the outbox is."""
        return self.folder / "outbox" / "outbox.db"

    @property
    def said(self) -> str:
        """Everything that the process has written to stdout and stderr since the first start."""
        return (self.folder / "said.txt").read_text("utf-8")

    def letters(self) -> list[EmailMessage]:
        """Read every message that the relay has taken, the oldest first."""
        parser = BytesParser(EmailMessage, policy=policy.default)
        return [parser.parsebytes(kept.wire) for kept in list(self.relay.kept)]

    def letters_about(self, reference: str) -> list[EmailMessage]:
        """Read the messages that carry a reference."""
        return [message for message in self.letters() if reference in message["Subject"]]

    def letter(self, reference: str) -> EmailMessage:
        """Wait until a referral has been delivered and written down as such, and return its only message."""
        wait_until(lambda: self.state(reference) == "delivered", f"{reference} was delivered; {self.said}")
        (only,) = self.letters_about(reference)
        return only

    def copies(self, word: str) -> int:
        """Count the messages with a word in them, once nothing waits any more."""
        wait_until(lambda: "queued" not in {row[0] for row in self.rows("state")}, "the outbox was empty")
        return sum(word in message.get_content() for message in self.letters())

    def rows(self, columns: str, reference: str = "%") -> list[tuple[object, ...]]:
        """Look into the outbox from outside."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as opened:
            found = opened.execute(f"SELECT {columns} FROM outbox WHERE reference LIKE ?", (reference,))  # noqa: S608 - columns are written in the tests
            return list(found.fetchall())

    def state(self, reference: str) -> object:
        """Say in which state an entry is; None if there is no such entry."""
        return next((row[0] for row in self.rows("state", reference)), None)

    def attempts(self, reference: str) -> bool:
        """Say whether an attempt to deliver was made and written down."""
        return self.rows("last_stage", reference) != [(None,)]

    def on_disk(self) -> bytes:
        """Read everything that the service has written anywhere: database, WAL, locks, temporary files, its words."""
        return b"\0".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
