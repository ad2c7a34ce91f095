"""The accessibility statement claims only what is tested: each claim names the requirement or the test behind it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.browser.page_requirements import EVERY
from tests.browser.pages import DOCS

CLAIMS: Final = {
    "choose your own colours and contrast": ("keeps_edges_in_forced_colours", "passes_axe"),
    "zoom in up to 400%": ("fits_every_width",),
    "put more space between lines": ("fits_every_width",),
    "with a keyboard alone": ("works_by_keyboard",),
    "use it without JavaScript": (
        "test_a_page_meets_every_requirement",
        "test_search_without_a_script_shows_all_pages",
    ),
    "print any page": ("prints_well", "test_a_printed_form_is_a_paper_form"),
    "in a real browser (Chromium)": ("test_a_page_meets_every_requirement",),
    "every page, and at every state": (
        "test_a_page_meets_every_requirement",
        "test_a_state_meets_every_requirement",
        "test_every_other_state_meets_every_requirement",
    ),
    "all rules of the tool axe-core": ("passes_axe", "passes_axe_in_every_look"),
    "with the keyboard alone, at three widths": (
        "works_by_keyboard",
        "test_every_other_page_meets_the_requirements_of_its_template",
    ),
    "forced colours, reduced motion": (
        "keeps_edges_in_forced_colours",
        "honours_reduced_motion",
        "test_a_state_needs_no_script",
    ),
}
"""What the statement says, and where it is seen to hold."""


def claims(statement: str) -> list[str]:
    """Give what the statement says a reader can do, and what it says was tested."""
    can = re.findall(r"^- (.+)$", statement, re.MULTILINE)
    tested = re.findall(r"^(?:The website was tested|They) .+$", statement, re.MULTILINE)
    return can + tested


def unfounded(statement: str) -> list[str]:
    """Name each claim that no test stands behind."""
    sources = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    known = {requirement.__name__ for requirement in EVERY} | set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    founded = [words for words, behind in CLAIMS.items() if set(behind) <= known]
    return [claim for claim in claims(statement) if not any(words in claim for words in founded)]


def test_the_statement_claims_what_is_tested() -> None:
    """Each thing that the statement says a reader can do, or that was tested, has a test of that name behind it."""
    statement = (DOCS / "policies" / "accessibility.md").read_text("utf-8")
    assert len(claims(statement)) == len(CLAIMS)
    assert unfounded(statement) == []
    assert "not yet been tested by people with disabilities or with screen readers" in statement


def test_a_claim_without_a_test_is_found() -> None:
    """The control: a claim about screen readers, which nobody has tested, is named."""
    claim = "use every part of it with a screen reader;"
    assert unfounded(f"- zoom in up to 400% without end;\n- {claim}\n") == [claim]
