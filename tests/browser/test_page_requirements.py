"""The demands on every page: pages that break them, and must be seen to."""

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
        page_requirements.keeps_the_rules,
        f"{HEADING}.insertAdjacentHTML('afterend', '<img src=\"/assets/mark.svg\">')",
        "image-alt",
    ),
    (page_requirements.keeps_the_rules, f"{LEAD}.style.color = '#6a6a6a'", "1280 light: color-contrast-enhanced"),
    (page_requirements.keeps_the_rules, f"{HEADING}.style.color = 'rgb(90 90 90)'", "390 dark: color-contrast"),
    (page_requirements.keeps_the_rules, f"{HEADING}.lang = 'welsh-ish'", "valid-lang"),
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
    (page_requirements.stands_still, f"{HEADING}.style.transition = 'color 1s'", "moving: <h1"),
    (page_requirements.stands_still, "document.documentElement.style.scrollBehavior = 'smooth'", "moving: <html"),
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
]


@pytest.mark.parametrize(("demand", "harm", "found"), BAD, ids=[f"{each[0].__name__}: {each[2]}" for each in BAD])
def test_what_breaks_a_demand_is_found(wide: Page, demand: Callable[[Page], list[str]], harm: str, found: str) -> None:
    """A page with one fault is seen by the demand that is about it, and the page without it is not."""
    wide.goto("/contact/")
    assert demand(wide) == []
    wide.set_viewport_size({"width": 320, "height": 900})
    wide.evaluate(f"() => {{ {harm} }}")
    assert found in "\n".join(demand(wide))


def test_each_demand_has_a_page_that_breaks_it() -> None:
    """No demand is without its control."""
    assert {demand for demand, _harm, _found in BAD} == set(page_requirements.DEMANDS)
