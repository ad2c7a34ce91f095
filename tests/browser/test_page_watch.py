"""The watch over every page: known-bad pages that it must see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.page_watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BAD = {
    "a request elsewhere": "fetch('http://other.example/').catch(() => {})",
    "an inline style in markup": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
    "an inline script": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "a word in the console": "console.error('Oh')",
    "a failing script": "setTimeout(() => { throw new Error('Oh') })",
    "something stored": "localStorage.setItem('seen', 'yes')",
    "a cookie": "document.cookie = 'seen=yes'",
}


@pytest.mark.browser
@pytest.mark.parametrize("script", BAD.values(), ids=BAD.keys())
def test_the_watch_sees(browser: Browser, origin: str, script: str) -> None:
    """Whatever a reader must never meet fails the test that met it."""
    context = browser.new_context(base_url=origin)
    watch = Watch(origin)
    watch.over(context)
    page = context.new_page()
    page.goto("/contact/")
    page.evaluate(script)
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError):
        watch.close(context)


@pytest.mark.browser
def test_the_watch_is_content_with_a_good_page(browser: Browser, origin: str) -> None:
    """A page of the site gives the watch nothing to say."""
    context = browser.new_context(base_url=origin)
    watch = Watch(origin)
    watch.over(context)
    context.new_page().goto("/contact/")
    watch.close(context)
    assert len(watch.requests) > 3
