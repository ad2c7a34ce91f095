"""People who come to the service, each with a browser of their own, and what nobody may find out about them."""

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


class ComesIn(Protocol):
    """Lets somebody come in: `comes_in(service, javascript=False)`."""

    def __call__(self, service: Service, **look: Unpack[Look]) -> Referrer:
        """Open their browser."""


@contextlib.contextmanager
def people(browser: Browser) -> Iterator[ComesIn]:
    """Let people come in; at the end fail on whatever they must never meet, and on anything personal in an address."""
    came: list[tuple[Watch, BrowserContext]] = []

    def comes_in(service: Service, **look: Unpack[Look]) -> Referrer:
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
        yield comes_in
    finally:
        for watch, context in came:
            addresses = [request.url for request in watch.requests]
            watch.close(context)
            assert [address for address in addresses if CANARY in address] == []


CANARY = "canary"


def a_canary() -> str:
    """Make up a word that stands nowhere else, to be looked for where it must not be."""
    return f"{CANARY}{secrets.token_hex(6)}"
