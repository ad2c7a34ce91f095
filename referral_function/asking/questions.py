"""The data types of the definition: routes, questions, sections.

Presentation stands elsewhere: the form, the review page, the letter and the paper form all read these objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any, Self, assert_never

from referral_function.asking.answer_types import (
    Answer,
    AnswerType,
    AnyOf,
    Choice,
    DateParts,
    Flag,
    LongText,
    OneOf,
    ShortText,
    TextFormat,
    Tick,
    codes,
)


class Party(StrEnum):
    """A person of a case. REPRESENTED: the child, the relative who died or the business for whom the person harmed speaks."""

    VICTIM = "victim"
    REPRESENTED = "represented"
    OFFENDER = "offender"
    REFERRER = "referrer"


class Route(StrEnum):
    """A form for one kind of referrer, with an address of its own."""

    MYSELF = "myself"
    PERSON_HARMED = "person_harmed"
    PERSON_RESPONSIBLE = "person_responsible"

    @property
    def slug(self) -> str:
        """Return the route as it stands in a URL, such as `person-harmed`."""
        return self.value.replace("_", "-")

    @property
    def referred(self) -> Party:
        """Return the person who is referred on this route."""
        return Party.OFFENDER if self is Route.PERSON_RESPONSIBLE else Party.VICTIM


MYSELF = frozenset({Route.MYSELF})
PERSON_HARMED = frozenset({Route.PERSON_HARMED})
PERSON_RESPONSIBLE = frozenset({Route.PERSON_RESPONSIBLE})
PROFESSIONAL = PERSON_HARMED | PERSON_RESPONSIBLE
VICTIM = MYSELF | PERSON_HARMED
EVERYONE = frozenset(Route)


class Sensitivity(StrEnum):
    """The class of personal data of an answer, for the record of processing."""

    IDENTIFIES = "identifies a person"
    CONTACT = "says how to reach a person"
    OFFENCE = "criminal-offence data (UK GDPR Article 10)"
    SPECIAL = "special-category data (UK GDPR Article 9)"
    PLAIN = "plain"


class Use(IntEnum):
    """The use of an answer about safe contact, in the order of the letter."""

    WAYS = 1
    DETAIL = 2  # of a way of contact
    VOICEMAIL = 3
    NAME = 4
    REACH = 5  # where no ways are offered
    LANGUAGE = 6
    TIMES = 7
    CAUTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """Makes a question tell how to contact a person safely; `ways` are the codes of the ways whose detail it is."""

    party: Party
    use: Use
    ways: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raise `ValueError` for a detail of no way."""
        if bool(self.ways) != (self.use in (Use.DETAIL, Use.VOICEMAIL)):
            raise ValueError("Name the ways of contact whose detail it is, and only of a detail.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Makes a question required: met when another question is answered with one of some codes."""

    question: str
    any_of: frozenset[str]

    def is_met(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether one of the codes was chosen."""
        return not self.any_of.isdisjoint(codes(answers.get(self.question)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is asked on some routes.

    `missing` is the error message for a required answer that was not given; empty means optional. The rest is for
    staff: `short` labels the answer in the third person; `about` is the person whom it identifies, by their name where
    `is_name`; `danger`, `flag` and `safe_contact` put it into these parts of the letter; a `place` may hold a postcode.
    Raises `ValueError` for a question that tells how to reach a person without saying whom.
    """

    name: str
    short: str
    label: str
    answer: AnswerType
    purpose: str
    routes: frozenset[Route] = EVERYONE
    hint: str = ""
    missing: str = ""
    required_if: Condition | None = None
    sensitivity: Sensitivity = Sensitivity.PLAIN
    safe_contact: SafeContact | None = None
    about: Party | None = None
    is_name: bool = False
    danger: bool = False
    flag: Flag | None = None
    place: bool = False

    def __post_init__(self) -> None:
        """Refuse a way to reach a person that the letter could not place."""
        formatted = isinstance(self.answer, ShortText) and self.answer.text_format is not TextFormat.ANY
        reaches = formatted or self.sensitivity is Sensitivity.CONTACT
        if reaches and self.safe_contact is None and self.about is None:
            raise ValueError(f"{self.name}: name the person whom it tells how to reach: `safe_contact` or `about`.")
        if formatted and self.safe_contact and self.safe_contact.use not in (Use.DETAIL, Use.REACH):
            raise ValueError(f"{self.name}: a way to reach a person is a detail.")

    def is_required(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether an answer is required, given the other answers."""
        return bool(self.missing) and (self.required_if is None or self.required_if.is_met(answers))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the options to choose from; none for text and dates."""
        match self.answer:
            case OneOf(choices=choices) | AnyOf(choices=choices):
                return choices
            case Tick(statement=statement):
                return (Choice(code="yes", label=statement),)
            case ShortText() | LongText() | DateParts():
                return ()
            case _:
                assert_never(self.answer)

    @property
    def is_optional(self) -> bool:
        """Return whether an answer is never required, so that the label says “(optional)”."""
        return not self.missing


def with_route_variants(question: Question, **on_route: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the question and its variants on the routes named, such as `myself={"label": "Your name"}`."""
    variants = [replace(question, routes=frozenset({Route(name)}), **changes) for name, changes in on_route.items()]
    others = question.routes - on_route.keys()
    return (*variants, replace(question, routes=others)) if others else tuple(variants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading; `route_titles` replaces the heading on some routes."""

    title: str
    questions: tuple[Question, ...]
    route_titles: Mapping[Route, str] = field(default_factory=dict)

    def on(self, route: Route) -> Self:
        """Return the section with the heading and the questions of one route."""
        asked = tuple(question for question in self.questions if route in question.routes)
        return replace(self, title=self.route_titles.get(route, self.title), questions=asked)
