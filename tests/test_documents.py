"""The documents for developers and operators: what they name exists, and what exists is in them."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
DECISIONS: Final = ROOT / "handbook" / "decisions"
HEADINGS: Final = ["Context", "Decision", "Consequences"]
MAX_LINES: Final = 45


def malformed(text: str) -> bool:
    """Whether a decision record lacks its status or a heading, or is too long."""
    has_status = re.search(r"^Status: (accepted|superseded), \d{4}-\d\d-\d\d", text, re.MULTILINE)
    return not has_status or re.findall(r"^## (.+)$", text, re.MULTILINE) != HEADINGS or text.count("\n") > MAX_LINES


def test_every_decision_has_its_form_and_stands_in_the_index() -> None:
    """A decision record has status, context, decision and consequences on half a page, and the index links to it."""
    records = sorted(DECISIONS.glob("0*.md"))
    index = (DECISIONS / "README.md").read_text("utf-8")
    assert [path.name for path in records if malformed(path.read_text("utf-8"))] == []
    assert sorted(re.findall(r"\]\((0[^)]+)\)", index)) == [path.name for path in records]
    assert malformed("# 1. A\n\nStatus: accepted, 2026-11-23\n\n## Context\n\n## Decision\n")
