"""Finding things: search in the reader's own browser, the list of stories, and the site map without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.project_copies import ROOT
from website.content.pages import Page as Written
from website.content.pages import read_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage


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
