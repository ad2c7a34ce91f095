"""Browser contexts for referrers, each checked at its end: no console error, storage, foreign request or personal URL."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Protocol, Unpack

from tests.browser.page_watch import Watch
from tests.browser.referrer import Referrer
from tests.browser.service_inspection import WAIT_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.conftest import Look
    from tests.browser.running import Service


class NewReferrer(Protocol):
    """Opens a browser context for a referrer: `new_referrer(service, javascript=False)`."""

    def __call__(self, service: Service, **look: Unpack[Look]) -> Referrer:
        """Open it."""


@contextlib.contextmanager
def referrers(browser: Browser) -> Iterator[NewReferrer]:
    """Yield what opens contexts; at the end fail on what their watches found, and on a canary word in an address."""
    came: list[tuple[Watch, BrowserContext]] = []

    def new_referrer(service: Service, **look: Unpack[Look]) -> Referrer:
        context = browser.new_context(
            base_url=service.address,
            viewport={"width": look.get("width", 1280), "height": look.get("height", 900)},
            color_scheme="dark" if look.get("dark") else "light",
            java_script_enabled=look.get("javascript", True),
            service_workers="block",
            locale="en-GB",
        )
        context.set_default_timeout(1000 * WAIT_TIMEOUT)
        watch = Watch(service.address)
        watch.over(context)
        came.append((watch, context))
        return Referrer(context.new_page())

    try:
        yield new_referrer
    finally:
        for watch, context in came:
            addresses = [request.url for request in watch.requests]
            watch.close(context)
            assert [address for address in addresses if CANARY in address] == []


CANARY = "canary"


def a_canary() -> str:
    """Return a unique word, to be searched for where it must not be."""
    return f"{CANARY}{secrets.token_hex(6)}"
