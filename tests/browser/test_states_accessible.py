"""Every state of the journey meets every requirement of the pages, and announces its outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.announcement_checks import missing_announcements
from tests.browser.browser_sessions import referrers
from tests.browser.conftest import WIDE
from tests.browser.page_requirements import EVERY, violations
from tests.browser.states import ONE_OF_EACH_KIND, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.referrer import Referrer
    from tests.browser.running import Service

pytestmark = pytest.mark.browser


Arrives = Callable[..., "Referrer"]
"""Brings a referrer to a state: `arrives(state, javascript=False)`."""


@pytest.fixture(scope="module")
def arrives(browser: Browser, installation: Callable[[str], Service]) -> Iterator[Arrives]:
    """Yield what brings a referrer to a state, in one context for all states of an installation."""
    came: dict[tuple[str, bool], Referrer] = {}
    with referrers(browser) as opened:

        def arrive(state: str, *, javascript: bool = True) -> Referrer:
            service = installation(state)
            key = (service.address, javascript)
            if key not in came:
                came[key] = opened(service, javascript=javascript)
            came[key].page.set_viewport_size({"width": WIDE, "height": 900})
            return STATES[state][0](came[key])

        yield arrive


def said(somebody: Referrer, state: str) -> tuple[int, str]:
    """Return the status of a page, and as much of its title as the state is known by."""
    return somebody.status, somebody.page.title()[: len(STATES[state][1][1])]


@pytest.mark.parametrize("state", STATES)
def test_a_state_meets_every_requirement(arrives: Arrives, state: str) -> None:
    """Each state has its status and title and announces its outcome; one of each kind meets every requirement of the pages."""
    somebody = arrives(state)
    assert said(somebody, state) == STATES[state][1]
    assert missing_announcements(somebody.page) == []
    assert violations(somebody.page, EVERY if state in ONE_OF_EACH_KIND else ()) == {}


OTHERS: Final = [state for state in STATES if state not in ONE_OF_EACH_KIND]


@pytest.mark.slow("every requirement in every state: make test has one of each kind")
@pytest.mark.parametrize("state", OTHERS)
def test_every_other_state_meets_every_requirement(arrives: Arrives, state: str) -> None:
    """The states that share a template violate no requirement either."""
    assert violations(arrives(state).page, EVERY) == {}


OTHER_WITHOUT_SCRIPT: Final = pytest.mark.slow("states without JavaScript: make test has one of each kind")


@pytest.mark.parametrize(
    "state", [*ONE_OF_EACH_KIND, *(pytest.param(state, marks=OTHER_WITHOUT_SCRIPT) for state in OTHERS)]
)
def test_a_state_needs_no_script(arrives: Arrives, state: str) -> None:
    """Without JavaScript each state is reached all the same, and announces as much."""
    somebody = arrives(state, javascript=False)
    assert said(somebody, state) == STATES[state][1]
    assert missing_announcements(somebody.page) == []


UNANNOUNCED: Final = {
    "the outcome has not the focus": "document.activeElement.blur()",
    "asked twice: ": "document.querySelectorAll('.question-label')[1].textContent = document.querySelector('.question-label').textContent",
    "asked again: ": "document.querySelector('form.referral').classList.add('review')",
    "the title does not begin with Error": "document.title = 'Refer yourself'",
    "no way back": "document.querySelector('.back').remove()",
    "not the first control: ": "document.querySelector('.summary li a').hash = 's1'",
    "not said there: ": "document.querySelector('.question .error').remove()",
    "not one link for each error": "document.querySelector('.summary li').remove()",
}


def test_a_missing_announcement_is_found(arrives: Arrives) -> None:
    """The control: on a page after a POST each announcement that is taken away, one after the other, is missed."""
    page = arrives("errors, myself").page
    assert missing_announcements(page) == []
    for found, harm in UNANNOUNCED.items():
        assert found not in "\n".join(missing_announcements(page))
        page.evaluate(f"() => {{ {harm} }}")
        assert found in "\n".join(missing_announcements(page))
