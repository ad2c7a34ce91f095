"""What the pages repeat from the code: who may refer, the criteria, and every question, as Markdown.

The pages carry it between two comments, so that it is read where it stands; `refresh` writes it anew, and a test sees
that nobody forgot to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from referral_function.asking.questions import OneOf, Question, Route
from referral_function.asking.referral import SECTIONS, questions
from referral_function.deciding.criteria import CRITERIA_BY_HEADING

if TYPE_CHECKING:
    from pathlib import Path

_PLACE: Final = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- /from the code -->)", re.DOTALL)
_ASKED: Final = {
    Route.MYSELF: "by people who refer themselves",
    Route.PERSON_HARMED: "about a person harmed",
    Route.PERSON_RESPONSIBLE: "about a person who caused harm",
}


def refresh(docs: Path) -> list[Path]:
    """Write what the code says into each page that repeats it, and give the pages that were out of date."""
    stale = []
    for page in sorted(docs.rglob("*.md")):
        old = page.read_text(encoding="utf-8")
        new = _PLACE.sub(lambda place: f"{place[1]}\n{_MADE[place[2]]()}\n{place[3]}", old)
        if new != old:
            page.write_text(new, encoding="utf-8")
            stale.append(page)
    return stale


def criteria() -> str:
    """Give the criteria under their two published headings."""
    parts = []
    for heading, rules in CRITERIA_BY_HEADING:
        parts += [f"## {heading}\n", *(f"- {rule.statement}" for rule in rules), ""]
    return "\n".join(parts)


def referrers() -> str:
    """Give the kinds of organisation that the form for professionals offers."""
    asked = next(question for question in questions(Route.PERSON_HARMED) if question.name == "organisation_type")
    match asked.answer:
        case OneOf(choices=choices):
            return "\n".join([f"- {choice.label}" for choice in choices] + [""])
        case _:
            raise TypeError("The kind of organisation is chosen from a list.")


def every_question() -> str:
    """Give each question with the forms that ask it, and why it is asked."""
    parts: list[str] = []
    for section in SECTIONS:
        parts += [f"## {section.title}\n", *(_line(question) for question in section.questions), ""]
    return "\n".join(parts)


def _line(question: Question) -> str:
    asked = " and ".join(_ASKED[route] for route in Route if route in question.routes)
    need = "Optional" if question.is_optional else "Needed in some cases" if question.needed else "Needed"
    return f"- **{question.label}**\n  {question.purpose}\n  {need}; asked {asked}."


_MADE: Final = {"criteria": criteria, "referrers": referrers, "questions": every_question}
