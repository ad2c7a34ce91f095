"""What a browser has written to its own disk when the journey is over: storage, cache, history, sessions, autofill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.browser.browser_sessions import CANARY, a_canary
from tests.browser.conftest import QUIET
from tests.browser.referrer import Referrer
from tests.browser.service_inspection import WAIT_TIMEOUT
from tests.browser.test_nothing_personal import full_of_canaries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.running import Service

pytestmark = pytest.mark.browser


class Profile:
    """The folder of a browser that keeps what browsers keep at home."""

    def __init__(self, folder: Path, opened: Callable[[Path], BrowserContext]) -> None:
        self.folder, self.opened = folder, opened

    def visit(self, does: Callable[[Referrer], object]) -> None:
        """Open the browser, do something, and close it."""
        context = self.opened(self.folder)
        context.set_default_timeout(1000 * WAIT_TIMEOUT)
        does(Referrer(context.new_page()))
        context.close()

    def holding(self, word: str) -> set[str]:
        """Name the places that hold a word."""
        spell_out = (word.encode(), word.encode("utf-16-le"))
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        held = [path for path in files if any(each in path.read_bytes() for each in spell_out)]
        return {"/".join(path.relative_to(self.folder).parts[1:-1]) or path.name for path in held}


@pytest.fixture
def profile(browser: Browser, chromium_path: str, service: Service, tmp_path: Path) -> Profile:
    """Give a browser with a folder of its own."""
    start = browser.browser_type.launch_persistent_context
    return Profile(
        tmp_path / "profile",
        lambda folder: start(
            folder, executable_path=chromium_path, args=list(QUIET), base_url=service.address, locale="en-GB"
        ),
    )


@pytest.mark.asvs("14.3.1", "14.3.3", "14.2.2")
@pytest.mark.parametrize("route", list(Route))
def test_a_browser_writes_down_no_more_than_we_say(profile: Profile, route: Route) -> None:
    """A browser's disk holds no typed word but the posts of tabs it could bring back, and a professional's own details."""
    posted = full_of_canaries(route)

    def sends(somebody: Referrer) -> None:
        somebody.opens_the_form(route).has_filled_in(posted).continues().changes().continues()
        somebody.sends().reads_the_reference()

    profile.visit(sends)
    own = {question.name for question in questions(route) if getattr(question.answer, "autocomplete", "off") != "off"}
    for name, typed in posted.items():
        if CANARY in str(typed):
            held = profile.holding(str(typed).rpartition(" ")[2])
            assert held <= ({"Sessions", "Web Data"} if name in own else {"Sessions"}), name


def test_a_word_that_a_browser_writes_down_is_found(profile: Profile) -> None:
    """The control: a word in an address and in the storage of a page stands in history, cache and local storage."""
    word = a_canary()

    def leaks(somebody: Referrer) -> None:
        somebody.opens(f"/contact/?{word}")
        somebody.page.evaluate(f"localStorage.setItem('x', '{word}')")

    profile.visit(leaks)
    found = " ".join(profile.holding(word))
    assert [place for place in ("History", "Cache", "Local Storage") if place not in found] == []
