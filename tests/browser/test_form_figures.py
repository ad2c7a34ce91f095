"""How much a form asks of a person before and while they fill it in: words before it begins, and heights on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from referral_function.asking.questions import OWN, Route

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
BEFORE: Final = r"""() => {
  const main = document.querySelector('main'), first = document.querySelector('.question');
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let text = '';
  while (walk.nextNode() && first.compareDocumentPosition(walk.currentNode) & Node.DOCUMENT_POSITION_PRECEDING)
    if (walk.currentNode.parentElement.checkVisibility()) text += ` ${walk.currentNode.textContent}`;
  return text.split(/\s+/).filter(word => /\w/.test(word));
}"""
TOP: Final = "() => document.querySelector('.question').getBoundingClientRect().top + scrollY"
ABOUT_OTHERS: Final = ("business", "shop", "died", "death", "relative", "bereaved", "your child")
"""Words that are meant for another form than that of a person who was harmed."""


@pytest.mark.parametrize("route", [*sorted(OWN), Route.CONTACT_ME])
def test_a_form_begins_soon_and_ends(wide: Page, route: Route) -> None:
    """At 360 pixels few words stand before the first question, which is near, and the whole page has an end."""
    wide.set_viewport_size({"width": 360, "height": 640})
    wide.goto(f"/refer/{route.slug}/")
    words = wide.evaluate(BEFORE)
    most, longest = (60, 3_000) if route is Route.CONTACT_ME else (120, 12_000)
    assert "999" in words
    assert len(words) <= most, " ".join(words)
    assert wide.evaluate(TOP) <= 1_300
    assert wide.evaluate("document.documentElement.scrollHeight") <= longest


def test_a_person_harmed_reads_nothing_meant_for_others(wide: Page) -> None:
    """On the form for oneself no word is about a business or a death; on theirs there is."""
    for slug, found in (("myself", False), ("my-business", True), ("someone-who-died", True)):
        wide.goto(f"/refer/{slug}/")
        said = wide.locator("main").inner_text().casefold()
        assert any(word in said for word in ABOUT_OTHERS) is found, slug
