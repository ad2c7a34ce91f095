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
)
from referral_function.asking.contact_details import has_email, has_note, is_email, is_phone, plain_email
from referral_function.asking.questions import Question
from referral_function.asking.text import how_to_delete_marks, is_blank, normalise, visible

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SHORTEST_MONTH = 3  # letters of a month's name
_ORDINAL = re.compile(r"(?<=\d)\s*(?:st|nd|rd|th)$", re.IGNORECASE)
_ANY_LEAP_YEAR = 2000  # so that 29 February is valid without its year
_ADULT_AGE = 18
_FIRST_YEAR = 1900


class InvalidAnswer(ValueError):
    """The error message of a rejected answer; `parts` are the parts of a date that are wrong (0 to 2)."""

    def __init__(self, message: str, *parts: int) -> None:
        super().__init__(message)
        self.parts = parts or (0,)


def parse(question: Question, values: list[str], today: date) -> Answer | None:
    """Parse the posted values: one text or code, or codes, or day, month and year; None if blank. Raises `InvalidAnswer`."""
    if not any(values):
        return None
    first = values[0]
    match question.answer:
        case ShortText() | LongText() as text:
            return _parse_text(question, text, normalise(first, one_line=isinstance(text, ShortText)))
        case OneOf():
            return _parse_one(question, first)
        case AnyOf() as any_of:
            return _parse_any(question, any_of, values)
        case DateParts():
            return _parse_date(values, today)
        case _:
            assert_never(question.answer)


def _parse_text(question: Question, kind: ShortText | LongText, text: str) -> str | None:
    if marks := how_to_delete_marks(text):
        raise InvalidAnswer(f"“{question.label}” has a mark that we cannot read. {marks}")
    if is_blank(text):
        return None
    if len(text) > kind.limit:
        raise InvalidAnswer(
            f"“{question.label}” must be {kind.limit:,} characters or fewer. You have written {len(text):,}"
        )
    match kind:
        case ShortText(text_format=TextFormat.EMAIL):
            return _parse_email(text)
        case ShortText(text_format=TextFormat.PHONE):
            return _parse_phone(question, visible(text))
        case _:
            return text


def _parse_email(text: str) -> str:
    email = plain_email(text)
    if is_email(email):
        return email
    if has_email(email):
        raise InvalidAnswer("Enter one email address here, without a name or anything else beside it")
    raise InvalidAnswer("Enter an email address in the correct format, like name@example.com")


def _parse_phone(question: Question, text: str) -> str:
    if is_phone(text):
        return text
    if has_note(text):
        place = "Safe days and times" if question.safe_contact else "Your role"
        raise InvalidAnswer(
            "Enter only one phone number here. "
            f"Write anything else, such as another number or when to call, under “{place}”"
        )
    raise InvalidAnswer("Enter a phone number, like 01632 960 001 or 07700 900 982")


def _parse_one(question: Question, code: str) -> str | None:
    if is_blank(code):
        return None
    if all(code != choice.code for choice in question.choices):
        raise InvalidAnswer(f"Choose one of the answers listed under “{question.label}”")
    return code


def _parse_any(question: Question, kind: AnyOf, given: list[str]) -> tuple[str, ...] | None:
    chosen = [choice for choice in kind.choices if choice.code in given]
    if {code for code in given if not is_blank(code)} - {choice.code for choice in chosen}:
        raise InvalidAnswer(f"Choose from the answers listed under “{question.label}”")
    for choice in chosen:
        if choice.code in kind.exclusive and len(chosen) > 1:
            raise InvalidAnswer(f"Choose “{choice.label}” or the other answers, not both")
    return tuple(choice.code for choice in chosen) or None


def _parse_date(values: list[str], today: date) -> PartialDate | None:
    typed = [visible(normalise(text, one_line=True)) for text in (*values, "", "", "")[:3]]
    if all(is_blank(text) for text in typed):
        return None
    day, month, year = (text.strip().rstrip(".,; ") for text in typed)
    numbers = (_number(_ORDINAL.sub("", day)), _month(month), _number(year))
    rules = (
        (range(1, 32), "The day must be a number from 1 to 31"),
        (range(1, 13), "The month must be a number from 1 to 12, or its name"),
        (range(_FIRST_YEAR, today.year + 1), f"The year must have four digits, from {_FIRST_YEAR} to {today.year}"),
    )
    errors = {
        part: how_to_delete_marks(text) or message
        for part, (text, number, (allowed, message)) in enumerate(zip(typed, numbers, rules, strict=True))
        if not is_blank(text) and (how_to_delete_marks(text) or number not in allowed)
    }
    if errors:
        raise InvalidAnswer(". ".join(errors.values()), *errors)
    found = PartialDate(day=numbers[0], month=numbers[1], year=numbers[2])
    if found.day and found.month:
        try:
            exact = date(found.year or _ANY_LEAP_YEAR, found.month, found.day)
        except ValueError as error:
            in_year = f" in {found.year}" if found.year else ""
            raise InvalidAnswer(f"There is no {found.day} {_MONTHS[found.month - 1]}{in_year}") from error
        if found.year and exact > today:
            raise InvalidAnswer("The date of birth must be in the past", 2)
    return found


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def _month(text: str) -> int | None:
    """Parse a number, or the beginning of a name."""
    name = text.casefold()
    names = enumerate(_MONTHS, 1) if len(name) >= _SHORTEST_MONTH else ()
    return _number(text) or next((number for number, month in names if month.casefold().startswith(name)), None)


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
        return tuple(choice.label for choice in question.chosen(answer))
    if isinstance(answer, PartialDate):
        month = _MONTHS[answer.month - 1] if answer.month else ""
        parts = (str(answer.day or ""), month, str(answer.year or "(year not given)"))
        return (" ".join(part for part in parts if part),)
    return (str(answer),)
