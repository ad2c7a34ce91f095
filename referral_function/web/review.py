"""The sections of the review page: each answer as it will be sent, and which questions were left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from referral_function.asking.answer_types import Answer
from referral_function.asking.answers import answer_text
from referral_function.asking.questions import ContactUse, Question, Route
from referral_function.asking.referral import chosen_ways, questions, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A question with the lines of its answer; `warning`: it is the detail of a way of contact that was not chosen."""

    label: str
    lines: tuple[str, ...]
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSection:
    """A section with its answers, and the labels of the questions that were not answered."""

    title: str
    rows: tuple[ReviewRow, ...]
    not_answered: tuple[str, ...]


def review_sections(route: Route, answers: Mapping[str, Answer]) -> Iterator[ReviewSection]:
    """Yield the sections of a route with what was answered."""
    ways = {choice.code: choice.way for question in questions(route) for choice in question.choices if choice.way}
    chosen = chosen_ways(route, answers)

    def row(question: Question) -> ReviewRow:
        contact = question.safe_contact
        unused = contact and contact.use is ContactUse.DETAIL and contact.ways.isdisjoint(chosen)
        warning = next(way.unused for code, way in ways.items() if code in contact.ways) if contact and unused else ""
        return ReviewRow(label=question.label, lines=answer_text(question, answers[question.name]), warning=warning)

    for section in sections(route):
        yield ReviewSection(
            title=section.title,
            rows=tuple(row(question) for question in section.questions if question.name in answers),
            not_answered=tuple(question.label for question in section.questions if question.name not in answers),
        )
