"""Every page of the site, in a real browser: accessible to all rules of axe, quiet, and never wider than the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

DOCS = Path(__file__).resolve().parents[2] / "docs"


def addresses() -> list[str]:
    """Give the address of every page that has a Markdown file, and of a page that is not there."""
    pages = []
    for file in sorted(DOCS.rglob("*.md")):
        place = file.relative_to(DOCS).with_suffix("").as_posix().removesuffix("index")
        pages.append(f"/{place}/".replace("//", "/"))
    return [*pages, "/not/a/page"]


PAGES = addresses()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", PAGES)
def test_no_rule_is_broken(open_page: OpenPage, address: str, width: int, dark: bool) -> None:  # noqa: FBT001
    """No page breaks any rule of axe, wide or narrow, light or dark."""
    page = open_page(width=width, dark=dark)
    page.goto(address)
    assert axe(page) == []


@pytest.mark.browser
def test_axe_finds_a_broken_page(wide: Page) -> None:
    """The check of the rules sees a picture without words and grey text on grey."""
    wide.goto("/contact/")
    wide.evaluate("""() => {
      document.querySelector('h1').insertAdjacentHTML('afterend', '<img src="/assets/mark.svg">');
      document.querySelector('h1').style.color = '#999';
    }""")
    found = " ".join(axe(wide))
    assert "image-alt" in found
    assert "color-contrast" in found


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, address: str, width: int) -> None:
    """No page scrolls sideways, down to 320 pixels (400 % of zoom)."""
    page = open_page(width=width)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
