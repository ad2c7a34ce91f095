"""What the security tests share: a service with other settings, and its parts on another outbox."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from referral_function import compose
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.engines import new_schema, postgres_address
from tests.referrer import Browser, Referrer

MEMORY_STORE = Path("/dev/shm")  # noqa: S108 - where there is one, hundreds of commits need no disk
Serving = Callable[..., Referrer]
Browsing = Callable[..., Browser]


@pytest.fixture
def engine() -> str:
    """Say which engine the outbox runs on; a test that is for both says so itself."""
    return "sqlite"


@pytest.fixture
def environ(environ: dict[str, str], engine: str) -> Iterator[dict[str, str]]:
    """Put the outbox of these tests where commits are quick."""
    if engine == "postgres":
        yield environ | {"REFERRAL_OUTBOX": postgres_address(new_schema())}
        return
    with tempfile.TemporaryDirectory(dir=MEMORY_STORE if MEMORY_STORE.is_dir() else None) as folder:
        yield environ | {"REFERRAL_OUTBOX": f"sqlite:///{folder}/outbox.db"}


@pytest.fixture
def browsing(settings: Settings, parts: compose.Runtime, clock: Clock) -> Browsing:
    """Return what makes a browser of the whole service, with another outbox or some settings changed."""

    def made(outbox: Any = None, **changes: Any) -> Browser:
        others = replace(parts, outbox=outbox) if outbox else parts
        now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731 - one line
        return Browser(compose.application(replace(settings, **changes), others, now=now))

    return made


@pytest.fixture
def serving(browsing: Browsing, clock: Clock) -> Serving:
    """Return what makes a referrer of such a service."""
    return lambda *changed, **changes: Referrer(browsing(*changed, **changes), clock.advance)


@pytest.fixture
def entries(settings: Settings) -> Iterator[Callable[[], int]]:
    """Return what counts the entries that are durably in the outbox: it sees what another process would."""
    another = compose.open_outbox(settings)
    yield lambda: len(list(another.entries()))
    another.close()
