"""The types of answers that a question can take, and the values of parsed answers."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import ClassVar, TypeAlias


class TextFormat(StrEnum):
    """The format that a short answer is validated against."""

    ANY = "any"
    EMAIL = "email"
    PHONE = "phone"


class Weight(IntEnum):
    """The order of “Look at first” in the letter."""

    ABUSE = 1
    UNDER_18 = 2
    VICTIM_LED = 3
    BEREAVED = 4
    CHILD = 5
    INTERPRETER = 6
    DATE = 7
    PRISON = 8
    COURT = 9
    OTHER = 10
    UNKNOWN = 11  # all of them in one line, by the short label of their question


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A line of “Look at first” in the letter; the answer follows the text of a question's own flag."""

    weight: Weight
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of contact: `by` stands before its detail in the letter, `never` forbids it where it was not chosen.

    `unused` is the sentence of the review page for a detail that was given although the way was not chosen.
    """

    by: str = ""
    never: str = ""
    unused: str = ""

    @property
    def person_will_call(self) -> bool:
        """Whether it is no way for us: the person makes contact."""
        return not self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a closed question.

    For the letter: `way` of contact, `danger` (stands in Danger), `flag`, and `speaks_for`, the words before the name of
    the child, the relative or the business for whom somebody speaks.
    """

    code: str
    label: str
    hint: str = ""
    way: Way | None = None
    danger: bool = False
    flag: Flag | None = None
    speaks_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """A line of text; `limit` in characters, `autocomplete` a token of WCAG 1.3.5 or `off`."""

    limit: int = 200
    text_format: TextFormat = TextFormat.ANY
    autocomplete: str = "off"
    choices: ClassVar[tuple[Choice, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText:
    """Several lines of text; `limit` in characters, a line end counts as one."""

    limit: int = 4000
    choices: ClassVar[tuple[Choice, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """Exactly one of the choices."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """One or more of the choices; a code in `exclusive` cannot be combined with another."""

    choices: tuple[Choice, ...]
    exclusive: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateParts:
    """A date in three fields, each of which may be unknown."""

    choices: ClassVar[tuple[Choice, ...]] = ()


AnswerType: TypeAlias = ShortText | LongText | OneOf | AnyOf | DateParts


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date with unknown parts."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    def __str__(self) -> str:
        """Format as ISO 8601 with dashes for an unknown part, such as `1985-03---` for March 1985."""
        parts = ((self.year, 4), (self.month, 2), (self.day, 2))
        return "-".join("-" * width if part is None else f"{part:0{width}}" for part, width in parts)


Answer: TypeAlias = str | tuple[str, ...] | PartialDate


def codes(answer: Answer | None) -> frozenset[str]:
    """Return the chosen codes of an answer: a text as its own only code, none for a date or no answer."""
    if isinstance(answer, str):
        return frozenset({answer})
    return frozenset(answer) if isinstance(answer, tuple) else frozenset()
