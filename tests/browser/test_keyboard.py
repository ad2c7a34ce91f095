"""The whole site with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

STOPS: Final = """() => {
  const stops = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')]
    .filter(each => each.checkVisibility() && each.tabIndex >= 0 && !each.disabled);
  const group = each => each.type === 'radio' && each.name;
  return stops.filter((each, at) => !group(each) || stops.findIndex(other => group(other) === each.name) === at).length;
}"""
HERE: Final = """() => {
  const focus = document.activeElement, box = (focus.closest('.choice, .filter label') ?? focus).getBoundingClientRect();
  if (focus === document.body) return null;
  const all = [...document.querySelectorAll('*')];
  const lines = [...focus.getClientRects()], line = lines[0] ?? box;
  const at = document.elementFromPoint(line.x + line.width / 2, line.y + Math.min(line.height / 2, 40));
  return {
    order: all.indexOf(focus),
    name: focus.outerHTML.slice(0, 100),
    inside: box.left >= -1 && box.right <= innerWidth + 1 && box.bottom > 0 && line.top < innerHeight && line.top >= -1,
    seen: !!at && (focus.contains(at) || at.contains(focus) && !at.matches('body, html, main, header')),
    outlined: getComputedStyle(focus).outlineStyle !== 'none' || !!focus.closest('.choice, .filter label, .cards li'),
  };
}"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab through the page and give what had the focus, each once."""
    stops: list[dict[str, Any]] = []
    while len(stops) < 500:
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (stops and here["order"] <= stops[0]["order"]):
            break
        stops.append(here)
    return stops


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_every_stop_is_seen_and_in_order(wide: Page, address: str) -> None:
    """At each width, Tab reaches all there is, from top to bottom, and nothing covers what has the focus."""
    wide.goto(address)
    for width in (1280, 390, 320):
        wide.set_viewport_size({"width": width, "height": 800})
        wide.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
        wide.goto(address)
        stops = walk(wide)
        assert [stop for stop in stops if not (stop["inside"] and stop["seen"] and stop["outlined"])] == []
        order = [stop["order"] for stop in stops]
        assert order == sorted(set(order))
        assert len(stops) == wide.evaluate(STOPS)


@pytest.mark.browser
def test_a_covered_or_unseen_stop_is_found(wide: Page) -> None:
    """The walk notices a link under something else, one off the screen, and one without an outline."""
    wide.goto("/contact/")
    wide.evaluate("""() => {
      const [one, two, three] = document.querySelectorAll('main a');
      one.insertAdjacentHTML('afterend', '<i>over</i>');
      const box = one.getBoundingClientRect(), cover = one.nextSibling.style;
      Object.assign(cover, {position: 'absolute', left: `${box.x - 9}px`, top: `${box.y - 9}px`, width: '20rem', height: '3rem'});
      two.style.cssText = 'position: absolute; left: -999px';
      three.style.cssText = 'outline: none';
    }""")
    bad = [stop for stop in walk(wide) if not (stop["inside"] and stop["seen"] and stop["outlined"])]
    assert len(bad) == 3


@pytest.mark.browser
def test_the_skip_links_come_first(wide: Page) -> None:
    """The first stop leads to the main part, the second out of here."""
    wide.goto("/contact/")
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.textContent") == "Skip to main content"
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.textContent") == "Exit this page"
    wide.keyboard.press("Shift+Tab")
    wide.keyboard.press("Enter")
    assert wide.evaluate("location.hash") == "#main"
