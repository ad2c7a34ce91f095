"""Runs the whole service: `serve` in a process, an outbox on disk, an SMTP server over TLS."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode

from referral_function.sending.encryption import keygen
from referral_function.web.tokens import Tokens
from tests.browser.service_inspection import WAIT_TIMEOUT, ServiceInspection, wait_until
from tests.ports import free_port
from tests.smtp_server import SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from referral_function.asking.questions import Route
    from tests.examples import Posted

ROOT: Final = Path(__file__).resolve().parents[2]
SECRET: Final = "an invented secret of the tests 0123456789"
SMALLEST_PAGE: Final = 4000  # bytes: less than a page of the database, more than the service says of itself


@dataclass(kw_only=True)
class Service(ServiceInspection):
    """One installation: its folder, its settings, its process while it runs."""

    site: Path
    port: int = field(default_factory=free_port)
    keys: tuple[str, str] = field(default_factory=keygen)
    process: subprocess.Popen[bytes] | None = None
    also: dict[str, str] = field(default_factory=dict)  # settings that this installation has beside the usual ones

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

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
        """Return the environment variables of this installation."""
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
            **self.also,
        }

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the service has ended: {self.said}"
        with contextlib.suppress(OSError):
            # A readiness probe answers once it has tried the storage: by then the tables are made, if they can be.
            return self.asks("GET", "/referral/readyz")[0] in {http.client.OK, http.client.SERVICE_UNAVAILABLE}
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
        """Kill every process of the service (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the service in order (SIGTERM)."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(WAIT_TIMEOUT)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(WAIT_TIMEOUT)

    def asks(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Make one request without a browser; return status, Location and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_TIMEOUT)
        with contextlib.closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} | sent)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def takes_in(self, route: Route, posted: Posted) -> str:
        """Send a referral without a browser, a minute after its review, and return the reference on the sent page."""
        token = Tokens(SECRET.encode()).review(route, datetime.now(UTC) - timedelta(minutes=1), "a review")
        body = urlencode([*_pairs(posted), ("token", token), ("action", "send")])
        status, location, page = self.asks("POST", f"/referral/{route.slug}/", body, Sec_Fetch_Site="same-origin")
        assert status == http.client.SEE_OTHER, f"{status}: {page} {self.said}"
        return reference_in(self.asks("GET", location)[2])

    @contextlib.contextmanager
    def failing_disk(self) -> Iterator[None]:
        """Make every write of the database fail: RLIMIT_FSIZE is below the size of its pages (Linux)."""
        assert self.process is not None
        main = self.process.pid
        pids = [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text("ascii").split())]
        before = resource.prlimit(main, resource.RLIMIT_FSIZE)
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (SMALLEST_PAGE, before[1]))
        try:
            yield
        finally:
            for pid in pids:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def _pairs(posted: Posted) -> Iterator[tuple[str, str]]:
    for name, value in posted.items():
        yield from ((name, each) for each in ([value] if isinstance(value, str) else value))


def reference_in(page: str) -> str:
    """Return the reference on a sent page."""
    return page.partition('<div class="reference"><span aria-hidden="true">')[2].partition("<")[0]


@contextlib.contextmanager
def running(
    site: Path, folder: Path, relay: SmtpServer | None = None, before: Callable[[Service], object] = repr
) -> Iterator[Service]:
    """Run the whole service until the end of the block; `before` is done to it before it starts."""
    at_the_relay, at_the_service = folder / "relay", folder / "service"
    at_the_relay.mkdir()
    at_the_service.mkdir()
    with relay or SmtpServer(folder=at_the_relay) as server:
        service = Service(site=site, folder=at_the_service, relay=server)
        before(service)
        try:
            yield service.start()
        finally:
            service.kill()
