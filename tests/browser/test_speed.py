"""The speed budget: bytes and requests of a cold first view, counted by the browser on compressed files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.page_load import SCRIPTS, STYLES, load, too_heavy
from tests.browser.pages import A_STORY

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT: Final = (18_000, 5)
FORM: Final = (26_000, 5)
BUDGET: Final = {
    "/": (18_500, 5),
    "/about/which-cases/": TEXT,
    A_STORY: TEXT,
    "/refer/myself/": FORM,
    "/refer/person-harmed/": FORM,
    "/refer/person-responsible/": FORM,
}


@pytest.mark.browser
@pytest.mark.parametrize("address", BUDGET)
def test_a_first_view_keeps_to_its_budget(narrow: Page, address: str) -> None:
    """Home, a text page, a case study and each form weigh no more than the table of budgets says."""
    most, requests = BUDGET[address]
    sizes = load(narrow, address).sizes
    assert len(sizes) <= requests
    assert sum(sizes.values()) <= most


@pytest.mark.browser
def test_too_heavy_a_page_is_seen(narrow: Page) -> None:
    """The control: the search page, which may have a script more, is over the limit, and so is one byte of style more."""
    assert [said.partition(" ")[0] for said in too_heavy(load(narrow, "/search/").sizes)] == ["scripts"]
    assert too_heavy({"/a.js": SCRIPTS, "/a.css": STYLES + 1}) == ["stylesheets 5001"]
    assert too_heavy({"/a.js": SCRIPTS, "/a.css": STYLES}) == []
