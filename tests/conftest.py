"""Fixtures of all tests: a manual clock, a real outbox, a real SMTP server, settings, the built site."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from referral_function import compose
from referral_function.sending import smtp
from referral_function.sending.encryption import keygen
from referral_function.sending.outbox import Outbox
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests import external_tools
from tests.engines import HandMovedPostgres
from tests.referrer import Browser, Referrer
from tests.smtp_server import HANG, STORE_AND_HANG, SmtpServer
from website.build.site import build

# No test fails by the clock: speed is held by the benchmark alone.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = float(os.environ.get("PATIENCE", "30"))  # seconds; less in `make mutants`, where much waits in vain
pytest_plugins = ["tests.left_out", "tests.longest_first"]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Heed signals that `nohup` or `&` ignore, forget the `make` that runs the tests, and remove compiled templates.

    An old template would hide a change; a `make` that a test runs would take over the words of the outer one, as ARGS.
    """
    for name in ("MAKEFLAGS", "MAKELEVEL", "ARGS"):
        os.environ.pop(name, None)
    for number, action in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, action)  # what a test starts inherits it, and a shell cannot change it back
    if hasattr(session.config, "workerinput"):
        return
    for path in (ROOT / "referral_function" / "web" / "__pycache__").glob("template-*.bytecode"):
        path.unlink(missing_ok=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than processors: while one waits for a time limit, the others work."""
    return (os.cpu_count() or 1) + 1


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Install the programs that a test needs; skip it, with what to do, where one cannot be installed."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            if external_tools.found(name) is None:
                pytest.skip(external_tools.missing(name))


@dataclass(slots=True)
class Clock:
    """A manual clock, in seconds since 1970."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """Return a manual clock."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Outbox]:
    """Open an empty outbox on each engine."""
    on_file = request.param == "sqlite"
    opened = SqliteOutbox(tmp_path / "outbox.db", clock) if on_file else HandMovedPostgres.made(clock)
    yield opened
    opened.close()


@pytest.fixture
def smtp_server(tmp_path: Path) -> Iterator[SmtpServer]:
    """Run an SMTP server that accepts everything until it is scripted."""
    with SmtpServer(folder=tmp_path) as server:
        yield server


@pytest.fixture
def environ(tmp_path: Path, smtp_server: SmtpServer) -> dict[str, str]:
    """Return complete environment variables: an invented inbox, the SMTP server of this test, an outbox of its own."""
    public, private = keygen()
    return {
        "REFERRAL_RELAY": f"smtp://localhost:{smtp_server.port}",
        "REFERRAL_RELAY_CA": smtp_server.authorities,
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": f"sqlite:///{tmp_path / 'outbox.db'}",
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": "an invented secret of the tests 0123456789",
        "REFERRAL_SITE": str(tmp_path / "site"),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build and publish the site once for each worker; once for all runs of `make mutants`, which names the folder."""
    folder = Path(os.environ.get("BUILT_SITE") or tmp_path_factory.mktemp("built") / "site")
    if not folder.exists():
        build(ROOT, folder)
    return folder


@pytest.fixture
def settings(environ: dict[str, str], site: Path) -> Settings:
    """Return settings of a whole service without a drain: a test delivers itself."""
    return Settings.read(environ | {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off"})


@pytest.fixture
def parts(settings: Settings) -> Iterator[compose.Runtime]:
    """Open the runtime of that service."""
    opened = compose.Runtime.from_settings(settings)
    yield opened
    opened.outbox.close()


@pytest.fixture
def referrer(settings: Settings, parts: compose.Runtime, clock: Clock) -> Referrer:
    """Return a client of the whole service, at the time of the clock."""
    service = compose.application(settings, parts, now=lambda: datetime.fromtimestamp(clock(), UTC))
    return Referrer(Browser(service), clock.advance)


@pytest.fixture
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """Set the SMTP timeouts in seconds: short only where the server hangs, so that a busy machine fails no test."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    hangs = {HANG, STORE_AND_HANG} & set(map(str, parameters.values()))
    seconds = 1.0 if hangs else PATIENCE
    monkeypatch.setattr(smtp, "COMMAND_TIMEOUT", seconds)
    monkeypatch.setattr(smtp, "BODY_TIMEOUT", seconds)
    return seconds
