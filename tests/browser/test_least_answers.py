"""The least that somebody has to do to be called back, on a phone: taps, fields, and the height of the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service
    from tests.examples import Posted

pytestmark = pytest.mark.browser
SAFELY: Final[Posted] = {"contact_methods": ["phone"], "victim_phone": "07700 900 982"}
LEAST: Final[dict[Route, Posted]] = {
    Route.MYSELF: {"victim_name": "Alex Example", **SAFELY},
    Route.CONTACT_ME: {"known_as": "Al", **SAFELY},
}
MAX_HEIGHT: Final = 2000  # px of a page at 360 px
MAX_STEPS: Final = {Route.MYSELF: 9, Route.CONTACT_ME: 7}


def height(page: Page) -> int:
    """Return the height of the whole page."""
    return int(page.evaluate("document.documentElement.scrollHeight"))


@pytest.mark.parametrize("route", LEAST)
def test_the_review_of_the_least_answers_is_short(service: Service, new_referrer: NewReferrer, route: Route) -> None:
    """At 360 px the review of the least answers is at most three screens high."""
    somebody = new_referrer(service, width=360).opens_the_form(route).has_filled_in(LEAST[route]).continues()
    assert somebody.status == 200
    assert height(somebody.page) <= MAX_HEIGHT
    somebody.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    assert height(somebody.page) > MAX_HEIGHT * (route is Route.MYSELF)  # the control: unfolded it is not


@pytest.mark.parametrize("route", LEAST)
def test_few_steps_lead_from_the_first_page_to_a_reference(
    service: Service, new_referrer: NewReferrer, route: Route
) -> None:
    """Each tap and each field from the home page to the sent page counts as one step."""
    somebody = new_referrer(service, width=360).opens("/")
    steps = 0
    for address in ("refer/", f"{route.slug}/"):
        somebody.page.locator(f"main a[href$='{address}']").first.click()
        somebody.page.wait_for_url(f"**/{address}")
        steps += 1
    name = {"victim_name": a_canary(), "known_as": a_canary()}
    for question, answer in LEAST[route].items():
        somebody.fills_in({question: name.get(question, answer)})
        steps += 1
    somebody.continues().sends()
    steps += 2
    assert somebody.reads_the_reference()
    assert steps <= MAX_STEPS[route]
