"""Markdown that is generated from the definition of the form: criteria, kinds of referrers, and questions.

Pages hold it between two comments. `update_generated_sections` rewrites it; the content check reports a stale section.
"""

import re
from pathlib import Path
from typing import Final

from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import SECTIONS
from referral_function.deciding.criteria import CRITERIA_BY_HEADING
from website.content.schema import offered

_SECTION: Final = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- /from the code -->)", re.DOTALL)
_FORMS: Final = {
    Route.MYSELF: "of people who refer themselves",
    Route.PERSON_HARMED: "about a person harmed",
    Route.PERSON_RESPONSIBLE: "about a person who caused harm",
}


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
    return "\n".join([*(f"- {label}" for label in offered(Route.PERSON_HARMED, "organisation_type")), ""])


def every_question() -> str:
    """Return each question once, with its purpose and the forms that ask it; variants that differ in choices are merged."""
    parts: list[str] = []
    for section in SECTIONS:
        asked: dict[tuple[str, str, str], set[Route]] = {}
        for question in section.questions:
            asked.setdefault((question.label, question.purpose, _need(question)), set()).update(question.routes)
        parts += [f"## {section.title}\n", *(_list_item(*text, routes) for text, routes in asked.items())]
    return "\n".join(parts)


def _need(question: Question) -> str:
    if question.is_optional:
        return "Optional"
    return "Needed in some cases" if question.required_if else "Needed"


def _list_item(label: str, purpose: str, need: str, routes: set[Route]) -> str:
    forms = (
        "on every form" if routes == set(Route) else " and ".join(_FORMS[route] for route in Route if route in routes)
    )
    return f"- **{label}**\n\n    {purpose}\n    {need}; asked {forms}.\n"


_GENERATORS: Final = {"criteria": criteria, "referrers": referrers, "questions": every_question}
