"""Accessibility and layout requirements of every page and every state: each returns its violations.

All requirements of a page are checked on one load of it: in `make test` on one page of each template and one state of
each kind, in `make check` on every page and every state. Those that hang on the words are checked on every page in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tests.browser.axe import axe
from tests.browser.page_watch import EXIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

WIDTHS: Final = (1280, 390, 320)
"""A laptop, a phone, and a laptop at 400 % of zoom."""
WIDTH: Final = "document.documentElement.scrollWidth"
SPACED: Final = """() => {
  const spaced = new CSSStyleSheet();
  spaced.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [spaced];
}"""
UNSPACED: Final = "document.adoptedStyleSheets = []"
CLIPPED: Final = """() => [...document.querySelectorAll('body *')].filter(each => {
  const style = getComputedStyle(each);
  return style.overflow !== 'visible' && !each.matches('.visually-hidden, .visually-hidden *, textarea, input, svg, svg *') &&
    (each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1);
}).map(each => 'cut off: ' + each.outerHTML.slice(0, 90))"""
BROKEN: Final = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), broken = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const word of text.data.matchAll(/(?<![^\\s“(])[A-Za-z’]+[.,:?!”)]*(?!\\S)/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) broken.push('broken: ' + word[0]);
    }
  return broken;
}"""
MOVING: Final = """() => [...document.querySelectorAll('*')].filter(each => {
  const style = getComputedStyle(each);
  return style.animationName !== 'none' || style.transitionDuration !== '0s' || style.scrollBehavior === 'smooth';
}).map(each => 'moving: ' + each.outerHTML.slice(0, 90))"""
BARE: Final = """() => [...document.querySelectorAll('.button:not(.plain), .exit-button')].filter(each =>
  parseFloat(getComputedStyle(each).borderTopWidth) < 1).map(each => 'no edge: ' + each.textContent)"""
OUTLINE: Final = """() => [document.activeElement].filter(each => {
  const style = getComputedStyle(each);
  return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2;
}).map(each => 'no outline: ' + each.textContent)"""
ON_PAPER: Final = """() => ['.skips', '.main-links', '.exit', '.notice', '.sections', '.button:not(.talk *)'].filter(name =>
  [...document.querySelectorAll(name)].some(each => getComputedStyle(each).display !== 'none'))"""
INK: Final = "getComputedStyle(document.body).color"
FROM_THE_TOP: Final = """() => {
  const page = document.documentElement;
  page.tabIndex = -1;
  page.focus();
  page.removeAttribute('tabindex');
  scrollTo(0, 0);
}"""
STOPS: Final = """() => {
  const stops = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')]
    .filter(each => each.checkVisibility() && each.tabIndex >= 0 && !each.disabled);
  const group = each => each.type === 'radio' && each.name;
  return stops.filter((each, at) => !group(each) || stops.findIndex(other => group(other) === each.name) === at).length;
}"""
RECORD: Final = """() => {
  const all = [...document.querySelectorAll('*')];
  window.seen = [];
  onkeyup = () => {
    const focus = document.activeElement, box = (focus.closest('.choice, .filter label') ?? focus).getBoundingClientRect();
    if (focus === document.body || focus === document.documentElement) return window.seen.push(null);
    const lines = [...focus.getClientRects()], line = lines[0] ?? box;
    const at = document.elementFromPoint(line.x + line.width / 2, line.y + Math.min(line.height / 2, 40));
    window.seen.push({
      order: all.indexOf(focus),
      name: focus.outerHTML.slice(0, 100),
      inside: box.left >= -1 && box.right <= innerWidth + 1 && box.bottom > 0 && line.top < innerHeight && line.top >= -1,
      seen: !!at && (focus.contains(at) || at.contains(focus) && !at.matches('body, html, main, header')),
      outlined: getComputedStyle(focus).outlineStyle !== 'none' || !!focus.closest('.choice, .filter label, .cards li'),
    });
  };
}"""
"""Records what has the focus after each key: to ask for it after each would take longer than all else."""
LAST_OF_FOOT: Final = "document.querySelector('.foot .wrap').lastElementChild.getBoundingClientRect().bottom"


def passes_axe(page: Page) -> list[str]:
    """Check every rule of axe, wide and light."""
    return _axe_at(page, 1280, "light")


def passes_axe_in_every_look(page: Page) -> list[str]:
    """Check every rule of axe in the other combinations of width and colour scheme."""
    return [*_axe_at(page, 1280, "dark"), *_axe_at(page, 390, "light"), *_axe_at(page, 390, "dark")]


def _axe_at(page: Page, width: int, colours: Literal["dark", "light"]) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=colours)
    page.evaluate(FROM_THE_TOP)  # a link to the main content that still has the focus covers the name of the service
    found = [f"{width} {colours}: {broken}" for broken in axe(page)]
    page.emulate_media(color_scheme="light")
    return found


