"""Every page of the site in a real browser: no rule of axe is broken, nothing is wider than the screen, nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.axe import axe
from tests.browser.pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

SPACED: Final = """() => document.querySelectorAll('*').forEach(each => {
  for (const [name, value] of [['line-height', '1.5'], ['letter-spacing', '.12em'], ['word-spacing', '.16em']])
    each.style.setProperty(name, value, 'important');
  if (each.matches('p')) each.style.setProperty('margin-bottom', '2em', 'important');
})"""
CLIPPED: Final = """() => [...document.querySelectorAll('body *')].filter(each => {
  const style = getComputedStyle(each);
  return style.overflow !== 'visible' && !each.matches('.vh, .vh *, textarea, input, svg, svg *') &&
    (each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1);
}).map(each => each.outerHTML.slice(0, 90))"""
MOVING: Final = """() => [...document.querySelectorAll('*')].filter(each => {
  const style = getComputedStyle(each);
  return style.animationName !== 'none' || style.transitionDuration !== '0s';
}).map(each => each.outerHTML.slice(0, 90))"""
WIDTH: Final = "document.documentElement.scrollWidth"


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_no_rule_is_broken(wide: Page, address: str) -> None:
    """No page breaks any rule of axe, wide or narrow, light or dark."""
    wide.goto(address)
    for width in (1280, 390):
        wide.set_viewport_size({"width": width, "height": 900})
        for colours in ("light", "dark"):
            wide.emulate_media(color_scheme=colours)
            assert axe(wide) == [], f"{width} pixels, {colours}"


@pytest.mark.browser
def test_axe_finds_a_broken_page(wide: Page) -> None:
    """The check of the rules sees a picture without words and grey text on grey."""
    wide.goto("/contact/")
    wide.evaluate("""() => {
      document.querySelector('h1').insertAdjacentHTML('afterend', '<img src="/assets/mark.svg">');
      document.querySelector('h1').style.color = '#999';
    }""")
    found = " ".join(axe(wide))
    assert "image-alt" in found
    assert "color-contrast" in found


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_wider_than_the_screen(wide: Page, address: str) -> None:
    """No page scrolls sideways, down to 320 pixels (400 % of zoom), with the text spacing of WCAG 1.4.12 too."""
    wide.goto(address)
    for width in (1280, 390, 320):
        wide.set_viewport_size({"width": width, "height": 900})
        assert wide.evaluate(WIDTH) <= width
    wide.evaluate(SPACED)
    assert wide.evaluate(WIDTH) <= 320
    assert wide.evaluate(CLIPPED) == []


@pytest.mark.browser
def test_a_page_that_is_too_wide_is_seen(narrow: Page) -> None:
    """The checks of width and of cut-off text see a wide box and a box that hides its text."""
    narrow.goto("/contact/")
    narrow.evaluate("document.querySelector('h1').style.width = '60rem'")
    assert narrow.evaluate(WIDTH) > 390
    narrow.evaluate("Object.assign(document.querySelector('.lead').style, {overflow: 'hidden', height: '5px'})")
    assert len(narrow.evaluate(CLIPPED)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_nothing_moves(open_page: OpenPage, address: str) -> None:
    """No page animates anything, and nothing shifts while it loads."""
    page = open_page(reduced_motion=True)
    page.add_init_script("""window.shifts = 0;
      new PerformanceObserver(list => list.getEntries().forEach(each => { window.shifts += each.value }))
        .observe({type: 'layout-shift', buffered: true})""")
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(MOVING) == []
    assert page.evaluate("window.shifts") == 0


@pytest.mark.browser
def test_a_moving_page_is_seen(wide: Page) -> None:
    """The check for movement sees a transition."""
    wide.goto("/contact/")
    wide.evaluate("document.querySelector('h1').style.transition = 'color 1s'")
    assert len(wide.evaluate(MOVING)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_forced_colours_keep_what_can_be_pressed(open_page: OpenPage, address: str) -> None:
    """With colours forced by the reader, every button still has an edge, and the focus can be seen."""
    page = open_page(forced_colours=True)
    page.goto(address)
    bare = """() => [...document.querySelectorAll('.button:not(.plain), .exit-button')].filter(each =>
      parseFloat(getComputedStyle(each).borderTopWidth) < 1).map(each => each.textContent)"""
    assert page.evaluate(bare) == []
    page.keyboard.press("Tab")
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
