"""The controls of the page requirements: pages that violate one, and must be seen to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser import page_requirements

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADING: Final = "document.querySelector('h1')"
LEAD: Final = "document.querySelector('.lead')"
LONGEST: Final = (
    "[...document.querySelectorAll('main p')].sort((a, b) => b.textContent.length - a.textContent.length)[0]"
)
COVER: Final = f"{HEADING}.insertAdjacentHTML('afterend', '<i>over</i>'); {HEADING}.nextSibling.style"
BAD: Final[list[tuple[Callable[[Page], list[str]], str, str]]] = [
    (
        page_requirements.passes_axe,
        f"{HEADING}.insertAdjacentHTML('afterend', '<img src=\"/assets/mark.svg\">')",
        "image-alt",
    ),
    (page_requirements.passes_axe, f"{LEAD}.style.color = '#6a6a6a'", "1280 light: color-contrast-enhanced"),
    (page_requirements.passes_axe, f"{HEADING}.style.color = 'rgb(90 90 90)'", "390 dark: color-contrast"),
    (page_requirements.passes_axe, f"{HEADING}.lang = 'welsh-ish'", "valid-lang"),
    (page_requirements.passes_axe_crosswise, f"{HEADING}.style.color = 'rgb(90 90 90)'", "1280 dark: color-contrast"),
    (page_requirements.passes_axe_crosswise, f"{LEAD}.style.color = '#6a6a6a'", "390 light: color-contrast-enhanced"),
    (page_requirements.fits_every_width, f"{HEADING}.style.minWidth = '21rem'", "wider than 320"),
    (page_requirements.fits_every_width, f"{HEADING}.style.minWidth = '90rem'", "wider than 1280"),
    (
        page_requirements.fits_every_width,
        f"const long = {LONGEST}; long.style.cssText = `overflow: hidden; height: ${{long.offsetHeight}}px`",
        "cut off",
    ),
    (page_requirements.works_by_keyboard, f"{COVER}.cssText = 'position: fixed; inset: 0'", "1280: <a"),
    (
        page_requirements.works_by_keyboard,
        "document.querySelector('main a').style.cssText = 'position: absolute; left: -999px'",
        "390: <a",
    ),
    (page_requirements.works_by_keyboard, "document.querySelector('main a').style.outline = 'none'", "320: <a"),
    (page_requirements.works_by_keyboard, "document.querySelector('main a').tabIndex = 1", "not every stop in order"),
    (
        page_requirements.keeps_edges_in_forced_colours,
        "document.querySelector('.exit-button').style.border = 0",
        "no edge: Exit",
    ),
    (
        page_requirements.keeps_edges_in_forced_colours,
        "document.querySelector('.skips a').style.outline = 0",
        "no outline: Skip",
    ),
    (page_requirements.honours_reduced_motion, f"{HEADING}.style.transition = 'color 1s'", "moving: <h1"),
    (
        page_requirements.honours_reduced_motion,
        "document.documentElement.style.scrollBehavior = 'smooth'",
        "moving: <html",
    ),
    (
        page_requirements.prints_well,
        "document.querySelector('.exit').style.setProperty('display', 'block', 'important')",
        ".exit",
    ),
    (
        page_requirements.prints_well,
        "document.querySelectorAll('.talk, [href^=tel]').forEach(each => each.remove())",
        "no phone",
    ),
    (page_requirements.prints_well, "document.body.style.color = 'white'", "not black on paper"),
    (page_requirements.has_its_exit, "document.querySelector('.exit-button').rel = ''", "not one exit link"),
    (page_requirements.has_its_exit, "document.querySelector('.exit').ariaLabel = 'Leave'", "not one exit link"),
    (
        page_requirements.has_its_exit,
        "document.querySelector('.exit').style.setProperty('position', 'static', 'important')",
        "390: the exit is at",
    ),
    (
        page_requirements.has_its_exit,
        "document.querySelector('.foot .wrap').lastElementChild.style.marginBottom = '-9rem'",
        "covers its end",
    ),
]


@pytest.mark.parametrize(("requirement", "harm", "found"), BAD, ids=[f"{each[0].__name__}: {each[2]}" for each in BAD])
def test_a_violation_is_found(wide: Page, requirement: Callable[[Page], list[str]], harm: str, found: str) -> None:
    """A page with one fault violates the requirement that is about it, and the page without it does not."""
    wide.goto("/contact/")
    assert requirement(wide) == []
    wide.set_viewport_size({"width": 320, "height": 900})
    wide.evaluate(f"() => {{ {harm} }}")
    assert found in "\n".join(requirement(wide))


def test_each_requirement_has_a_page_that_violates_it() -> None:
    """No requirement is without its control."""
    assert {requirement for requirement, _harm, _found in BAD} == {*page_requirements.QUICK, *page_requirements.SLOW}
