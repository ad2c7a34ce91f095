"""Print: what a page and a form look like on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

ON_PAPER = """() => ['.skips', '.main-links', '.exit', '.talk', '.notice', '.sections'].filter(name =>
  [...document.querySelectorAll(name)].some(each => getComputedStyle(each).display !== 'none'))"""


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_paper_has_no_buttons(wide: Page, address: str) -> None:
    """On paper there is nothing to press, and the text is black on white."""
    wide.goto(address)
    assert wide.evaluate(ON_PAPER) != []
    wide.emulate_media(media="print", color_scheme="dark")
    assert wide.evaluate(ON_PAPER) == []
    assert wide.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.browser
def test_a_form_prints_as_a_paper_form(wide: Page) -> None:
    """On paper a choice is a box to tick, and a text box is a line or a frame to write in."""
    wide.goto("/refer/person-harmed/")
    wide.emulate_media(media="print")
    style = "(name, what) => getComputedStyle(document.querySelector(name))[what]"
    drawn = wide.evaluate(f"""() => {{
      const style = {style};
      return [style('.choice input', 'borderTopStyle'), style('.choice', 'borderTopStyle'),
        style('.line', 'borderBottomStyle'), style('.line', 'borderTopWidth'), style('.long', 'borderTopStyle')];
    }}""")
    assert drawn == ["solid", "none", "solid", "0px", "solid"]
    assert wide.locator(".actions:visible").count() == 0
