"""What a question is: its words, who is asked, what kind of answer it takes, and why we ask.

Nothing here knows how a question is shown: the form, the review, the letter and the paper form all read these objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias


class Route(StrEnum):
    """One of the three ways in."""

    MYSELF = "myself"
    PERSON_HARMED = "person_harmed"
    PERSON_RESPONSIBLE = "person_responsible"

    @property
    def slug(self) -> str:
        """Name the route as an address does, such as `person-harmed`."""
        return self.value.replace("_", "-")


MYSELF = frozenset({Route.MYSELF})
PERSON_HARMED = frozenset({Route.PERSON_HARMED})
PERSON_RESPONSIBLE = frozenset({Route.PERSON_RESPONSIBLE})
PROFESSIONAL = PERSON_HARMED | PERSON_RESPONSIBLE
VICTIM = MYSELF | PERSON_HARMED
EVERYONE = frozenset(Route)


class Sensitivity(StrEnum):
    """What an answer can give away, which decides how it is written in the record of processing."""

    IDENTIFIES = "identifies a person"
    CONTACT = "says how to reach a person"
    OFFENCE = "criminal-offence data (UK GDPR Article 10)"
    SPECIAL = "special-category data (UK GDPR Article 9)"
    PLAIN = "plain"


class TextFormat(StrEnum):
    """A form that a short answer must have."""

    ANY = "any"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that can be chosen."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """A line of text; `limit` counts characters, `autocomplete` is a WCAG 1.3.5 token or `off`."""

    limit: int = 200
    text_format: TextFormat = TextFormat.ANY
    autocomplete: str = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText:
    """Several lines of text; `limit` counts characters, a line end as one."""

    limit: int = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """Exactly one of some choices."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """One or more of some choices; those in `alone` contradict every other."""

    choices: tuple[Choice, ...]
    exclusive: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateParts:
    """A date of which perhaps only the year is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A statement to agree to; its one answer is `yes`."""

    statement: str


AnswerType: TypeAlias = ShortText | LongText | OneOf | AnyOf | DateParts | Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date as far as it is known."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    def __str__(self) -> str:
        """Write the date in numbers, a part that is not known as dashes, such as `1985-03---` for March 1985."""
        parts = ((self.year, 4), (self.month, 2), (self.day, 2))
        return "-".join("-" * width if part is None else f"{part:0{width}}" for part, width in parts)


Answer: TypeAlias = str | tuple[str, ...] | PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The answers to another question that make a question required."""

    question: str
    any_of: frozenset[str]

    def is_met(self, answers: Mapping[str, Answer]) -> bool:
        """Say whether one of the answers was given."""
        return not self.any_of.isdisjoint(codes(answers.get(self.question)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing we ask on some routes, in the words of those routes.

    `missing` is what to say when an answer is required and not there; empty means optional.
    """

    name: str
    label: str
    answer: AnswerType
    purpose: str
    routes: frozenset[Route] = EVERYONE
    hint: str = ""
    missing: str = ""
    required_if: Condition | None = None
    sensitivity: Sensitivity = Sensitivity.PLAIN

    def is_required(self, answers: Mapping[str, Answer]) -> bool:
        """Say whether this question must be answered, given the other answers."""
        return bool(self.missing) and (self.required_if is None or self.required_if.is_met(answers))

    @property
    def is_optional(self) -> bool:
        """Say whether the label should carry the word optional: never required, whatever else is answered."""
        return not self.missing


def with_route_variants(question: Question, **on_route: Mapping[str, Any]) -> tuple[Question, ...]:
    """Give a question as it is, and as it differs on the routes named, such as `myself={"label": "Your name"}`."""
    different = {Route(name): changes for name, changes in on_route.items()}
    special = [replace(question, routes=frozenset({route}), **changes) for route, changes in different.items()]
    plain = question.routes - different.keys()
    return (*special, replace(question, routes=plain)) if plain else tuple(special)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of questions under one heading, which may read differently on a route."""

    title: str
    questions: tuple[Question, ...]
    on_myself: str = ""
    on_person_harmed: str = ""

    def title_on(self, route: Route) -> str:
        """Give the heading as the people on this route read it."""
        special = {Route.MYSELF: self.on_myself, Route.PERSON_HARMED: self.on_person_harmed}
        return special.get(route) or self.title


def codes(answer: Answer | None) -> frozenset[str]:
    """Give the chosen codes of an answer; text and dates have none of their own but the text itself."""
    match answer:
        case str():
            return frozenset({answer})
        case tuple():
            return frozenset(answer)
        case _:
            return frozenset()
