"""The servers that are measured: ours as `serve` runs it, and its peers, each as its own guide runs it."""

import contextlib
import itertools
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from bench.client import request
from bench.measure import environ, family
from bench.places import FOLDER, HERE, NODE, ROOT, SAME_SITE, VENV, npm_peers, python_peers
from bench.questions import ROUTE
from referral_function.sending.encryption import keygen
from referral_function.web.tokens import Tokens
from tests.examples import Posted, a_full_referral

SECRET: Final = "an invented secret of the benchmark 0123456789"  # noqa: S105 - invented
GET, ERRORS, ACCEPTED = "GET of the form page", "POST with errors", "POST accepted, durable"
GUNICORN: Final = ("--worker-class", "gthread", "--threads", "8", "--keep-alive", "5", "--log-level", "warning")
HELLO, WIDGETS, DJANGO, FASTAPI = "Flask hello", "Flask, WTForms’ widgets", "Django", "FastAPI, pydantic"
OUR_FORM, DEFRA = "referral function", "DEFRA’s forms engine"
_number = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One server: how it is started, and what it is asked."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    works: Sequence[str] = (GET, ERRORS, ACCEPTED)
    statuses: Mapping[str, int] = field(default_factory=lambda: {GET: 200, ERRORS: 422, ACCEPTED: 303})

    def requests(self, work: str, count: int) -> list[bytes]:
        """Prepare so many requests of one kind; no two referrals are the same."""
        return [self.request(work) for _ in range(count)]

    def request(self, work: str) -> bytes:
        """Prepare one request."""
        csrf = "c" * 32
        if work == GET:
            return request("GET", "/")
        also = {"csrfmiddlewaretoken": csrf} if self.name == DJANGO else {}
        return request("POST", "/", encoded(answers(work), **also), Cookie=f"csrftoken={csrf}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours(Peer):
    """Our own server."""

    def request(self, work: str) -> bytes:
        """Prepare one request."""
        if work == GET:
            return request("GET", f"/refer/{ROUTE.slug}/")
        token = Tokens(SECRET.encode()).review(ROUTE, datetime.now(UTC) - timedelta(minutes=1))
        also = {"action": "send", "token": token} if work == ACCEPTED else {"action": "review"}
        return request("POST", f"/referral/{ROUTE.slug}/", encoded(answers(work), **also), Sec_Fetch_Site="same-origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Defra(Peer):
    """DEFRA's forms engine: names without underscores, a crumb, and a page with errors is a 200."""

    def request(self, work: str) -> bytes:
        """Prepare one request."""
        crumb = "c" * 43
        if work == GET:
            return request("GET", "/referral/form")
        named = {name.replace("_", ""): value for name, value in answers(work).items()}
        return request("POST", "/referral/form", encoded(named, crumb=crumb), Cookie=f"crumb={crumb}")


def answers(work: str) -> Posted:
    """Write one complete referral that nobody has sent before; with errors: three answers missing, two malformed."""
    wrong: Posted = {}
    if work == ERRORS:
        wrong = {
            "referrer_name": "",
            "victim_name": "",
            "contact_methods": [],
            "victim_email": "no address",
            "referrer_email": "none",
        }
    return a_full_referral(ROUTE, hopes=f"To be heard, {next(_number)}.", **wrong)


def encoded(posted: Posted, **also: str) -> str:
    """Write answers as a browser posts them."""
    return urlencode(posted | also, doseq=True)


def our_settings() -> dict[str, str]:
    """Give the environment of our own server: nothing is delivered, so that only accepting is measured."""
    public, private = keygen()
    return {
        "REFERRAL_RELAY": "smtp://localhost:9",
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": f"sqlite:///{FOLDER / 'outbox.db'}",
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": SECRET,
        "REFERRAL_SITE": str(FOLDER / "site"),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
        "REFERRAL_DRAIN": "off",
        "REFERRAL_LIMIT": "off",
    }


def peers() -> list[Peer]:
    """List the servers that can be started here, ours first."""
    wsgi = [str(SAME_SITE), "-m", "waitress", "--listen=127.0.0.1:{port}", "--threads=8"]
    found: list[Peer] = [
        Ours(
            name=OUR_FORM,
            command=[str(SAME_SITE), "-m", "referral_function", "serve", "--port", "{port}"],
            environ=our_settings(),
        ),
        Peer(
            name=HELLO,
            command=[*wsgi, "bench.peers.flask_hello:application"],
            works=[GET],
        ),
        Peer(name=WIDGETS, command=[*wsgi, "bench.peers.wtforms_widgets:application"]),
    ]
    if not python_peers():
        gunicorn = [str(VENV / "gunicorn"), *GUNICORN, "--bind", "127.0.0.1:{port}"]
        uvicorn = [str(VENV / "uvicorn"), "--log-level", "warning", "--port", "{port}"]
        found += [
            Peer(name=DJANGO, command=[*gunicorn, "bench.peers.django_form"]),
            Peer(name=FASTAPI, command=[*uvicorn, "bench.peers.fastapi_form:application"]),
        ]
    if not npm_peers():
        engine = [str(NODE), str(HERE / "peers" / "defra.mjs"), "{port}"]
        found.append(Defra(name=DEFRA, command=engine, statuses={GET: 200, ERRORS: 200, ACCEPTED: 303}))
    return found


@contextlib.contextmanager
def started(peer: Peer) -> Iterator[tuple[int, list[int]]]:
    """Run a server until the end of the block; give its port and its processes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [word.format(port=port) for word in peer.command]
    path = FOLDER / "server.log"
    with path.open("ab") as log:
        more = {"BENCH_FOLDER": str(FOLDER), "NODE_ENV": "production"} | dict(peer.environ)
        process = subprocess.Popen(command, cwd=ROOT, env=environ(**more), stdout=log, stderr=log)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{peer.name} has ended: {path.read_text('utf-8')[-2000:]}")
            time.sleep(0.1)
        time.sleep(0.5)  # its workers are there
        yield port, family(process.pid)
    finally:
        process.terminate()
        process.wait(20)
