"""A phone: what the first screen shows, the exit bar above an open keyboard, and the ways to ask right under the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser
PHONE: Final[ViewportSize] = {"width": 360, "height": 640}
KEYBOARD: Final[ViewportSize] = {"width": 360, "height": 300}
"""What is left of the screen while the keyboard is open: the page is resized (`interactive-widget`)."""
MOST_AROUND: Final = 0.3  # of the first screen: header and exit bar
MOST_BAR: Final = 56  # pixels
LAST_ACTION: Final = 700
AROUND: Final = "['.top', '.exit'].map(each => document.querySelector(each).getBoundingClientRect().height)"
NUMBERS: Final = """[...document.querySelectorAll('[href^="tel:"]')].map(each => each.getAttribute('href'))"""
EDGE: Final = "(each, edge) => each.getBoundingClientRect()[edge]"
PAGES: Final = ("/", "/harmed/", "/responsible/", "/professionals/", "/refer/myself/", "/case-studies/")


@pytest.fixture
def phone(narrow: Page) -> Page:
    """Open a page on a small phone."""
    narrow.set_viewport_size(PHONE)
    return narrow


@pytest.mark.parametrize("address", PAGES)
def test_the_first_screen_is_the_page(phone: Page, address: str) -> None:
    """At most three tenths of the first screen are header and exit bar, and the header does not stay when scrolled."""
    phone.goto(address)
    header, bar = phone.evaluate(AROUND)
    assert bar <= MOST_BAR
    assert header + bar <= MOST_AROUND * PHONE["height"]
    phone.evaluate("scrollTo(0, 400)")
    assert phone.evaluate("document.querySelector('.top').getBoundingClientRect().bottom") < 0


def test_the_name_and_the_number_are_one_row(phone: Page) -> None:
    """The name of the service and its number stand beside each other, the links below."""
    phone.goto("/")
    name, call, links = (phone.locator(f".top {each}").bounding_box() for each in (".name", ".call", "nav"))
    assert name
    assert call
    assert links
    assert call["x"] >= name["x"] + name["width"]
    assert name["y"] <= call["y"] + call["height"] / 2 <= name["y"] + name["height"]
    assert links["y"] >= name["y"] + name["height"] - 1


@pytest.mark.parametrize("address", ["/refer/myself/", "/refer/person-responsible/"])
def test_the_exit_bar_covers_nothing_above_a_keyboard(phone: Page, address: str) -> None:
    """With the keyboard open, the exit is still there, and the box that is typed in stands above it, whole."""
    phone.goto(address)
    phone.set_viewport_size(KEYBOARD)
    for box in phone.locator("input.text-input:visible").all()[:6]:
        box.focus()
        box.press("a")
        place, bar = box.bounding_box(), phone.locator(".exit").bounding_box()
        assert place
        assert bar
        assert round(bar["y"] + bar["height"]) == KEYBOARD["height"]
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= bar["y"]
    assert "interactive-widget=resizes-content" in str(phone.locator("meta[name=viewport]").get_attribute("content"))


@pytest.mark.parametrize("address", ["/harmed/", "/responsible/", "/harmed/young-people/", "/refer/myself/"])
def test_the_ways_to_ask_stand_under_the_lead(phone: Page, address: str) -> None:
    """A call and the next step are the first things after the first sentence, above 700 pixels."""
    phone.goto(address)
    assert phone.evaluate("document.querySelector('.lead').nextElementSibling.className") == "actions"
    links = phone.locator(".lead + .actions a")
    assert links.count() == 2
    assert any(str(link.get_attribute("href")).startswith("tel:+44") for link in links.all())
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert box["y"] + box["height"] <= LAST_ACTION


def test_a_story_begins_at_a_glance(phone: Page) -> None:
    """On a phone the facts of a story stand before it; where there is room, beside it."""
    phone.goto("/case-studies/violence-within-a-family/")
    facts, story = (phone.locator(each) for each in ("aside.note", ".beside .prose"))
    assert facts.evaluate(EDGE, "top") < story.evaluate(EDGE, "top")
    phone.set_viewport_size({"width": 1280, "height": 900})
    assert facts.evaluate(EDGE, "left") > story.evaluate(EDGE, "left")


def test_stories_without_all_their_words_come_last(phone: Page) -> None:
    """No whole story stands after one that is not, and each of these says so."""
    phone.goto("/case-studies/")
    cards = phone.locator(".stories li").all()
    partial = ["Not the whole story yet" in card.inner_text() for card in cards]
    assert partial == sorted(partial)
    assert True in partial


def test_a_screen_reader_hears_emergency(phone: Page) -> None:
    """The exit is named as an emergency, which is not shown."""
    phone.goto("/contact/")
    expect(phone.get_by_role("link", name="Emergency: Exit this page")).to_be_visible()
    assert phone.locator(".exit .visually-hidden").evaluate("each => each.offsetWidth") <= 1


def test_forced_colours_draw_one_line_at_the_page_that_is_open(phone: Page) -> None:
    """In forced colours the link of the open page has one line, and the others none: their edges have the page's colour."""
    phone.goto("/contact/")
    phone.emulate_media(forced_colors="active")
    seen = phone.evaluate("""() => [...document.querySelectorAll('.top li a:not(.button)')].map(each => {
      const style = getComputedStyle(each), page = getComputedStyle(document.documentElement).backgroundColor;
      return [style.borderTopColor, style.borderBottomColor].filter(colour => colour !== page).length;
    })""")
    assert sorted(seen) == [0, 0, 0, 0, 1]


def test_calls_are_in_the_international_form(phone: Page) -> None:
    """Each link that calls begins with +44, but for short numbers such as 999."""
    for address in ("/help/support/", "/harmed/", "/contact/", "/about/which-cases/"):
        phone.goto(address)
        numbers = phone.evaluate(NUMBERS)
        assert [
            number for number in numbers if not number.startswith("tel:+44") and len(number) > len("tel:116123")
        ] == []
