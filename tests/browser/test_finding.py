"""Finding things: search in the reader's own browser, the list of stories, and the site map without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.project_copies import ROOT
from website.content.pages import Page as Written
from website.content.pages import read_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

SEARCHES: Final = {
    "deaf": "/help/languages-and-formats/",
    "BSL": "/help/languages-and-formats/",
    "sign language": "/help/languages-and-formats/",
    "translate": "/help/languages-and-formats/",
    "interpreter": "/help/languages-and-formats/",
    "Polish": "/help/languages-and-formats/",
    "large print": "/help/languages-and-formats/",
    "burglary": "/harmed/",
    "rape": "/help/support/",
    "scared": "/help/support/",
    "suicide": "/help/support/",
    "helpline": "/help/support/",
    "cost": "/questions/",
    "forgive": "/questions/",
    "complain": "/help/complaints-and-thanks/",
    "thank you": "/help/complaints-and-thanks/",
    "sorry": "/responsible/",
    "apologise": "/responsible/",
    "probation": "/refer/show-your-worker/",
    "police": "/professionals/",
    "leaflet": "/professionals/talking-about-it/",
    "teenager": "/harmed/young-people/",
    "school": "/harmed/young-people/",
    "history": "/help/staying-safe-online/",
    "privacy": "/policies/privacy/",
    "judge": "/about/sentence/",
    "prison": "/responsible/",
    "phone number": "/contact/",
    "Surrey": "/about/which-cases/",
    "easy read": "/about/easy-read/",
    "how long": "/about/what-happens/",
    "who are you": "/about/the-service/",
}
"""What people type, and the page that answers it."""
SEARCH: Final = """async words => {
  const engine = await import('/search/pagefind/pagefind.js');
  await engine.options({baseUrl: '/'});
  const found = {};
  for (const each of words) {
    const results = (await engine.search(each)).results.slice(0, 3);
    found[each] = (await Promise.all(results.map(one => one.data()))).map(page => page.url);
  }
  return found;
}"""


def title_of(name: str) -> str:
    """Read the title of a page: an editor may change it."""
    page = read_page(ROOT, ROOT / "docs" / name)
    assert isinstance(page, Written)
    return str(page.front_matter["title"])


@pytest.mark.browser
def test_search_finds_a_page(wide: Page) -> None:
    """A word leads to the page about it; the policy is not broken, and what was typed stands in no address."""
    wide.goto("/search/")
    before = wide.url
    asked: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    wide.get_by_label("What are you looking for?").press_sequentially("sentencer")
    expect(wide.locator(".found")).to_contain_text("found")
    expect(wide.locator(".results a").first).to_be_visible()
    assert wide.url == before
    assert not [url for url in asked if "sentencer" in url]
    wide.get_by_role("link", name=title_of("about/sentence.md")).first.click()
    expect(wide.locator("h1")).to_have_text(title_of("about/sentence.md"))


@pytest.mark.browser
def test_search_says_when_nothing_is_found(wide: Page) -> None:
    """A word that is on no page gets a kind answer, and an emptied box none."""
    wide.goto("/search/")
    box = wide.get_by_label("What are you looking for?")
    box.fill("xylophone")
    expect(wide.locator(".found")).to_contain_text("Nothing found")
    box.fill("")
    expect(wide.locator(".found")).to_have_text("")


@pytest.mark.browser
def test_what_was_found_is_announced(wide: Page) -> None:
    """How many pages were found is said in a status that a screen reader announces; without its role it would not be."""
    wide.goto("/search/")
    wide.get_by_label("What are you looking for?").fill("sentencer")
    expect(wide.get_by_role("status").filter(has_text="found")).to_have_count(1)
    wide.evaluate("document.querySelector('.found').removeAttribute('role')")
    expect(wide.get_by_role("status").filter(has_text="found")).to_have_count(0)


@pytest.mark.browser
def test_search_without_a_script_shows_all_pages(open_page: OpenPage) -> None:
    """Without JavaScript there is no box that does nothing: there is the list of all pages."""
    page = open_page(javascript=False)
    page.goto("/search/")
    expect(page.locator("#q1")).to_be_hidden()
    expect(page.locator("main noscript p")).to_be_visible()
    page.locator("main").get_by_role("link", name=title_of("questions.md")).click()
    expect(page.locator("h1")).to_have_text(title_of("questions.md"))


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_stories_can_be_narrowed(open_page: OpenPage, javascript: bool) -> None:  # noqa: FBT001
    """Each choice above the stories leaves at least one of them, but not all, and All brings them back."""
    page = open_page(javascript=javascript)
    page.goto("/case-studies/")
    stories = page.locator(".stories li:visible")
    choices = page.locator(".filter input")
    every = stories.count()
    assert every >= 2
    for place in range(1, choices.count()):
        choices.nth(place).check()
        assert 1 <= stories.count() < every
    choices.first.check()
    assert stories.count() == every


def searched(page: Page, words: list[str]) -> dict[str, list[str]]:
    """Return the addresses of the first three results of each search in the built index."""
    page.goto("/search/")
    found: dict[str, list[str]] = page.evaluate(SEARCH, words)
    return found


@pytest.mark.browser
def test_what_people_type_leads_to_the_page_that_answers(wide: Page) -> None:
    """Each of the words that people type has the page that answers it among the first three results."""
    found = searched(wide, [*SEARCHES])
    assert {words: found[words] for words, answer in SEARCHES.items() if answer not in found[words]} == {}


@pytest.mark.browser
def test_a_word_that_is_nowhere_leads_nowhere(wide: Page) -> None:
    """The control: a search for a word that no page has, and that stands above none, finds no page."""
    assert searched(wide, ["xylophone"]) == {"xylophone": []}


@pytest.mark.browser
def test_search_shows_every_page_that_it_found(wide: Page) -> None:
    """A word that stands on more than ten pages shows all of them, and the number that is said is theirs."""
    wide.goto("/search/")
    wide.get_by_label("What are you looking for?").fill("restorative")
    expect(wide.locator(".found")).to_contain_text("found")
    shown = wide.locator(".results li")
    assert shown.count() > 20
    expect(wide.locator(".found")).to_have_text(f"{shown.count()} pages found")
    assert all(shown.nth(number).locator("p").inner_text() for number in (0, shown.count() - 1))