def fits_every_width(page: Page) -> list[str]:
    """Check for no horizontal scroll and no word broken down to 320 pixels (WCAG 1.4.10), nothing clipped with the spacing of WCAG 1.4.12."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDTH) > width:
            found.append(f"wider than {width}")
        found += [f"{width}: {word}" for word in page.evaluate(BROKEN)]
    page.evaluate(SPACED)
    if page.evaluate(WIDTH) > WIDTHS[-1]:
        found.append("spaced: wider than the screen")
    found += page.evaluate(CLIPPED)
    page.evaluate(UNSPACED)
    return found


def works_by_keyboard(page: Page) -> list[str]:
    """Check that Tab at every width reaches each control in order, on screen, with an outline and not covered (WCAG 2.4.3, 2.4.7, 2.4.11)."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        stops = walk(page)
        found += [
            f"{width}: {stop['name']}" for stop in stops if not (stop["inside"] and stop["seen"] and stop["outlined"])
        ]
        order = [stop["order"] for stop in stops]
        if order != sorted(set(order)) or len(stops) != page.evaluate(STOPS):
            found.append(f"{width}: not every stop in order")
    return found


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top of the page once more than it has stops; return each element that had the focus, once."""
    page.evaluate(FROM_THE_TOP)
    page.evaluate(RECORD)
    for _ in range(page.evaluate(STOPS) + 1):
        page.keyboard.press("Tab")
    stops: list[dict[str, Any]] = []
    for here in page.evaluate("window.seen"):
        if here is None or (stops and here["order"] <= stops[0]["order"]):
            break
        stops.append(here)
    return stops


def keeps_edges_in_forced_colours(page: Page) -> list[str]:
    """Check that in forced colours every button has a border, and the focus an outline."""
    page.emulate_media(forced_colors="active")
    found: list[str] = page.evaluate(BARE)
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    found += page.evaluate(OUTLINE)
    page.emulate_media(forced_colors="none")
    return found


def honours_reduced_motion(page: Page) -> list[str]:
    """Check that with `prefers-reduced-motion` nothing is animated."""
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    return found


def prints_well(page: Page) -> list[str]:
    """Check that in print there are no controls, the text is black in the dark scheme too, and the phone number is there."""
    assert page.evaluate(ON_PAPER) != []
    page.emulate_media(media="print", color_scheme="dark")
    found = [f"on paper: {name}" for name in page.evaluate(ON_PAPER)]
    if page.evaluate(INK) != "rgb(0, 0, 0)":
        found.append("not black on paper")
    for width in WIDTHS[::-1]:  # paper can be as wide as a screen
        page.set_viewport_size({"width": width, "height": 900})
        if "0800 783 1583" not in page.locator("body").inner_text().replace("\N{NO-BREAK SPACE}", " "):
            found.append(f"{width}: no phone number on paper")
    page.emulate_media(media="screen", color_scheme="light")
    return found


def has_its_exit(page: Page) -> list[str]:
    """Check that the exit link is in a named region: top right when wide, when narrow a bar at the foot that covers nothing."""
    link = page.get_by_role("region", name="Exit this page").get_by_role("link")
    if link.count() != 1 or [link.get_attribute(name) for name in ("href", "rel")] != [EXIT, "nofollow noreferrer"]:
        return ["not one exit link"]
    found = []
    for width, height, (x, y) in ((1280, 900, (1000, 0)), (390, 844, (0, 770))):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, document.body.scrollHeight)" if y else "scrollTo(0, 0)")
        box = link.bounding_box() or {"x": -1, "y": -1, "width": 0, "height": 0}
        if box["x"] < x or not y <= box["y"] <= y + 100:
            found.append(f"{width}: the exit is at {box}")
    if box["width"] < 330 or page.evaluate(LAST_OF_FOOT) > box["y"]:
        found.append("the exit does not fill the foot, or covers its end")
    return found


Requirement: TypeAlias = "Callable[[Page], list[str]]"
OF_WORDS: Final[tuple[Requirement, ...]] = (passes_axe, fits_every_width)
"""Requirements that hang on what is written on a page."""
OF_TEMPLATE: Final[tuple[Requirement, ...]] = (
    keeps_edges_in_forced_colours,
    honours_reduced_motion,
    prints_well,
    has_its_exit,
    passes_axe_in_every_look,
    works_by_keyboard,
)
EVERY: Final = OF_WORDS + OF_TEMPLATE


def violations(page: Page, requirements: tuple[Requirement, ...]) -> dict[str, list[str]]:
    """Return the violations by the name of the requirement."""
    found = {requirement.__name__: requirement(page) for requirement in requirements}
    return {name: violated for name, violated in found.items() if violated}
