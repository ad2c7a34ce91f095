"""The questions in the order in which they are asked, and one complete set of answers."""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from referral_function.asking.questions import Answer, PartialDate, Question, Route, Section
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
    """Give the sections of one route, each with the questions that this route asks."""
    asked = (
        replace(
            section,
            title=section.title_on(route),
            questions=tuple(question for question in section.questions if route in question.routes),
        )
        for section in SECTIONS
    )
    return tuple(section for section in asked if section.questions)


def questions(route: Route) -> Iterator[Question]:
    """Give every question of one route in order."""
    for section in sections(route):
        yield from section.questions


@functools.cache
def questions_by_name(route: Route) -> Mapping[str, Question]:
    """Give every question of one route under its name."""
    return {question.name: question for question in questions(route)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One complete, parsed set of answers; a question that was not answered has no key."""

    route: Route
    answers: Mapping[str, Answer]

    def canonical(self) -> bytes:
        """Write route and answers as JSON in one fixed way, so that the same referral always gives the same bytes."""
        plain = {
            name: str(answer) if isinstance(answer, PartialDate) else answer for name, answer in self.answers.items()
        }
        document = {"route": self.route.value, "answers": plain}
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
