"""Every state of the journey meets every requirement of the pages, and announces its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.announcement_checks import missing_announcements
from tests.browser.page_requirements import QUICK, SLOW, violations
from tests.browser.states import ONE_OF_EACH_KIND, STATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("state", STATES)
def test_a_state_meets_every_requirement(
    installation: Callable[[str], Service], new_referrer: NewReferrer, state: str
) -> None:
    """Each state has its status and title, announces its outcome, and violates no requirement of the pages."""
    arrives, (status, title) = STATES[state]
    somebody = arrives(new_referrer(installation(state)))
    assert (somebody.status, somebody.page.title()[: len(title)]) == (status, title)
    assert missing_announcements(somebody.page) == []
    assert violations(somebody.page, QUICK + SLOW if state in ONE_OF_EACH_KIND else QUICK) == {}


@pytest.mark.slow(
    "keyboard walk and axe in every look: make test has one page of each template, one state of each kind"
)
@pytest.mark.parametrize("state", [state for state in STATES if state not in ONE_OF_EACH_KIND])
def test_every_other_state_meets_the_slow_requirements(
    installation: Callable[[str], Service], new_referrer: NewReferrer, state: str
) -> None:
    """The keyboard walk at three widths, and axe in every look, in the states that share a template."""
    arrives, _expected = STATES[state]
    assert violations(arrives(new_referrer(installation(state))).page, SLOW) == {}


@pytest.mark.parametrize("state", STATES)
def test_a_state_needs_no_script(installation: Callable[[str], Service], new_referrer: NewReferrer, state: str) -> None:
    """Without JavaScript each state is reached all the same, and announces as much."""
    arrives, (status, title) = STATES[state]
    somebody = arrives(new_referrer(installation(state), javascript=False))
    assert (somebody.status, somebody.page.title()[: len(title)]) == (status, title)
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


def test_a_missing_announcement_is_found(installation: Callable[[str], Service], new_referrer: NewReferrer) -> None:
    """The control: on a page after a POST each announcement that is taken away, one after the other, is missed."""
    page = STATES["errors, myself"][0](new_referrer(installation("errors, myself"))).page
    assert missing_announcements(page) == []
    for found, harm in UNANNOUNCED.items():
        assert found not in "\n".join(missing_announcements(page))
        page.evaluate(f"() => {{ {harm} }}")
        assert found in "\n".join(missing_announcements(page))
