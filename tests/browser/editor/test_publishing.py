"""From sign-in to the website, as the guide for editors says it: a draft, the check, publication, and the ways back."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.editor.code_host.api import API, TOKEN, CodeHost
from tests.project_copies import PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.needs("npm")]
SERVICE: Final = "_singletons/entries/service"
STORY: Final = "stories/entries/lucys-story"
STATUS: Final = re.compile("^Status")
LIST: Final = re.compile(r"#/collections/\w+$")
"""Where the editor goes when it has saved or published something."""
EXPECTED: Final = (API, "Falling back to a request per deployment source.", "Failed to fetch the deployment info.")
"""The token of the guide may not read whether something was put online."""


@pytest.fixture
def host(project: Path, tmp_path: Path) -> CodeHost:
    """Put the project at a code host."""
    return CodeHost(project, tmp_path)


def signs_in(page: Page, token: str) -> None:
    """Sign in as the guide says."""
    page.goto("/admin/")
    page.get_by_role("button", name="Sign In Using Access Token").click()
    page.get_by_role("textbox", name="Personal Access Token").fill(token)
    page.get_by_role("button", name="Sign In", exact=True).click()


@pytest.fixture
def page(context: BrowserContext, host: CodeHost, asked: list[str]) -> Iterator[Page]:
    """Sign in; at the end the editor has asked nothing of anybody but the code host."""
    host.serve(context)
    opened = context.new_page()
    signs_in(opened, TOKEN)
    opened.get_by_text("Case studies").first.wait_for()
    yield opened
    host.rests(opened)
    assert [words for words in asked if not words.startswith(EXPECTED)] == []


def opens(page: Page, place: str) -> None:
    """Open an entry, or a new one."""
    page.goto(f"/admin/#/collections/{place}")
    page.get_by_role("button", name="Save", exact=True).wait_for()


def saves(page: Page) -> None:
    """Save, and send it to nobody."""
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Later").click()
    page.wait_for_url(LIST)


def changes_the_number(page: Page) -> None:
    """Write another telephone number, and save it."""
    opens(page, SERVICE)
    page.get_by_role("textbox", name="Telephone number").fill("0800 123 4567")
    saves(page)


def makes_ready(page: Page, place: str) -> None:
    """Open a draft, and choose Ready."""
    opens(page, place)
    publish = page.get_by_role("button", name="Publish Entry")
    for _ in range(5):
        page.get_by_role("button", name=STATUS).click()
        page.wait_for_timeout(500)  # a menu that is still opening loses what is chosen; nobody is that quick
        page.get_by_role("menuitemradio", name="Ready").click()
        page.wait_for_timeout(1000)
        if publish.is_visible():
            break


def presses_publish(page: Page) -> None:
    """Press Publish, and again when asked."""
    page.get_by_role("button", name="Publish Entry").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def publishes(page: Page, place: str) -> None:
    """Make a draft ready, and publish it."""
    makes_ready(page, place)
    publishes_what_is_ready(page)


def publishes_what_is_ready(page: Page) -> None:
    """Publish the draft that is open, and wait until the editor has read everything anew."""
    with page.expect_event("load"):
        presses_publish(page)
    page.wait_for_url(LIST)
    page.get_by_text("Case studies").first.wait_for()


def test_a_change_is_a_draft_until_it_is_published(page: Page, host: CodeHost) -> None:
    """Save makes a branch and a draft proposal; main follows when it is published, and only in the edited line."""
    before = host.repository.text("main", "service.yml") or ""
    changes_the_number(page)
    (draft,) = host.pull_requests
    assert (draft.draft, draft.state) == (True, "open")
    assert host.repository.text("main", "service.yml") == before
    opens(page, SERVICE)
    expect(page.get_by_role("textbox", name="Telephone number")).to_have_value("0800 123 4567")
    publishes(page, SERVICE)
    assert before.count(f" {PHONE}\n") == 1
    assert host.repository.text("main", "service.yml") == before.replace(f" {PHONE}\n", " 0800 123 4567\n")
    assert (draft.state, host.repository.branches()) == ("merged", {"main"})


def test_what_the_check_refuses_is_not_published(page: Page, host: CodeHost, asked: list[str]) -> None:
    """The editor says that it could not publish; the draft stays, is changed, and published when the check has passed."""
    changes_the_number(page)
    host.failing = "the words"
    makes_ready(page, SERVICE)
    presses_publish(page)
    expect(page.get_by_text("Couldn’t publish the entry.")).to_be_visible()
    assert [each.state for each in host.pull_requests] == ["open"]
    assert any("405" in words for words in asked)
    asked.clear()
    page.get_by_role("textbox", name="Telephone number").fill("0800 765 4321")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(LIST)
    host.failing = ""
    opens(page, SERVICE)
    publishes_what_is_ready(page)
    assert "phone: 0800 765 4321\n" in (host.repository.text("main", "service.yml") or "")


def test_a_draft_is_thrown_away(page: Page, host: CodeHost) -> None:
    """Discard closes the proposal and takes its branch away; the editor shows what is published."""
    changes_the_number(page)
    opens(page, SERVICE)
    page.get_by_role("button", name="Show Editor Options").click()
    page.get_by_role("menuitem", name="Discard").click()
    page.get_by_role("button", name="Discard", exact=True).click()
    expect(page.get_by_text("Changes discarded.")).to_be_visible()
    assert ([each.state for each in host.pull_requests], host.repository.branches()) == (["closed"], {"main"})
    opens(page, SERVICE)
    expect(page.get_by_role("textbox", name="Telephone number")).to_have_value(PHONE)


def test_a_story_goes_when_its_deletion_is_published(page: Page, host: CodeHost) -> None:
    """Delete marks a story, which stays on the website; Delete on what is marked takes it away."""
    opens(page, STORY)
    page.get_by_role("button", name="Show Editor Options").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Pending Deletion")).to_be_visible()
    assert host.repository.text("main", "docs/case-studies/lucys-story.md")
    page.get_by_text("Lucy’s story").first.click()
    page.get_by_role("button", name="Delete Entry").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(LIST)
    assert host.repository.text("main", "docs/case-studies/lucys-story.md") is None


def test_a_new_page_is_published(page: Page, host: CodeHost) -> None:
    """A piece of news gets its file, and is listed as a draft until then."""
    opens(page, "news/new")
    page.get_by_role("textbox", name="Title", exact=True).fill("Open day")
    page.get_by_role("textbox", name="In one sentence", exact=True).fill("Meet our facilitators in the town hall.")
    page.locator("[contenteditable=true]").last.focus()
    page.keyboard.type("Come in.")
    saves(page)
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    publishes(page, "news/entries/open-day")
    assert (host.repository.text("main", "docs/news/open-day.md") or "").endswith("Come in.\n")


def publishes_meanwhile(host: CodeHost, path: str, old: str, new: str) -> None:
    """Publish a change of a file as somebody else."""
    before = host.repository.text("main", path) or ""
    assert before.count(old) == 1
    contents = b64encode(before.replace(old, new).encode()).decode()
    host.repository.change("main", "Of somebody else", [{"path": path, "contents": contents}], ())


def test_what_others_publish_meanwhile_is_kept(page: Page, host: CodeHost) -> None:
    """What was published on another page, and on the same one, since a draft was saved stays when the draft is published."""
    before = host.repository.text("main", "service.yml") or ""
    changes_the_number(page)
    publishes_meanwhile(host, "docs/contact.md", "title: Contact us\n", "title: Reach us\n")
    publishes_meanwhile(host, "service.yml", "    hours: null\n", "    hours: We answer from 9am to 5pm.\n")
    publishes(page, SERVICE)
    both = before.replace("    hours: null\n", "    hours: We answer from 9am to 5pm.\n")
    assert host.repository.text("main", "service.yml") == both.replace(f" {PHONE}\n", " 0800 123 4567\n")
    assert "title: Reach us\n" in (host.repository.text("main", "docs/contact.md") or "")


def test_the_same_words_of_two_are_not_published(page: Page, host: CodeHost, asked: list[str]) -> None:
    """Where somebody else has published the same words meanwhile, theirs stay, and the editor says that it could not."""
    changes_the_number(page)
    publishes_meanwhile(host, "service.yml", f" {PHONE}\n", " 0800 765 4321\n")
    makes_ready(page, SERVICE)
    presses_publish(page)
    expect(page.get_by_text("Couldn’t publish the entry.")).to_be_visible()
    assert "phone: 0800 765 4321\n" in (host.repository.text("main", "service.yml") or "")
    assert any("405" in words for words in asked)
    asked.clear()


@pytest.mark.parametrize(
    ("place", "path", "old"),
    [(SERVICE, "service.yml", f" {PHONE}\n"), ("pages/entries/contact", "docs/contact.md", "title: Contact us\n")],
)
def test_a_page_that_others_published_since_it_was_opened_is_not_saved_over(
    page: Page, host: CodeHost, place: str, path: str, old: str
) -> None:
    """Save asks first, and Cancel keeps theirs: the whole page would be written as it was when it was opened."""
    opens(page, place)
    page.get_by_role("textbox").nth(1).wait_for()
    page.locator("input[role=textbox]").nth(0).fill("Words of mine")
    publishes_meanwhile(host, path, old, old.replace("\n", " of others\n"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("after you opened it. If you save now, their changes will be lost.")).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    assert host.repository.branches() == {"main"}


def test_the_same_words_are_published_twice(page: Page, host: CodeHost) -> None:
    """After a publication the editor reads what is published, and takes its own change for nobody else's."""
    changes_the_number(page)
    publishes(page, SERVICE)
    opens(page, SERVICE)
    page.get_by_role("textbox", name="Telephone number").fill("0800 765 4321")
    saves(page)
    publishes(page, SERVICE)
    assert "phone: 0800 765 4321\n" in (host.repository.text("main", "service.yml") or "")


def test_two_drafts_are_published_apart(page: Page, host: CodeHost) -> None:
    """A draft that was saved twice is no part of another."""
    changes_the_number(page)
    opens(page, SERVICE)
    page.get_by_role("textbox", name="Telephone number").fill("0800 765 4321")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Later").click()
    page.wait_for_url(LIST)
    opens(page, "pages/entries/contact")
    page.get_by_role("textbox", name="Title", exact=True).fill("Contact us, day and night")
    saves(page)
    publishes(page, "pages/entries/contact")
    assert f" {PHONE}\n" in (host.repository.text("main", "service.yml") or "")
    assert "title: Contact us, day and night\n" in (host.repository.text("main", "docs/contact.md") or "")


def test_a_wrong_token_lets_nobody_in(context: BrowserContext, host: CodeHost) -> None:
    """The control: without a token of the project nothing is shown, and the editor says so."""
    host.serve(context)
    page = context.new_page()
    signs_in(page, "github_pat_of_somebody_else")
    expect(page.get_by_role("alert").filter(has_text=re.compile("token", re.IGNORECASE))).to_be_visible()
    assert page.get_by_text("Case studies").count() == 0
