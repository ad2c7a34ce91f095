"""Easy read: large letters, short sentences, a picture beside every idea."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES: Final = ("/about/easy-read/", "/refer/easy-read/")
POINT: Final = 96 / 72  # pixels
MOST_WORDS: Final = 15
SAID: Final = "[...document.querySelectorAll('.easy p')].map(each => each.innerText.trim()).filter(Boolean)"
SMALLEST: Final = """Math.min(...[...document.querySelectorAll('.easy p')]
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
BARE: Final = """[...document.querySelectorAll('.easy li')].filter(each => {
  const picture = each.querySelector('img[src$=".svg"]');
  return !picture || !picture.alt || !picture.naturalWidth;
}).length"""


def too_long(sentences: list[str]) -> list[str]:
    """Give the sentences that have too many words."""
    each = [sentence for said in sentences for sentence in re.split(r"(?<=[.?!:]) ", said)]
    return [sentence for sentence in each if len(sentence.split()) > MOST_WORDS]


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_easy_read_is_easy(wide: Page, address: str) -> None:
    """Letters have 14 points or more on screen and on paper, sentences 15 words or fewer, each idea has a picture."""
    wide.goto(address)
    assert len(wide.evaluate(SAID)) > 20
    assert too_long(wide.evaluate(SAID)) == []
    assert wide.evaluate(BARE) == 0
    for medium in ("screen", "print"):
        wide.emulate_media(media=medium)
        assert wide.evaluate(SMALLEST) >= 14 * POINT


@pytest.mark.browser
def test_what_is_not_easy_is_found(wide: Page) -> None:
    """The control: small letters, a long sentence and an idea without its picture are seen."""
    wide.goto(PAGES[0])
    wide.evaluate("""() => {
      const [first, second] = document.querySelectorAll('.easy p + p');
      first.style.fontSize = '13pt';
      second.textContent = 'One word more than may stand here is too much for you and me to read.';
      document.querySelector('.easy img').remove();
    }""")
    assert wide.evaluate(SMALLEST) < 14 * POINT
    assert len(too_long(wide.evaluate(SAID))) == 1
    assert wide.evaluate(BARE) == 1
