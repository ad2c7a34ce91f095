"""The measured servers, ours as `serve` runs it and the peers, and a client that sends to them."""

import contextlib
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench.measure import clean_environ
from bench.paths import ROOT, peers_python
from bench.questions import ROUTE, answers
from referral_function.sending.encryption import keygen
from referral_function.web.tokens import Tokens

_SECRET: Final = "an invented secret of the benchmark 0123456789"  # noqa: S105 - invented
_CONNECTIONS: Final = 4
PAGE, _FORM = f"/refer/{ROUTE.slug}/", f"/referral/{ROUTE.slug}/"
_numbers = itertools.count()


class Work(Enum):
    """A kind of request; the value is the status of its answer."""

    PAGE = 200
    ERRORS = 422
    ACCEPTED = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An application: its module, and the command that serves it on `{port}`; all use the addresses of ours."""

    module: str
    command: Sequence[str]  # the first word is its Python
    environ: Mapping[str, str]

    def request(self, work: Work) -> tuple[str, str, str | None, dict[str, str]]:
        """Return arguments of `HTTPConnection.request`; each post is a new referral, with our token and Django's."""
        if work is Work.PAGE:
            return "GET", PAGE, None, {"Accept-Encoding": "br"}
        token = Tokens(_SECRET.encode()).review(ROUTE, datetime.now(UTC) - timedelta(minutes=1), "a review")
        posted = answers(next(_numbers), errors=work is Work.ERRORS)
        posted |= {"token": token, "action": "send" if work is Work.ACCEPTED else "review"}
        body = urlencode(posted | {"csrfmiddlewaretoken": "c" * 32}, doseq=True)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"csrftoken={'c' * 32}"}
        return "POST", _FORM, body, headers | {"Content-Type": "application/x-www-form-urlencoded"}


def ours(folder: Path, site: Path, **more: str) -> Server:
    """Return our service on the built site, with its outbox in a folder; it delivers nothing by itself."""
    public, private = keygen()
    settings = {
        "REFERRAL_RELAY": "smtp://localhost:9",
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost.example",
        "REFERRAL_OUTBOX": f"sqlite:///{folder / 'outbox.db'}",
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": _SECRET,
        "REFERRAL_SITE": str(site),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
        "REFERRAL_DRAIN": "off",
        "REFERRAL_LIMIT": "off",
    }
    command = [sys.executable, "-m", "referral_function", "serve", "--port", "{port}"]
    return Server(module="referral_function.wsgi", command=command, environ=settings | more)


def peer(folder: Path, name: str) -> Server:
    """Return a module of `bench.peers`; Flask hello runs in our own environment, as it compares to ours alone."""
    python = sys.executable if name == "flask_hello" else peers_python()
    waitress = ("waitress", "--threads", "8", "--listen", "127.0.0.1:{port}")
    uvicorn = ("uvicorn", "--log-level", "warning", "--port", "{port}")
    module = f"bench.peers.{name}"
    command = [python, "-m", *(uvicorn if "fastapi" in name else waitress), f"{module}:application"]
    return Server(module=module, command=command, environ={"BENCH_FOLDER": str(folder), "PYTHONPATH": str(ROOT)})


@contextlib.contextmanager
def started(server: Server, folder: Path) -> Iterator[tuple[int, int]]:
    """Run a server for the length of the block; yield its port and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [word.format(port=port) for word in server.command]
    with (folder / "server.log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=clean_environ(**server.environ), stdout=log, stderr=log)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{server.module} has ended; see {log.name}")
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def send(server: Server, port: int, work: Work, seconds: float) -> int:
    """Send requests over four kept connections for some seconds; return how many. Raises RuntimeError at a wrong status."""
    end = time.monotonic() + seconds

    def repeat(_connection: int) -> int:
        count = 0
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            while not count or time.monotonic() < end:
                connection.request(*server.request(work))
                answer = connection.getresponse()
                answer.read()
                if answer.status != work.value:
                    raise RuntimeError(f"{server.module}, {work.name}: {answer.status} instead of {work.value}")
                count += 1
        return count

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        return sum(pool.map(repeat, range(_CONNECTIONS)))
