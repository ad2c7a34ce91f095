"""Fixtures of the security tests: a service with changed settings or another outbox."""

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
    """Return the engine of the outbox; a test for both parametrizes it."""
    return "sqlite"


@pytest.fixture
def environ(environ: dict[str, str], engine: str) -> Iterator[dict[str, str]]:
    """Put the outbox in memory, where commits are quick."""
    if engine == "postgres":
        yield environ | {"REFERRAL_OUTBOX": postgres_address(new_schema())}
        return
    with tempfile.TemporaryDirectory(dir=MEMORY_STORE if MEMORY_STORE.is_dir() else None) as folder:
        yield environ | {"REFERRAL_OUTBOX": f"sqlite:///{folder}/outbox.db"}


@pytest.fixture
def browsing(settings: Settings, parts: compose.Runtime, clock: Clock) -> Browsing:
    """Return a factory of test clients of the service, with another outbox or changed settings."""

    def made(outbox: Any = None, **changes: Any) -> Browser:
        others = replace(parts, outbox=outbox) if outbox else parts
        now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731 - one line
        return Browser(compose.application(replace(settings, **changes), others, now=now))

    return made


@pytest.fixture
def serving(browsing: Browsing, clock: Clock) -> Serving:
    """Return a factory of referrers of such a service."""
    return lambda *changed, **changes: Referrer(browsing(*changed, **changes), clock.advance)


@pytest.fixture
def entries(settings: Settings) -> Iterator[Callable[[], int]]:
    """Return a counter of the committed entries, on a connection of its own."""
    another = compose.open_outbox(settings)
    yield lambda: another.stats().queued
    another.close()
