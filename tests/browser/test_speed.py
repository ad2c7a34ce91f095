"""The speed budget: bytes and requests of a cold first view, counted by the browser on compressed files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import A_STORY, PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Request

TEXT: Final = (18_000, 5)
FORM: Final = (26_000, 5)
SCRIPTS, STYLES = 1_000, 5_000  # bytes
BUDGET: Final = {
    "/": TEXT,
    "/about/which-cases/": TEXT,
    A_STORY: TEXT,
    "/refer/myself/": FORM,
    "/refer/person-harmed/": FORM,
    "/refer/person-responsible/": FORM,
}


def weigh(page: Page, address: str) -> dict[str, int]:
    """Open a page for the first time and give the bytes of each answer as they travelled."""
    seen: list[Request] = []
    page.on("requestfinished", lambda request: seen.append(request))  # noqa: PLW0108 # Playwright asks for a function
    page.goto(address, wait_until="networkidle")
    return {request.url: request.sizes()["responseBodySize"] for request in seen}


@pytest.mark.browser
@pytest.mark.parametrize("address", BUDGET)
def test_a_first_view_keeps_to_its_budget(narrow: Page, address: str) -> None:
    """Home, a text page, a case study and each form weigh no more than the table of budgets says."""
    most, requests = BUDGET[address]
    weights = weigh(narrow, address)
    assert len(weights) <= requests
    assert sum(weights.values()) <= most


def too_heavy(weights: dict[str, int]) -> list[str]:
    """Name what weighs more than the table of budgets says: scripts, together, and the stylesheet."""
    scripts = sum(size for url, size in weights.items() if url.endswith(".js"))
    styles = sum(size for url, size in weights.items() if url.endswith(".css"))
    return [f"scripts {scripts}"] * (scripts > SCRIPTS) + [f"stylesheets {styles}"] * (styles > STYLES)


@pytest.mark.browser
@pytest.mark.parametrize("address", [page for page in PAGES if page != "/search/"])
def test_script_and_stylesheet_are_small(narrow: Page, address: str) -> None:
    """On every page but search the scripts weigh at most 1 kB and the stylesheet at most 5 kB."""
    assert too_heavy(weigh(narrow, address)) == []


@pytest.mark.browser
def test_too_heavy_a_page_is_seen(narrow: Page) -> None:
    """The control: the search page, which may have a script more, is over the limit, and so is one byte of style more."""
    assert [said.partition(" ")[0] for said in too_heavy(weigh(narrow, "/search/"))] == ["scripts"]
    assert too_heavy({"/a.js": SCRIPTS, "/a.css": STYLES + 1}) == ["stylesheets 5001"]
    assert too_heavy({"/a.js": SCRIPTS, "/a.css": STYLES}) == []


@pytest.mark.browser
def test_the_scale_works(narrow: Page, site: Path) -> None:
    """The count is of compressed bytes, to the byte, and sees a request too many."""
    weights = weigh(narrow, "/contact/")
    page = next(size for url, size in weights.items() if url.endswith("/contact/"))
    assert page == (site / "contact" / "index.html.br").stat().st_size
    narrow.add_init_script("addEventListener('load', () => { new Image().src = '/assets/mark.svg?again' })")
    assert sum(weigh(narrow, "/contact/").values()) > sum(weights.values())
