"""Markdown that is generated from the definition of the form: criteria, kinds of referrers, and questions.

Pages hold it between two comments. `update_generated_sections` rewrites it; the content check reports a stale section.
"""

import re
from pathlib import Path
from typing import Final

from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import questions
from referral_function.deciding.decision import CRITERIA_BY_HEADING
from referral_function.papers.wording import TITLES
from website.content.schema import offered

_SECTION: Final = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- /from the code -->)", re.DOTALL)


def update_generated_sections(docs: Path) -> list[Path]:
    """Rewrite the generated sections of all pages below `docs` and return the pages that changed."""
    changed = []
    for page in sorted(docs.rglob("*.md")):
        old = page.read_text(encoding="utf-8")
        new = _SECTION.sub(lambda found: f"{found[1]}\n{generated_section(found[2])}\n{found[3]}", old)
        if new != old:
            page.write_text(new, encoding="utf-8")
            changed.append(page)
    return changed


def generated_section(name: str) -> str:
    """Return the Markdown of the section `criteria`, `referrers` or `questions`."""
    return _GENERATORS[name]()


def criteria() -> str:
    """Return the criteria under their two published headings."""
    parts = []
    for heading, rules in CRITERIA_BY_HEADING:
        parts += [f"## {heading}\n", *(f"- {rule.statement}" for rule in rules), ""]
    return "\n".join(parts)


def referrers() -> str:
    """Return the kinds of organisation that the form for professionals offers."""
    return "\n".join([*(f"- {label}" for label in offered("organisation_type")), ""])


def every_question() -> str:
    """Return a table of the questions of each form, with what each is for and when it is needed."""
    parts: list[str] = []
    for route in Route:
        parts += [f"## {TITLES[route]}\n", "| We ask | Why |", "|---|---|"]
        parts += [f"| {each.label}{_need(each)} | {each.purpose} |" for each in questions(route)]
        parts.append("")
    return "\n".join(parts)


def _need(question: Question) -> str:
    if question.is_optional:
        return " (optional)"
    return " (in some cases)" if question.needed_if else ""


_GENERATORS: Final = {"criteria": criteria, "referrers": referrers, "questions": every_question}
