"""Every page of the site in a real browser, each loaded once: requirements, layout shifts, weight, use without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDE, opening
from tests.browser.page_load import MOVED, load, too_heavy
from tests.browser.page_requirements import EVERY, OF_TEMPLATE, OF_WORDS, violations
from tests.browser.pages import ONE_OF_EACH_TEMPLATE, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
LATE: Final = """addEventListener('load', () => setTimeout(() => {
  document.querySelector('main').before(Object.assign(document.createElement('p'), {textContent: 'Late'}));
}, 300))"""
NEEDS_A_SCRIPT: Final = "/search/"


def words(page: Page) -> str:
    """Read what stands on a page and where its links lead."""
    links = "[...document.querySelectorAll('a')].map(each => each.href).join(' ')"
    return str(page.locator("body").inner_text()) + str(page.evaluate(links))


@pytest.fixture(scope="module")
def without_script(browser: Browser, origin: str) -> Iterator[Callable[[str], str]]:
    """Read pages in one browser context without JavaScript."""
    with opening(browser, origin) as opened:
        page = opened(javascript=False)

        def read(address: str) -> str:
            page.goto(address)
            return words(page)

        yield read


@pytest.mark.parametrize("address", PAGES)
def test_a_page_meets_every_requirement(without_script: Callable[[str], str], kept_page: Page, address: str) -> None:
    """Nothing shifts, scripts and stylesheet are small, without JavaScript it says the same, and no requirement is violated."""
    kept_page.set_viewport_size({"width": WIDE, "height": 900})
    seen = load(kept_page, address)
    assert seen.moved == 0
    if address != NEEDS_A_SCRIPT:  # it has tests of its own
        assert too_heavy(seen.sizes) == []
        assert without_script(address) == words(kept_page)
    assert violations(kept_page, EVERY if address in ONE_OF_EACH_TEMPLATE else OF_WORDS) == {}


@pytest.mark.slow("what hangs on a template, on every page: make test has one of each template")
@pytest.mark.parametrize("address", [page for page in PAGES if page not in ONE_OF_EACH_TEMPLATE])
def test_every_other_page_meets_the_requirements_of_its_template(kept_page: Page, address: str) -> None:
    """The pages that share a template violate no requirement of the template either."""
    kept_page.goto(address)
    assert violations(kept_page, OF_TEMPLATE) == {}


def test_a_page_that_shifts_is_seen(wide: Page) -> None:
    """The control: a line that arrives late and pushes the page down is seen."""
    wide.add_init_script(LATE)
    assert load(wide, "/contact/").moved > 0.001


@pytest.mark.parametrize(
    ("address", "display", "moves"),
    [
        ("/", "optional", False),
        ("/refer/myself/", "optional", False),
        ("/case-studies/assault-case/", "optional", False),
        ("/case-studies/assault-case/", "swap", True),  # the control
    ],
)
def test_a_typeface_that_comes_late_moves_nothing(wide: Page, address: str, display: str, moves: bool) -> None:  # noqa: FBT001
    """On a slow line the headings stay as they were first drawn; ours is there from the next page on."""
    held: list[Route] = []

    def restyle(route: Route) -> None:
        route.fulfill(body=route.fetch().text().replace("optional", display), content_type="text/css")

    wide.route("**/site.css", restyle)
    wide.route("**/heading.woff2", lambda route: held.append(route))  # noqa: PLW0108 # Playwright asks for a function
    wide.goto(address, wait_until="domcontentloaded")
    while not wide.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
        wide.wait_for_timeout(20)
    for route in held:
        route.continue_()
    wide.wait_for_load_state("networkidle")
    assert bool(wide.evaluate(MOVED)) is moves


def test_a_page_that_needs_a_script_is_seen(without_script: Callable[[str], str], wide: Page) -> None:
    """The control: the search page says something else without its script."""
    wide.goto(NEEDS_A_SCRIPT)
    assert without_script(NEEDS_A_SCRIPT) != words(wide)


def test_the_skip_links_come_first(wide: Page) -> None:
    """The first stop leads to the main part, the second out of here."""
    wide.goto("/contact/")
    wide.keyboard.press("Tab")
    expect(wide.locator(":focus")).to_have_text("Skip to main content")
    wide.keyboard.press("Tab")
    expect(wide.locator(":focus")).to_have_text("Exit this page")
    wide.keyboard.press("Shift+Tab")
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/#main")
