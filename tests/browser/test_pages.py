"""Every page of the site in a real browser, held to every demand; nothing shifts, and nothing needs a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.page_requirements import DEMANDS
from tests.browser.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
SHIFTS: Final = """window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => { window.shifts += each.value }))
  .observe({type: 'layout-shift', buffered: true})"""
LATE: Final = """addEventListener('load', () => setTimeout(() => {
  document.querySelector('main').before(Object.assign(document.createElement('p'), {textContent: 'Late'}));
}, 300))"""


def shifts(page: Page, address: str) -> float:
    """Say how far things move while a page loads, and a moment longer."""
    page.add_init_script(SHIFTS)
    page.goto(address, wait_until="networkidle")
    moved: float = page.evaluate("new Promise(done => setTimeout(() => done(window.shifts), 100))")
    return moved


def words(page: Page, address: str) -> str:
    """Read what stands on a page and where its links lead."""
    page.goto(address)
    links = "[...document.querySelectorAll('a')].map(each => each.href).join(' ')"
    return str(page.locator("body").inner_text()) + str(page.evaluate(links))


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_to_the_demand(wide: Page, address: str, demand: Callable[[Page], list[str]]) -> None:
    """No page breaks a demand: rules of axe, widths and spacing, keyboard, forced colours, reduced motion, print."""
    wide.goto(address)
    assert demand(wide) == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_shifts(wide: Page, address: str) -> None:
    """Nothing moves from its place while a page loads."""
    assert shifts(wide, address) == 0


def test_a_page_that_shifts_is_seen(wide: Page) -> None:
    """The control: a line that arrives late and pushes the page down is seen."""
    wide.add_init_script(LATE)
    assert shifts(wide, "/contact/") > 0


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/search/"])
def test_no_page_needs_a_script(open_page: OpenPage, address: str) -> None:
    """Without JavaScript each page says the same and leads to the same places; search has a test of its own."""
    assert words(open_page(javascript=False), address) == words(open_page(), address)


def test_a_page_that_needs_a_script_is_seen(open_page: OpenPage) -> None:
    """The control: the search page says something else without its script."""
    assert words(open_page(javascript=False), "/search/") != words(open_page(), "/search/")


def test_the_skip_links_come_first(wide: Page) -> None:
    """The first stop leads to the main part, the second out of here."""
    wide.goto("/contact/")
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.textContent") == "Skip to main content"
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.textContent") == "Exit this page"
    wide.keyboard.press("Shift+Tab")
    wide.keyboard.press("Enter")
    assert wide.evaluate("location.hash") == "#main"
