"""Back, in a browser that keeps pages as browsers do at home: what is there again, and what is not.

The other tests watch every request, and a browser that is watched keeps nothing; so these have a browser of their own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.conftest import QUIET
from tests.browser.referrer import Referrer, as_posted
from tests.browser.service_inspection import WAIT_TIMEOUT, wait_until
from tests.examples import a_referral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.running import Service

pytestmark = pytest.mark.browser
TYPED = "[...document.querySelectorAll('form.referral :is(:checked, [type=text], [type=tel], [type=email], textarea)')]"


class AtHome(Referrer):
    """Somebody whose browser keeps pages; it is asked directly, because Playwright loses sight of a page that is kept."""

    def asks(self, expression: str) -> object:
        """Ask the page that is shown now."""
        channel = self.page.context.new_cdp_session(self.page)
        answer = channel.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        channel.detach()
        return answer["result"].get("value")

    def goes_back(self, to: str) -> None:
        """Press Back, until another page is there: its address, or what the browser shows for one it has not kept."""
        channel = self.page.context.new_cdp_session(self.page)  # a page without JavaScript cannot go back by itself
        history = channel.send("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]["id"]
        channel.send("Page.navigateToHistoryEntry", {"entryId": before})
        channel.detach()
        wait_until(lambda: self.asks(f"document.readyState == 'complete' && location.href.includes('{to}')"), f"{to}")

    def waits_for_the_picture(self) -> None:
        """Wait until the small picture of the sent page has come: the browser shows it when the cache is cleared."""
        wait_until(lambda: self.asks("[...document.images].at(-1).naturalWidth == 1"), "the picture came")

    @property
    def typed(self) -> set[object]:
        """What stands in the form that is shown now."""
        found = self.asks(f"{TYPED}.map(each => each.value).filter(Boolean)")
        assert isinstance(found, list)
        return set(found)


@pytest.fixture(scope="module")
def keeping_browser(browser: Browser, chromium_path: str) -> Iterator[Browser]:
    """Run a browser with its back/forward cache, which Playwright switches off."""
    started = browser.browser_type.launch(
        executable_path=chromium_path, args=list(QUIET), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield started
    started.close()


class NewVisitor(Protocol):
    """Lets somebody come in who is not watched: `new_visitor(javascript=False)`."""

    def __call__(self, *, javascript: bool = True) -> AtHome:
        """Open a browser context."""


@pytest.fixture
def new_visitor(keeping_browser: Browser, service: Service) -> Iterator[NewVisitor]:
    """Yield what opens a browser context for somebody who is not watched."""
    with contextlib.ExitStack() as stack:

        def open_one(*, javascript: bool = True) -> AtHome:
            context = keeping_browser.new_context(
                base_url=service.address, locale="en-GB", java_script_enabled=javascript
            )
            stack.callback(context.close)
            context.set_default_timeout(1000 * WAIT_TIMEOUT)
            return AtHome(context.new_page())

        yield open_one


@pytest.fixture
def somebody(new_visitor: NewVisitor) -> AtHome:
    """Let somebody come in who is not watched."""
    return new_visitor()


def test_back_from_review_shows_everything_typed(somebody: AtHome) -> None:
    """Back from the review shows the form with everything that was typed and chosen."""
    posted = a_referral(Route.PERSON_HARMED, hopes=a_canary())
    somebody.opens_the_form("person_harmed").fills_in(posted).continues()
    assert somebody.typed == set()
    somebody.goes_back("/refer/person-harmed/")
    assert somebody.typed == {value for values in as_posted(posted).values() for value in values}


@pytest.mark.asvs("14.3.1")
@pytest.mark.parametrize("javascript", [True, False])
def test_back_from_sent_shows_no_answer(new_visitor: NewVisitor, javascript: bool) -> None:  # noqa: FBT001
    """Back from the sent page shows no answer, and once more Back shows an empty form, with JavaScript and without."""
    word, somebody = a_canary(), new_visitor(javascript=javascript)
    somebody.makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word))
    somebody.waits_for_the_picture()
    somebody.goes_back("chrome-error:")
    assert word not in str(somebody.asks("document.documentElement.innerHTML"))
    somebody.goes_back("/refer/myself/")
    assert somebody.asks("document.querySelectorAll('form.referral textarea').length")
    assert somebody.typed == set()


def test_without_the_picture_back_shows_everything_typed(new_visitor: NewVisitor) -> None:
    """The control: where the picture is not fetched, Back twice shows all that was typed."""
    somebody = new_visitor(javascript=False)
    channel = somebody.page.context.new_cdp_session(somebody.page)
    channel.send("Network.enable")
    channel.send("Network.setBlockedURLs", {"urls": ["*.gif"]})
    word = a_canary()
    somebody.makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word))
    somebody.goes_back("chrome-error:")
    somebody.goes_back("/refer/myself/")
    assert word in somebody.typed


def test_back_and_send_again_is_the_same_referral(somebody: AtHome, service: Service) -> None:
    """Who goes Back from the sent page, loads the review again and sends again, gets the same reference, and no email."""
    word = a_canary()
    reference = somebody.makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word))
    service.letter(reference)
    somebody.goes_back("chrome-error:")
    somebody.loads_again()
    assert "Check your answers" in somebody.sees
    assert somebody.sends().reads_the_reference() == reference
    assert "We already have this referral" not in somebody.sees  # the browser made another review
    assert service.copies(word) == 1
