"""Every page and state of the journey, held to every rule of axe, wide and narrow, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.axe import EVERY_RULE
from tests.browser.running import running
from tests.browser.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.people import ComesIn
    from tests.browser.running import Service

pytestmark = pytest.mark.browser
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def found_in_every_look(page: Page) -> list[str]:
    """Give what axe finds, and what is wider than the screen, in each of the four looks."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found += [f"{width} {scheme}: {line}" for line in page.evaluate(EVERY_RULE)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: wider than the screen")
    return found


@pytest.mark.parametrize("state", STATES)
def test_no_state_breaks_a_rule(service: Service, comes_in: ComesIn, state: str) -> None:
    """No state of the journey breaks a rule of axe, in any look, and each has the status and title it should have."""
    arrives, (status, title) = STATES[state]
    somebody = arrives(comes_in(service))
    assert (somebody.status, somebody.page.title()[: len(title)]) == (status, title)
    assert found_in_every_look(somebody.page) == []


@pytest.fixture
def without_storage(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service whose outbox cannot be opened."""
    folder = tmp_path_factory.mktemp("without")
    with running(site, folder, before=lambda service: service.database.mkdir(parents=True)) as service:
        yield service


def test_the_page_that_says_not_sent_breaks_no_rule(without_storage: Service, comes_in: ComesIn) -> None:
    """The page that says that nothing was sent breaks no rule of axe, in any look."""
    somebody = STATES["review, myself"][0](comes_in(without_storage)).sends()
    assert somebody.status == 503
    assert found_in_every_look(somebody.page) == []


def test_the_rules_see_a_broken_state(service: Service, comes_in: ComesIn) -> None:
    """The check of a state sees a control without a name, grey on grey in the dark alone, and a page that is too wide."""
    somebody = STATES["blank, myself"][0](comes_in(service))
    somebody.page.evaluate("""() => {
      document.querySelector('textarea').id = 'elsewhere';
      document.querySelector('h1').style.color = 'rgb(90 90 90)';
      document.querySelector('form').style.width = '2000px';
    }""")
    found = "\n".join(found_in_every_look(somebody.page))
    assert "1280 light: label" in found
    assert "1280 dark: color-contrast" in found
    assert "390: wider" in found
