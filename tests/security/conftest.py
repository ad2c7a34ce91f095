"""What the security tests share: a service with other settings, and its parts on another outbox."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from referral_function import compose
from referral_function.settings import Settings
from tests.conftest import Clock
from tests.referrer import Browser, Referrer

Serving = Callable[..., Referrer]


@pytest.fixture
def serving(settings: Settings, parts: compose.Parts, clock: Clock) -> Serving:
    """Return what makes a referrer of the whole service, with some settings or parts changed."""

    def made(outbox: Any = None, **changes: Any) -> Referrer:
        others = replace(parts, outbox=outbox) if outbox else parts
        now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731 - one line
        service = compose.application(replace(settings, **changes), others, now=now)
        return Referrer(Browser(service), clock.advance)

    return made


@pytest.fixture
def entries(settings: Settings) -> Iterator[Callable[[], int]]:
    """Return what counts the entries that are durably in the outbox: it sees what another process would."""
    another = compose.open_outbox(settings)
    yield lambda: len(list(another.entries()))
    another.close()
