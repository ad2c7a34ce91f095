"""The speed budget: bytes and requests of a cold first view, counted by the browser on compressed files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Request

TEXT: Final = (18_000, 5)
FORM: Final = (26_000, 5)
BUDGET: Final = {
    "/": TEXT,
    "/about/which-cases/": TEXT,
    "/case-studies/violence-within-a-family/": TEXT,
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


@pytest.mark.browser
def test_script_and_stylesheet_are_small(narrow: Page) -> None:
    """The script weighs at most 1 kB, the stylesheet at most 5 kB."""
    weights = {url.rpartition(".")[2]: size for url, size in weigh(narrow, "/refer/myself/").items()}
    assert weights["js"] <= 1_000
    assert weights["css"] <= 5_000


@pytest.mark.browser
def test_the_scale_works(narrow: Page, site: Path) -> None:
    """The count is of compressed bytes, to the byte, and sees a request too many."""
    weights = weigh(narrow, "/contact/")
    page = next(size for url, size in weights.items() if url.endswith("/contact/"))
    assert page == (site / "contact" / "index.html.br").stat().st_size
    narrow.add_init_script("addEventListener('load', () => { new Image().src = '/assets/mark.svg?again' })")
    assert sum(weigh(narrow, "/contact/").values()) > sum(weights.values())
