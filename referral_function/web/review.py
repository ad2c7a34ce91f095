"""The rows of the review page: every question of a route with its answer as it will be sent."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from referral_function.asking.answer_types import Answer, codes
from referral_function.asking.answers import answer_text
from referral_function.asking.questions import Question, Route, Use
from referral_function.asking.referral import questions, sections

Rows: TypeAlias = tuple[tuple[Question, tuple[str, ...], str], ...]


def review_sections(route: Route, answers: Mapping[str, Answer]) -> Iterator[tuple[str, Rows]]:
    """Yield each section's title with its questions, the lines of each answer (none if not answered), and a warning.

    The warning says that the detail of a way of contact that was not chosen will not be used.
    """
    ways = {choice.code: choice.way for question in questions(route) for choice in question.choices if choice.way}
    chosen = {code for question in questions(route) for code in codes(answers.get(question.name)) & ways.keys()}

    def row(question: Question) -> tuple[Question, tuple[str, ...], str]:
        if question.name not in answers:
            return question, (), ""
        contact = question.safe_contact
        unused = contact and contact.use is Use.DETAIL and contact.ways.isdisjoint(chosen)
        warning = next(way.unused for code, way in ways.items() if code in contact.ways) if contact and unused else ""
        return question, answer_text(question, answers[question.name]), warning

    for section in sections(route):
        yield section.title, tuple(map(row, section.questions))
