"""Fixtures of the browser tests: a browser, the published site with its headers, and the whole service."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.browser_sessions import referrers
from tests.browser.chromium import NONE_FOUND, find
from tests.browser.page_watch import Watch
from tests.browser.running import running
from tests.browser.service_inspection import WAIT_TIMEOUT
from tests.browser.serving import served
from tests.browser.states import INSTALLATIONS, USUAL, WHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service

expect.set_options(timeout=1000 * WAIT_TIMEOUT)
NARROW, WIDE, SMALLEST = 390, 1280, 320
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Look(TypedDict, total=False):
    """Options of a browser context; the default is a laptop in the light scheme."""

    width: int
    height: int
    dark: bool
    javascript: bool
    forced_colours: bool
    reduced_motion: bool


class OpenPage(Protocol):
    """Opens a watched page: `open_page(width=390, dark=True, javascript=False)`."""

    def __call__(self, **look: Unpack[Look]) -> Page:
        """Open it."""


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of a Chromium, or fail with what to do."""
    return find() or pytest.fail(NONE_FOUND)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Launch one browser for each worker; each test gets its own context."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """Serve the published site, and yield its address."""
    with served(site) as address:
        yield address


@contextlib.contextmanager
def opening(browser: Browser, origin: str) -> Iterator[OpenPage]:
    """Yield what opens pages; fail at the end on what their watches found."""
    opened = []

    def open_one(**look: Unpack[Look]) -> Page:
        context = browser.new_context(
            base_url=origin,
            viewport={"width": look.get("width", WIDE), "height": look.get("height", 900)},
            color_scheme="dark" if look.get("dark") else "light",
            java_script_enabled=look.get("javascript", True),
            forced_colors="active" if look.get("forced_colours") else "none",
            reduced_motion="reduce" if look.get("reduced_motion") else "no-preference",
            service_workers="block",
            locale="en-GB",
        )
        watch = Watch(origin)
        watch.over(context)
        opened.append((watch, context))
        return context.new_page()

    yield open_one
    for watch, context in opened:
        watch.close(context)


@pytest.fixture
def open_page(browser: Browser, origin: str) -> Iterator[OpenPage]:
    """Yield what opens pages."""
    with opening(browser, origin) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept_page(browser: Browser, origin: str) -> Iterator[Page]:
    """Open one page for every load of a module: a context for each costs a third more. Nothing is cached."""
    with opening(browser, origin) as opened:
        yield opened()


@pytest.fixture
def wide(open_page: OpenPage) -> Page:
    """Open a page as wide as a laptop."""
    return open_page(width=WIDE)


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """Open a page as wide as a phone."""
    return open_page(width=NARROW, height=844)


@pytest.fixture(scope="module")
def service(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run the whole service, with a relay, for the tests of one module."""
    with running(site, tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="module")
def installation(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Service]]:
    """Yield what returns the installation of a state; each is started when first needed."""
    started: dict[str, Service] = {}
    with contextlib.ExitStack() as stack:

        def give(state: str) -> Service:
            name = WHERE.get(state, USUAL)
            if name not in started:
                folder = tmp_path_factory.mktemp("installation")
                started[name] = stack.enter_context(running(site, folder, before=INSTALLATIONS[name]))
            return started[name]

        yield give


@pytest.fixture
def new_referrer(browser: Browser) -> Iterator[NewReferrer]:
    """Yield what opens a browser context for a referrer."""
    with referrers(browser) as opened:
        yield opened
