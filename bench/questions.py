"""The questions of one route as plain data, for the peers: each asks the same, in its own way."""

import json
from pathlib import Path
from typing import Any

from referral_function.asking.answer_types import AnyOf, DateParts, LongText, OneOf, ShortText, Tick
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import sections
from referral_function.web.site_page import CLOSING, OPENING

ROUTE = Route.PERSON_HARMED
PATH = f"refer/{ROUTE.slug}/index.html"


def write(site: Path, folder: Path) -> None:
    """Write the questions, and the page of the site before and after its form."""
    asked = [
        {"title": section.title, "questions": [_plain(question) for question in section.questions]}
        for section in sections(ROUTE)
    ]
    (folder / "questions.json").write_text(json.dumps(asked, indent=1), encoding="utf-8")
    page = (site / PATH).read_text(encoding="utf-8")
    (folder / "form.html").write_text(page, encoding="utf-8")
    (folder / "before.html").write_text(page.partition(OPENING)[0], encoding="utf-8")
    (folder / "after.html").write_text(page.partition(CLOSING)[2], encoding="utf-8")


def _plain(question: Question) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": question.name,
        "label": question.label,
        "hint": question.hint,
        "missing": question.missing,
        "needed": {question.required_if.question: sorted(question.required_if.any_of)} if question.required_if else {},
    }
    match question.answer:
        case ShortText(limit=limit, text_format=text_format):
            return known | {"kind": "line", "limit": limit, "shape": text_format.value}
        case LongText(limit=limit):
            return known | {"kind": "long", "limit": limit}
        case OneOf(choices=choices):
            return known | {"kind": "one", "choices": [(choice.code, choice.label) for choice in choices]}
        case AnyOf(choices=choices):
            return known | {"kind": "several", "choices": [(choice.code, choice.label) for choice in choices]}
        case Tick(statement=statement):
            return known | {"kind": "tick", "choices": [("yes", statement)]}
        case DateParts():
            return known | {"kind": "date"}
