"""The sections and questions of each route in order, and the value object `Referral`."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from referral_function.asking.answer_types import Answer, PartialDate
from referral_function.asking.questions import Question, Route, Section, Use
from referral_function.asking.sections import (
    can_we_help,
    person_harmed,
    person_responsible,
    referrer,
    safe_contact,
    safety,
    what_happened,
)

SECTIONS: tuple[Section, ...] = (
    can_we_help.SECTION,
    referrer.SECTION,
    person_harmed.SECTION,
    safe_contact.SECTION,
    person_responsible.SECTION,
    what_happened.SECTION,
    safety.SAFETY,
    safety.HELP,
    safety.CONSENT,
)


@functools.cache
def sections(route: Route) -> tuple[Section, ...]:
    """Return the sections of one route, each with the questions of this route; empty ones are left out."""
    return tuple(asked for section in SECTIONS if (asked := section.on(route)).questions)


def questions(route: Route) -> Iterator[Question]:
    """Iterate over the questions of one route in order."""
    for section in sections(route):
        yield from section.questions


@functools.cache
def questions_by_name(route: Route) -> Mapping[str, Question]:
    """Return the questions of one route by name."""
    return {question.name: question for question in questions(route)}


def check(asked: Sequence[Question]) -> None:
    """Raise `ValueError` if a way of contact has no question for its detail, a detail no way, or a short label is not unique."""
    contact = [(question, question.safe_contact) for question in asked if question.safe_contact]
    ways = {each.code for question, use in contact if use.use is Use.WAYS for each in question.choices}
    to_reach = {each.code for question, _use in contact for each in question.choices if each.way and each.way.by}
    for question, use in contact:
        if unknown := use.ways - ways:
            raise ValueError(f"{question.name}: {sorted(unknown)} is no way of contact.")
        if use.use is Use.REACH and use.party in {each.party for _question, each in contact if each.use is Use.WAYS}:
            raise ValueError(f"{question.name}: name the ways of contact whose detail it is.")
    if nowhere := to_reach - {way for _question, use in contact if use.use is Use.DETAIL for way in use.ways}:
        raise ValueError(f"No question asks for the detail of {sorted(nowhere)}.")
    if len({question.short for question in asked}) < len(asked):
        raise ValueError("Two questions have the same short label.")


for _route in Route:
    check(tuple(questions(_route)))


@functools.cache
def offered_codes() -> Mapping[str, frozenset[str]]:
    """Return the codes that each question offers on any route, by question name; none for text and dates."""
    asked = [question for section in SECTIONS for question in section.questions]
    return {
        name: frozenset(choice.code for question in asked if question.name == name for choice in question.choices)
        for name in {question.name for question in asked}
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A complete set of parsed answers by question name; a question that was not answered has no key."""

    route: Route
    answers: Mapping[str, Answer]

    def canonical(self) -> bytes:
        """Serialise to canonical JSON (sorted keys, UTF-8): equal referrals give equal bytes."""
        plain = {
            name: str(answer) if isinstance(answer, PartialDate) else answer for name, answer in self.answers.items()
        }
        document = {"route": self.route.value, "answers": plain}
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
