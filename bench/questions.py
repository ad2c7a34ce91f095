"""The questions of one route as plain data for the peers, and answers to all of them."""

import json
from pathlib import Path
from typing import Final, TypeAlias

from referral_function.asking.answer_types import AnyOf, OneOf, ShortText, TextFormat
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import questions
from referral_function.web.site_page import CLOSING, OPENING

Answers: TypeAlias = dict[str, str | list[str]]
ROUTE: Final = Route.PERSON_HARMED
_ACCEPTED: Final[Answers] = {"offence_group": "none", "court_stage": "sentenced", "victim_age_group": "adult"}
_ERRORS: Final[Answers] = {"referrer_name": "", "victim_name": "", "contact_methods": [], "referrer_email": "none"}


def write_form(folder: Path) -> None:
    """Write the questions, and the built page before and after its form, for the peers."""
    page = (folder / "site" / "refer" / ROUTE.slug / "index.html").read_text("utf-8")
    fields = [
        {
            "name": question.name,
            "kind": _kind_and_answer(question)[0],
            "label": question.label,
            "hint": question.hint,
            "missing": question.missing if question.is_required({}) else "",
            "choices": [(choice.code, choice.label) for choice in question.choices],
            "limit": getattr(question.answer, "limit", None),
        }
        for question in questions(ROUTE)
    ]
    form = {"fields": fields, "before": page.partition(OPENING)[0], "after": page.partition(CLOSING)[2]}
    (folder / "form.json").write_text(json.dumps(form), "utf-8")


def answers(number: int, *, errors: bool) -> Answers:
    """Answer every question; each number makes another referral."""
    found = {question.name: _kind_and_answer(question)[1] for question in questions(ROUTE)}
    return found | _ACCEPTED | {"hopes": f"To be heard, {number}."} | (_ERRORS if errors else {})


def _kind_and_answer(question: Question) -> tuple[str, str]:
    match question.answer:
        case OneOf(choices=choices):
            return "one", choices[0].code
        case AnyOf(choices=choices):
            return "several", choices[0].code
        case ShortText(text_format=TextFormat.EMAIL):
            return "email", "robin.example@example.org"
        case ShortText(text_format=TextFormat.PHONE):
            return "line", "01632 960 001"
        case ShortText():
            return "line", "An invented answer"
        case _:
            return "long", f"An invented answer about {question.name}."
