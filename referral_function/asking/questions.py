"""The data types of the definition: routes, questions, sections.

Presentation stands elsewhere: the form, the review page, the letter and the paper form all read these objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any, Self

from referral_function.asking.answer_types import Answer, AnswerType, Choice, Flag, ShortText, TextFormat, codes
from referral_function.asking.conditions import Condition, NoneAnswered


class Party(StrEnum):
    """A person of a case.

    VICTIM: the person harmed, or whoever asks us to contact them. REPRESENTED: the child, the relative who died or the
    business for whom the person harmed speaks.
    """

    VICTIM = "victim"
    REPRESENTED = "represented"
    OFFENDER = "offender"
    REFERRER = "referrer"


class Route(StrEnum):
    """A form for one kind of referrer, with an address of its own."""

    MYSELF = "myself"
    MY_CHILD = "my_child"
    SOMEONE_WHO_DIED = "someone_who_died"
    MY_BUSINESS = "my_business"
    CONTACT_ME = "contact_me"
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

    @property
    def is_own(self) -> bool:
        """Return whether the person harmed, or somebody close to them, refers themselves."""
        return self in OWN

    @property
    def is_professional(self) -> bool:
        """Return whether a professional refers somebody else."""
        return self in PROFESSIONAL


OWN = frozenset({Route.MYSELF, Route.MY_CHILD, Route.SOMEONE_WHO_DIED, Route.MY_BUSINESS})
PERSON_HARMED = frozenset({Route.PERSON_HARMED})
PERSON_RESPONSIBLE = frozenset({Route.PERSON_RESPONSIBLE})
PROFESSIONAL = PERSON_HARMED | PERSON_RESPONSIBLE
VICTIM = OWN | PERSON_HARMED
REFERRALS = OWN | PROFESSIONAL  # every route but the first contact
EVERYONE = frozenset(Route)
GROUPS = {"own": OWN, "professional": PROFESSIONAL}


class Sensitivity(StrEnum):
    """The class of personal data of an answer, for the record of processing."""

    IDENTIFIES = "identifies a person"
    CONTACT = "says how to reach a person"
    OFFENCE = "criminal-offence data (UK GDPR Article 10)"
    SPECIAL = "special-category data (UK GDPR Article 9)"
    PLAIN = "plain"


class ContactUse(IntEnum):
    """What an answer about safe contact is for, in the order of the letter."""

    WAYS = 1  # which ways are safe: phone, text, email, …
    DETAIL = 2  # of a way of contact: the number, the address
    VOICEMAIL = 3
    NAME = 4  # to ask for
    REACH = 5  # how to reach the person where no ways are offered
    LANGUAGE = 6
    TIMES = 7
    CAUTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """Makes a question tell how to contact a person safely; `ways` are the codes of the ways whose detail it is."""

    party: Party
    use: ContactUse
    ways: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raise `ValueError` for a detail of no way."""
        if bool(self.ways) != (self.use in (ContactUse.DETAIL, ContactUse.VOICEMAIL)):
            raise ValueError("Name the ways of contact whose detail it is, and only of a detail.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is asked on some routes.

    `missing` is the error message for a required answer that was not given; empty means optional. With `needed_if` it is
    required only then, and its hint says so, on an optional question too. `short` labels the answer in the letter, in the
    third person. `about` is the person whom the answer identifies, by their name where `is_name`. `danger`, `flag` and
    `safe_contact` put it into these parts of the letter. `variants` are what differs for a group of routes or
    one route, such as `{"own": {"missing": ""}, "my_child": {"label": "…"}}`.
    Raises `ValueError` for a question that tells how to reach a person without saying whom, or varies where it is not asked.
    """

    name: str
    short: str
    label: str
    answer: AnswerType
    purpose: str
    routes: frozenset[Route] = REFERRALS
    hint: str = ""
    missing: str = ""
    needed_if: Condition | NoneAnswered | None = None
    sensitivity: Sensitivity = Sensitivity.PLAIN
    safe_contact: SafeContact | None = None
    about: Party | None = None
    is_name: bool = False
    danger: bool = False
    flag: Flag | None = None
    may_hold_postcode: bool = False
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse a way to reach a person that the letter could not place."""
        formatted = isinstance(self.answer, ShortText) and self.answer.text_format is not TextFormat.ANY
        reaches = formatted or self.sensitivity is Sensitivity.CONTACT
        if reaches and self.safe_contact is None and self.about is None:
            raise ValueError(f"{self.name}: name the person whom it tells how to reach: `safe_contact` or `about`.")
        if formatted and self.safe_contact and self.safe_contact.use not in (ContactUse.DETAIL, ContactUse.REACH):
            raise ValueError(f"{self.name}: a way to reach a person is a detail.")
        if unknown := self.variants.keys() - GROUPS.keys() - self.routes:
            raise ValueError(f"{self.name}: it is not asked on {sorted(unknown)}.")

    def on(self, route: Route) -> Self:
        """Return the question as one route asks it: a change for the route is applied after that for its group."""
        names = [*(name for name, group in GROUPS.items() if route in group), route]
        changes = {key: value for name in names for key, value in self.variants.get(name, {}).items()}
        return replace(self, variants={}, **changes)

    def is_required(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether an answer is required, given the other answers."""
        return bool(self.missing) and (self.needed_if is None or self.needed_if.is_met(answers))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the options to choose from; none for text and dates."""
        return self.answer.choices

    def chosen(self, answer: Answer) -> tuple[Choice, ...]:
        """Return the options that an answer chose, in their own order."""
        chosen = codes(answer)
        return tuple(choice for choice in self.choices if choice.code in chosen)

    @property
    def is_optional(self) -> bool:
        """Return whether an answer is never required, so that the label says “(optional)”."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading."""

    title: str
    questions: tuple[Question, ...]

    def on(self, route: Route) -> Self:
        """Return the section with the questions of one route."""
        return replace(self, questions=tuple(each.on(route) for each in self.questions if route in each.routes))
