"""The whole service as it runs for the public: `serve` as a process of its own, an outbox on disk, a relay over TLS."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode

from referral_function.sending.seal import keygen
from referral_function.tokens import Tokens
from tests.post_office import PostOffice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from referral_function.asking.questions import Route
    from tests.examples import Posted

ROOT: Final = Path(__file__).resolve().parents[2]
SECRET: Final = "an invented secret of the tests 0123456789"
_PATIENCE: Final = 90.0  # seconds until a wait is given up: a bound, never a measure


def wait_until(true: Callable[[], object], what: str) -> None:
    """Wait until something has come true."""
    end = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < end, f"It never happened that {what}."
        time.sleep(0.02)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass(kw_only=True)
class Service:
    """One installation: its folder, its settings, its process while it runs. The relay may be stopped on its own."""

    site: Path
    folder: Path
    relay: PostOffice
    port: int = field(default_factory=_free_port)
    keys: tuple[str, str] = field(default_factory=keygen)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the site and the form are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Where the outbox is."""
        return self.folder / "outbox" / "outbox.db"

    @property
    def said(self) -> str:
        """Everything that the process has written to stdout and stderr since the first start."""
        return (self.folder / "said.txt").read_text("utf-8")

    def start(self) -> Self:
        """Start the process and wait until it answers."""
        for name in ("outbox", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("REFERRAL_")}
        environ |= self.settings() | {"TMPDIR": str(self.folder / "tmp")}
        command = [sys.executable, "-m", "referral_function", "serve", "--port", str(self.port)]
        with (self.folder / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(
                command, env=environ, cwd=ROOT, stdout=said, stderr=said, stdin=subprocess.DEVNULL, process_group=0
            )
        wait_until(self._answers, f"the service answered; it said: {self.said}")
        return self

    def settings(self) -> dict[str, str]:
        """Give the environment of this installation."""
        return {
            "REFERRAL_RELAY": f"smtp://localhost:{self.relay.port}",
            "REFERRAL_RELAY_CA": self.relay.authorities,
            "REFERRAL_INBOX": "inbox@example.org",
            "REFERRAL_SENDER": "referrals@localhost",
            "REFERRAL_OUTBOX": f"sqlite:///{self.database}",
            "REFERRAL_SEAL_KEY": self.keys[0],
            "REFERRAL_OPEN_KEYS": self.keys[1],
            "REFERRAL_SECRET_KEY": SECRET,
            "REFERRAL_SITE": str(self.site),
            "REFERRAL_HOSTS": "127.0.0.1,localhost",
        }

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the service has ended: {self.said}"
        with contextlib.suppress(OSError):
            return self.asks("GET", "/referral/livez")[0] == http.client.OK
        return False

    def command(self, *words: str) -> str:
        """Run one of the operator's commands beside the service and return what it prints."""
        command = [sys.executable, "-m", "referral_function", *words]
        done = subprocess.run(
            command, env=os.environ | self.settings(), cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self) -> None:
        """End every process of the service at once, as a power cut would (kill -9)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the service to end in order."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(_PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(_PATIENCE)

    def asks(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Make one request without a browser and return its status, where it leads, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        with contextlib.closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} | sent)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def takes_in(self, route: Route, posted: Posted) -> str:
        """Post what a browser posts at Send, a minute after the review, and return the reference that is shown."""
        token = Tokens(SECRET.encode()).review(route, datetime.now(UTC) - timedelta(minutes=1))
        body = urlencode([*_pairs(posted), ("token", token), ("action", "send")])
        status, location, page = self.asks("POST", f"/referral/{route.slug}/", body, Sec_Fetch_Site="same-origin")
        assert status == http.client.SEE_OTHER, f"{status}: {page} {self.said}"
        return reference_in(self.asks("GET", location)[2])

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

    def on_disk(self) -> bytes:
        """Read everything that the service has written anywhere: database, WAL, locks, temporary files, its words."""
        return b"\0".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


def _pairs(posted: Posted) -> Iterator[tuple[str, str]]:
    for name, value in posted.items():
        yield from ((name, each) for each in ([value] if isinstance(value, str) else value))


def reference_in(page: str) -> str:
    """Find the reference on a sent page."""
    return page.partition('<p class="reference"><span aria-hidden="true">')[2].partition("<")[0]


@contextlib.contextmanager
def running(site: Path, folder: Path, relay: PostOffice | None = None) -> Iterator[Service]:
    """Run the whole service until the end of the block."""
    at_the_relay, at_the_service = folder / "relay", folder / "service"
    at_the_relay.mkdir()
    at_the_service.mkdir()
    with relay or PostOffice(folder=at_the_relay) as office:
        service = Service(site=site, folder=at_the_service, relay=office)
        try:
            yield service.start()
        finally:
            service.stop()
