"""Exit this page: at once, from everywhere, with and without the script, and never by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import EXIT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

PROFESSIONAL = ("/refer/person-harmed/", "/refer/person-responsible/")


def shift(page: Page, times: int = 3) -> None:
    """Press Shift alone, some times."""
    for _time in range(times):
        page.keyboard.press("Shift")


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_button_leaves(open_page: OpenPage, javascript: bool) -> None:  # noqa: FBT001
    """The button leads to the weather, with and without the script, and tells it nothing of where the reader was."""
    page = open_page(javascript=javascript)
    page.goto("/refer/myself/")
    with page.expect_request(EXIT) as request:
        page.get_by_role("region", name="Exit this page").get_by_role("link").click()
    page.wait_for_url(EXIT)
    assert "referer" not in request.value.all_headers()


@pytest.mark.browser
def test_leaving_forgets_the_page(wide: Page) -> None:
    """With the script, Back from the weather does not lead to the page that was left."""
    wide.goto("/contact/")
    wide.goto("/refer/myself/")
    wide.locator(".exit-button").click()
    wide.wait_for_url(EXIT)
    wide.go_back()
    wide.wait_for_url("**/contact/")
    expect(wide.locator("h1")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/", "/questions/", "/refer/myself/", "/not/a/page"])
def test_three_shifts_leave(wide: Page, address: str) -> None:
    """Shift pressed three times leaves, and says how far it has come."""
    wide.goto(address)
    shift(wide, 1)
    status = wide.locator(".exit [role=status]")
    expect(status).to_have_text("Press Shift 2 more times to exit.")
    shift(wide, 1)
    expect(status).to_have_text("Press Shift 1 more time to exit.")
    shift(wide, 1)
    wide.wait_for_url(EXIT)


@pytest.mark.browser
def test_the_page_is_emptied_at_once(wide: Page) -> None:
    """What stands on the page is gone with the third press, before the weather has come."""
    wide.goto("/refer/myself/")
    left = wide.evaluate("""() => {
      for (const _press of [1, 2, 3]) document.dispatchEvent(new KeyboardEvent('keyup', {key: 'Shift'}));
      return document.title + document.body.textContent.trim();
    }""")
    assert left == "Loading"
    wide.wait_for_url(EXIT)


@pytest.mark.browser
def test_other_keys_start_the_count_again(wide: Page) -> None:
    """Typing with Shift, or any other key between, is not a wish to leave."""
    wide.goto("/questions/")
    for _time in range(4):
        wide.keyboard.press("Shift+A")
    assert wide.locator(".exit [role=status]").text_content() == ""
    shift(wide, 2)
    wide.keyboard.press("ArrowDown")
    shift(wide, 2)
    assert wide.url.endswith("/questions/")


@pytest.mark.browser
def test_the_count_ends_after_five_seconds(wide: Page) -> None:
    """Two presses, a pause of more than five seconds, and two more do not leave."""
    wide.clock.install()
    wide.goto("/questions/")
    shift(wide, 2)
    wide.clock.fast_forward(5100)
    expect(wide.locator(".exit [role=status]")).to_have_text("Exit this page expired.")
    shift(wide, 2)
    assert wide.url.endswith("/questions/")


@pytest.mark.browser
@pytest.mark.parametrize("address", PROFESSIONAL)
def test_the_long_forms_are_left_by_the_button_alone(wide: Page, address: str) -> None:
    """Three Shifts, as Sticky Keys needs them, do not wipe a professional's long form."""
    wide.goto(address)
    shift(wide, 6)
    assert wide.url.endswith(address)
    wide.locator(".exit-button").click()
    wide.wait_for_url(EXIT)


@pytest.mark.browser
@pytest.mark.parametrize("box", ["input.text-input", "textarea.textarea"])
def test_shift_in_a_text_box_is_for_typing(wide: Page, box: str) -> None:
    """While someone types on the form for themselves, Shift counts for nothing; on a radio button it counts."""
    wide.goto("/refer/myself/")
    wide.locator(box).first.focus()
    shift(wide, 4)
    assert wide.url.endswith("/refer/myself/")
    wide.locator("input[type=radio]").first.focus()
    shift(wide)
    wide.wait_for_url(EXIT)


@pytest.mark.browser
def test_coming_back_through_history_finds_an_empty_form(wide: Page) -> None:
    """A form that is entered through history, and not kept alive by the browser, is empty."""
    wide.goto("/refer/myself/")
    wide.evaluate("addEventListener('unload', () => {})")  # keeps the page out of the back/forward cache
    wide.locator("input.text-input").first.fill("Robin Invented")
    wide.locator(".choice input").first.check()
    wide.goto("/contact/")
    wide.go_back()
    expect(wide.locator("input.text-input").first).to_have_value("")
    expect(wide.locator(".choice input").first).not_to_be_checked()
