"""The controls of the page requirements: pages that violate one, and must be seen to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.page_requirements import (
    EVERY,
    fits_every_width,
    has_its_exit,
    honours_reduced_motion,
    keeps_edges_in_forced_colours,
    passes_axe,
    passes_axe_in_every_look,
    prints_well,
    works_by_keyboard,
)

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
BAD: Final[dict[Callable[[Page], list[str]], list[tuple[str, str]]]] = {
    passes_axe: [
        (f"{HEADING}.insertAdjacentHTML('afterend', '<img src=\"/assets/mark.svg\">')", "image-alt"),
        (f"{LEAD}.style.color = '#6a6a6a'", "1280 light: color-contrast-enhanced"),
        (f"{HEADING}.lang = 'welsh-ish'", "valid-lang"),
    ],
    passes_axe_in_every_look: [
        (f"{HEADING}.style.color = 'rgb(90 90 90)'", "1280 dark: color-contrast"),
        (f"{HEADING}.style.color = 'rgb(90 90 90)'", "390 dark: color-contrast"),
        (f"{LEAD}.style.color = '#6a6a6a'", "390 light: color-contrast-enhanced"),
    ],
    fits_every_width: [
        (f"{HEADING}.style.minWidth = '21rem'", "wider than 320"),
        (f"{HEADING}.style.minWidth = '90rem'", "wider than 1280"),
        (f"{HEADING}.style.cssText = 'width: 2em; overflow-wrap: anywhere'", "390: broken: "),
        (
            f"const long = {LONGEST}; long.style.cssText = `overflow: hidden; height: ${{long.offsetHeight}}px`",
            "cut off",
        ),
    ],
    works_by_keyboard: [
        (f"{COVER}.cssText = 'position: fixed; inset: 0'", "1280: <a"),
        ("document.querySelector('main a').style.cssText = 'position: absolute; left: -999px'", "390: <a"),
        ("document.querySelector('main a').style.outline = 'none'", "320: <a"),
        ("document.querySelector('main a').tabIndex = 1", "not every stop in order"),
    ],
    keeps_edges_in_forced_colours: [
        ("document.querySelector('.exit-button').style.border = 0", "no edge: Emergency: Exit"),
        ("document.querySelector('.skips a').style.outline = 0", "no outline: Skip"),
    ],
    honours_reduced_motion: [
        (f"{HEADING}.style.transition = 'color 1s'", "moving: <h1"),
        ("document.documentElement.style.scrollBehavior = 'smooth'", "moving: <html"),
    ],
    prints_well: [
        ("document.querySelector('.exit').style.setProperty('display', 'block', 'important')", ".exit"),
        ("document.querySelectorAll('.talk, [href^=tel]').forEach(each => each.remove())", "no phone"),
        ("document.body.style.color = 'white'", "not black on paper"),
    ],
    has_its_exit: [
        ("document.querySelector('.exit-button').rel = ''", "not one exit link"),
        ("document.querySelector('.exit').ariaLabel = 'Leave'", "not one exit link"),
        ("document.querySelector('.exit').style.setProperty('position', 'static', 'important')", "390: the exit is at"),
        ("document.querySelector('.foot .wrap').lastElementChild.style.marginBottom = '-9rem'", "covers its end"),
    ],
}


@pytest.mark.parametrize("requirement", EVERY)
def test_a_violation_is_found(wide: Page, requirement: Callable[[Page], list[str]]) -> None:
    """A good page violates no requirement; with one fault on it, it violates the requirement that is about the fault."""
    wide.goto("/contact/")
    assert requirement(wide) == []
    for harm, found in BAD[requirement]:
        wide.reload()
        wide.set_viewport_size({"width": 320, "height": 900})
        wide.evaluate(f"() => {{ {harm} }}")
        assert found in "\n".join(requirement(wide))
