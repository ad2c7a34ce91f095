"""What the pages repeat from the code: who may refer, the criteria, and every question, as Markdown.

The pages carry it between two comments, so that it is read where it stands; `refresh` writes it anew, and a test sees
that nobody forgot to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from referral_function.asking.answer_types import OneOf
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import SECTIONS, questions
from referral_function.deciding.criteria import CRITERIA_BY_HEADING

if TYPE_CHECKING:
    from pathlib import Path

_PLACE: Final = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- /from the code -->)", re.DOTALL)
_ASKED: Final = {
    Route.MYSELF: "of people who refer themselves",
    Route.PERSON_HARMED: "about a person harmed",
    Route.PERSON_RESPONSIBLE: "about a person who caused harm",
}


def refresh(docs: Path) -> list[Path]:
    """Write what the code says into each page that repeats it, and give the pages that were out of date."""
    stale = []
    for page in sorted(docs.rglob("*.md")):
        old = page.read_text(encoding="utf-8")
        new = _PLACE.sub(lambda place: f"{place[1]}\n{made(place[2])}\n{place[3]}", old)
        if new != old:
            page.write_text(new, encoding="utf-8")
            stale.append(page)
    return stale


def made(what: str) -> str:
    """Give what the code says about one of `criteria`, `referrers` and `questions`."""
    return _MADE[what]()


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
    """Give each question with why it is asked, and the forms that ask it; one that only its choices change stands once."""
    parts: list[str] = []
    for section in SECTIONS:
        asked: dict[tuple[str, str, str], set[Route]] = {}
        for question in section.questions:
            asked.setdefault((question.label, question.purpose, _need(question)), set()).update(question.routes)
        parts += [f"## {section.title}\n", *(_line(*words, routes) for words, routes in asked.items())]
    return "\n".join(parts)


def _need(question: Question) -> str:
    if question.is_optional:
        return "Optional"
    return "Needed in some cases" if question.required_if else "Needed"


def _line(label: str, purpose: str, need: str, routes: set[Route]) -> str:
    forms = (
        "on every form" if routes == set(Route) else " and ".join(_ASKED[route] for route in Route if route in routes)
    )
    return f"- **{label}**\n\n    {purpose}\n    {need}; asked {forms}.\n"


_MADE: Final = {"criteria": criteria, "referrers": referrers, "questions": every_question}
