"""Parse and validate raw answers, and format parsed answers for a reader.

Independent of the medium: the form binds what was posted and shows the message of an `InvalidAnswer`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import assert_never

from referral_function.asking.answer_types import (
    Answer,
    AnyOf,
    DateParts,
    LongText,
    OneOf,
    PartialDate,
    ShortText,
    TextFormat,
    Tick,
    codes,
)
from referral_function.asking.questions import Question

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_MONTH_NUMBERS = {text: n for n, name in enumerate(_MONTHS, 1) for text in (name.casefold(), name[:3].casefold())}
_ANY_LEAP_YEAR = 2000  # so that 29 February is valid without its year
_ADULT_AGE = 18
_FIRST_YEAR = 1900
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAUSIBLE_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
_PLAUSIBLE_PHONE = re.compile(r"\+?[0-9 ()./\-\u2010-\u2013\u00a0]+(?:(?:ext|x)[. ]*[0-9]+ *)?", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # and the direction marks of a copied number
_PHONE_DIGITS = range(7, 22)  # how many digits, with country code and extension


class InvalidAnswer(ValueError):
    """The error message of a rejected answer; `part` is the part of a date that is wrong (0 to 2)."""

    def __init__(self, message: str, part: int = 0) -> None:
        super().__init__(message)
        self.part = part


def normalise_newlines(text: str) -> str:
    """Replace CRLF and CR by LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(question: Question, values: list[str], today: date) -> Answer | None:
    """Parse the posted values: one text or code, or codes, or day, month and year; None if blank. Raises `InvalidAnswer`."""
    first = next(iter(values), "")
    match question.answer:
        case ShortText() | LongText() as text:
            return _parse_text(question, text, normalise_newlines(first))
        case OneOf() | Tick():
            return _parse_one(question, first)
        case AnyOf() as any_of:
            return _parse_any(question, any_of, values)
        case DateParts():
            return _parse_date(values, today)
        case _:
            assert_never(question.answer)


def _parse_text(question: Question, kind: ShortText | LongText, text: str) -> str | None:
    if not text.strip():
        return None
    if _CONTROL_CHARACTERS.search(text):
        raise InvalidAnswer(f"“{question.label}” has a character we cannot read. Delete it, or type it again")
    if len(text) > kind.limit:
        raise InvalidAnswer(
            f"“{question.label}” must be {kind.limit:,} characters or fewer. You have written {len(text):,}"
        )
    match kind:
        case ShortText(text_format=TextFormat.EMAIL) if not _PLAUSIBLE_EMAIL.fullmatch(text.strip()):
            raise InvalidAnswer("Enter an email address in the correct format, like name@example.com")
        case ShortText(text_format=TextFormat.PHONE) if not _is_phone(text):
            raise InvalidAnswer("Enter a phone number, like 01632 960 001 or 07700 900 982")
        case _:
            return text


def _is_phone(text: str) -> bool:
    """Allow any spacing, brackets, dashes and an extension. Source: GOV.UK Design System, phone numbers."""
    spaced = _SPACES.sub(" ", text).strip()
    return bool(_PLAUSIBLE_PHONE.fullmatch(spaced)) and sum("0" <= sign <= "9" for sign in text) in _PHONE_DIGITS


def _parse_one(question: Question, code: str) -> str | None:
    if not code.strip():
        return None
    if all(code != choice.code for choice in question.choices):
        raise InvalidAnswer(f"Choose one of the answers listed under “{question.label}”")
    return code


def _parse_any(question: Question, kind: AnyOf, given: list[str]) -> tuple[str, ...] | None:
    chosen = [choice for choice in kind.choices if choice.code in given]
    if {code for code in given if code.strip()} - {choice.code for choice in chosen}:
        raise InvalidAnswer(f"Choose from the answers listed under “{question.label}”")
    for choice in chosen:
        if choice.code in kind.exclusive and len(chosen) > 1:
            raise InvalidAnswer(f"Choose “{choice.label}” or the other answers, not both")
    return tuple(choice.code for choice in chosen) or None


def _parse_date(values: list[str], today: date) -> PartialDate | None:
    day, month, year = (text.strip() for text in (*values, "", "", "")[:3])
    if not (day or month or year):
        return None
    years = range(_FIRST_YEAR, today.year + 1)
    found = PartialDate(
        day=_parse_number(day, range(1, 32), "The day must be a number from 1 to 31", 0),
        month=_MONTH_NUMBERS.get(month.casefold())
        or _parse_number(month, range(1, 13), "The month must be a number from 1 to 12, or its name", 1),
        year=_parse_number(year, years, f"The year must be from {_FIRST_YEAR} to {today.year}", 2),
    )
    if found.day and found.month:
        try:
            exact = date(found.year or _ANY_LEAP_YEAR, found.month, found.day)
        except ValueError as error:
            raise InvalidAnswer(f"There is no {found.day} {_MONTHS[found.month - 1]} in that year", 0) from error
        if found.year and exact > today:
            raise InvalidAnswer("The date of birth must be in the past", 2)
    return found


def _parse_number(text: str, allowed: range, message: str, part: int) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) not in allowed:
        raise InvalidAnswer(message, part)
    return int(text)


def contradictions(answers: Mapping[str, Answer], today: date) -> dict[str, str]:
    """Return error messages by question name for answers that contradict each other. Source: the criterion “18 or over”."""
    born = answers.get("offender_birth_date")
    if isinstance(born, PartialDate) and born.year and answers.get("offender_adult") == "yes":
        eighteen = (born.year + _ADULT_AGE, born.month or 1, (born.day or 1) if born.month else 1)
        if eighteen > (today.year, today.month, today.day):
            return {
                "offender_birth_date": "The date of birth says they are under 18, but you chose 18 or over. "
                "Change one of them"
            }
    return {}


def answer_text(question: Question, answer: Answer) -> tuple[str, ...]:
    """Format an answer for a reader: the labels of the chosen codes, or the text as it was typed."""
    if question.choices:
        return tuple(choice.label for choice in question.choices if choice.code in codes(answer))
    if isinstance(answer, PartialDate):
        month = _MONTHS[answer.month - 1] if answer.month else ""
        parts = (str(answer.day or ""), month, str(answer.year or "(year not given)"))
        return (" ".join(part for part in parts if part),)
    return (str(answer),)
