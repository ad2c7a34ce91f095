"""The sections and questions of each route in order, and the value object `Referral`."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from referral_function.asking.answer_types import Answer, Way
from referral_function.asking.conditions import Condition, NoneAnswered
from referral_function.asking.questions import ContactUse, Question, Route, Section
from referral_function.asking.sections import (
    can_we_help,
    first_contact,
    needs,
    person_harmed,
    person_responsible,
    referrer,
    represented,
    safe_contact,
    safety,
    what_happened,
)

_WHO = (represented.RELATIONSHIP, person_harmed.NAME, *represented.QUESTIONS, *person_harmed.QUESTIONS)
_HOW_TO_CONTACT_YOU = Section(
    title="How to contact you safely",
    questions=(
        *safe_contact.QUESTIONS,
        person_harmed.SUPPORTER,
        *safe_contact.TIMES_AND_CAUTIONS,
        *needs.INTERPRETER,
        first_contact.MESSAGE,
    ),
)
_OWN: Final = (
    Section(title="About you", questions=_WHO),
    _HOW_TO_CONTACT_YOU,
    Section(title="What happened", questions=(can_we_help.OFFENCE_GROUP, *what_happened.QUESTIONS)),
    Section(title="So that we know how we can help", questions=can_we_help.CRITERIA),
    Section(title="The person who caused harm", questions=person_responsible.QUESTIONS),
    Section(title="Keeping you safe", questions=safety.QUESTIONS),
    Section(title="What would help", questions=needs.NEEDS),
)
_CONTACT_ME: Final = (Section(title="About you", questions=first_contact.ABOUT_YOU), _HOW_TO_CONTACT_YOU)
_PROFESSIONAL: Final = (
    Section(title="Can we help?", questions=(can_we_help.OFFENCE_GROUP, *can_we_help.CRITERIA)),
    Section(title="About you", questions=referrer.QUESTIONS),
    Section(title="The person harmed", questions=(*_WHO, person_harmed.SUPPORTER)),
    Section(title="How to contact them safely", questions=(*safe_contact.QUESTIONS, *safe_contact.TIMES_AND_CAUTIONS)),
    Section(title="The person who caused harm", questions=person_responsible.QUESTIONS),
    Section(title="What happened", questions=what_happened.QUESTIONS),
    Section(title="Keeping everyone safe", questions=safety.QUESTIONS),
    Section(title="What would help", questions=(*needs.INTERPRETER, *needs.NEEDS)),
)
LAYOUTS: Final = (_OWN, _CONTACT_ME, _PROFESSIONAL)
"""The sections of all routes, with every variant of their questions."""


@functools.cache
def sections(route: Route) -> tuple[Section, ...]:
    """Return the sections of one route, each with the questions of this route; empty ones are left out."""
    layout = _OWN if route.is_own else _PROFESSIONAL if route.is_professional else _CONTACT_ME
    asked = tuple(found for section in layout if (found := section.on(route)).questions)
    by_name = {question.name: question for section in asked for question in section.questions}
    return tuple(
        replace(section, questions=tuple(_with_condition(question, section, by_name) for question in section.questions))
        for section in asked
    )


def _with_condition(question: Question, section: Section, asked: Mapping[str, Question]) -> Question:
    """Say in the hint when an answer is needed, in the words of the choices of this route."""
    match question.needed_if:
        case None:
            return question
        case Condition(question=name, any_of=any_of):
            chosen = " or ".join(f"“{choice.label}”" for choice in asked[name].choices if choice.code in any_of)
            elsewhere = "" if asked[name] in section.questions else f" under “{asked[name].label}”"
            when = f"if you chose {chosen}{elsewhere}."
        case NoneAnswered(questions=names):
            when = f"if you leave out {' and '.join(f'“{asked[name].label}”' for name in names)}."
        case _:
            assert_never(question.needed_if)
    sentence = f"{'Only' if question.is_optional else 'Needed only'} {when}"
    return replace(question, hint=f"{sentence} {question.hint}".strip())


@functools.cache
def questions(route: Route) -> tuple[Question, ...]:
    """Return the questions of one route in order."""
    return tuple(question for section in sections(route) for question in section.questions)


def first_section(route: Route) -> frozenset[str]:
    """Return the names of the questions that a professional can have checked alone."""
    return frozenset(question.name for question in sections(route)[0].questions)


@functools.cache
def questions_by_name(route: Route) -> Mapping[str, Question]:
    """Return the questions of one route by name."""
    return {question.name: question for question in questions(route)}


def chosen_ways(route: Route, answers: Mapping[str, Answer]) -> dict[str, Way]:
    """Return the ways of contact that were chosen, by code."""
    offered = [each for each in questions(route) if each.safe_contact and each.safe_contact.use is ContactUse.WAYS]
    chosen = [choice for each in offered if each.name in answers for choice in each.chosen(answers[each.name])]
    return {choice.code: choice.way for choice in chosen if choice.way}


def check(asked: Sequence[Question]) -> None:
    """Raise `ValueError` if a way of contact has no question for its detail, a detail no way, or a short label is not unique."""
    contact = [(question, question.safe_contact) for question in asked if question.safe_contact]
    ways = {each.code for question, use in contact if use.use is ContactUse.WAYS for each in question.choices}
    to_reach = {
        each.code
        for question, _use in contact
        for each in question.choices
        if each.way and not each.way.person_will_call
    }
    for question, use in contact:
        if unknown := use.ways - ways:
            raise ValueError(f"{question.name}: {sorted(unknown)} is no way of contact.")
        if use.use is ContactUse.REACH and use.party in {
            each.party for _question, each in contact if each.use is ContactUse.WAYS
        }:
            raise ValueError(f"{question.name}: name the ways of contact whose detail it is.")
    if nowhere := to_reach - {way for _question, use in contact if use.use is ContactUse.DETAIL for way in use.ways}:
        raise ValueError(f"No question asks for the detail of {sorted(nowhere)}.")
    if len({question.short for question in asked}) < len(asked):
        raise ValueError("Two questions have the same short label.")


for _route in Route:
    check(questions(_route))


@functools.cache
def offered_codes() -> Mapping[str, frozenset[str]]:
    """Return the codes that each question offers on any route, by question name; none for text and dates."""
    found: dict[str, set[str]] = {}
    for question in [question for route in Route for question in questions(route)]:
        found.setdefault(question.name, set()).update(choice.code for choice in question.choices)
    return {name: frozenset(codes) for name, codes in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A complete set of parsed answers by question name; a question that was not answered has no key."""

    route: Route
    answers: Mapping[str, Answer]

    def plain_answers(self) -> dict[str, str | list[str]]:
        """Return the answers as JSON has them, by question name in alphabetical order."""
        return {
            name: list(answer) if isinstance(answer, tuple) else str(answer)
            for name, answer in sorted(self.answers.items())
        }

    def canonical(self) -> bytes:
        """Serialise to canonical JSON (sorted keys, UTF-8): equal referrals give equal bytes."""
        document = {"route": self.route.value, "answers": self.plain_answers()}
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
