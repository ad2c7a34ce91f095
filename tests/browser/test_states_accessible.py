"""Every state of the journey, held to every demand; and how it speaks to the person who posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.announcement_checks import not_told
from tests.browser.page_requirements import DEMANDS
from tests.browser.states import STATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.browser_sessions import ComesIn
    from tests.browser.running import Service

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("state", STATES)
def test_a_state_keeps_to_every_demand(installation: Callable[[str], Service], comes_in: ComesIn, state: str) -> None:
    """Each state has its status and title, has told what it must, and breaks no demand that holds for the pages."""
    arrives, (status, title) = STATES[state]
    somebody = arrives(comes_in(installation(state)))
    assert (somebody.status, somebody.page.title()[: len(title)]) == (status, title)
    assert not_told(somebody.page) == []
    broken = {demand.__name__: demand(somebody.page) for demand in DEMANDS}
    assert {name: found for name, found in broken.items() if found} == {}


@pytest.mark.parametrize("state", STATES)
def test_a_state_needs_no_script(installation: Callable[[str], Service], comes_in: ComesIn, state: str) -> None:
    """Without JavaScript each state is reached all the same, and tells as much."""
    arrives, (status, title) = STATES[state]
    somebody = arrives(comes_in(installation(state), javascript=False))
    assert (somebody.status, somebody.page.title()[: len(title)]) == (status, title)
    assert not_told(somebody.page) == []


UNTOLD: Final = {
    "the outcome has not the focus": "document.activeElement.blur()",
    "asked twice: ": "document.querySelectorAll('.question-label')[1].textContent = document.querySelector('.question-label').textContent",
    "asked again: ": "document.querySelector('form.referral').classList.add('review')",
    "the title does not begin with Error": "document.title = 'Refer yourself'",
    "no way back": "document.querySelector('.back').remove()",
    "not one link for each error": "document.querySelector('.summary li').remove()",
    "not the first control: ": "document.querySelector('.summary li a').hash = 's1'",
    "not said there: ": "document.querySelector('.question .error').remove()",
}


@pytest.mark.parametrize(("found", "harm"), UNTOLD.items())
def test_what_is_not_told_is_found(
    installation: Callable[[str], Service], comes_in: ComesIn, found: str, harm: str
) -> None:
    """The control: a page that comes back with one thing untold is seen."""
    somebody = STATES["errors, myself"][0](comes_in(installation("errors, myself")))
    assert not_told(somebody.page) == []
    somebody.page.evaluate(f"() => {{ {harm} }}")
    assert found in "\n".join(not_told(somebody.page))
