"""How a raw answer becomes an answer we can rely on, and how an answer reads in words.

The same rules hold for every medium; the form only binds what was posted and shows the sentence of a flaw.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias, assert_never

from referral_function.asking.questions import (
    Answer,
    AnyOf,
    Choice,
    DateParts,
    LongText,
    OneOf,
    PartialDate,
    Question,
    ShortText,
    TextFormat,
    Tick,
)

Raw: TypeAlias = str | list[str]
"""What was posted for a question: a text, or the texts chosen, or the day, the month and the year."""

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
ADULT_AGE = 18
_FIRST_YEAR = 1900
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./\-\u2010-\u2013\u00a0]+(?:(?:ext|x)[. ]*[0-9]+ *)?", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # and the invisible marks of a copied number
_PHONE_DIGITS = range(7, 22)


class InvalidAnswer(ValueError):
    """An answer that cannot be taken: a sentence for the person, and which part of a date is wrong (0 to 2)."""

    def __init__(self, sentence: str, part: int = 0) -> None:
        super().__init__(sentence)
        self.part = part


def normalised(text: str) -> str:
    """Give the text with every line end as one line feed, as a reader counts it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(question: Question, raw: Raw, today: date) -> Answer | None:
    """Read one raw answer; nothing but blanks is no answer. Raises `InvalidAnswer`."""
    match question.answer:
        case ShortText() | LongText() as text:
            return _text(question, text, normalised(_first(raw)))
        case OneOf(choices=choices):
            return _one(question, choices, _first(raw))
        case Tick():
            return _one(question, (Choice(code="yes", label="Yes"),), _first(raw))
        case AnyOf() as any_of:
            return _several(question, any_of, [raw] if isinstance(raw, str) else raw)
        case DateParts():
            return _date([raw] if isinstance(raw, str) else raw, today)
        case _:
            assert_never(question.answer)


def _first(raw: Raw) -> str:
    return raw if isinstance(raw, str) else next(iter(raw), "")


def _text(question: Question, kind: ShortText | LongText, text: str) -> str | None:
    if not text.strip():
        return None
    if _UNREADABLE.search(text):
        raise InvalidAnswer(f"“{question.label}” has a character we cannot read. Delete it, or type it again")
    if len(text) > kind.limit:
        raise InvalidAnswer(
            f"“{question.label}” must be {kind.limit:,} characters or fewer. You have written {len(text):,}"
        )
    match kind:
        case ShortText(text_format=TextFormat.EMAIL) if not _EMAIL.fullmatch(text.strip()):
            raise InvalidAnswer("Enter an email address in the correct format, like name@example.com")
        case ShortText(text_format=TextFormat.PHONE) if not _is_phone(text):
            raise InvalidAnswer("Enter a phone number, like 01632 960 001 or 07700 900 982")
        case _:
            return text


def _is_phone(text: str) -> bool:
    """Accept any spacing, brackets and dashes, and an extension (the advice of the GOV.UK Design System)."""
    spaced = _SPACES.sub(" ", text).strip()
    return bool(_PHONE.fullmatch(spaced)) and sum("0" <= sign <= "9" for sign in text) in _PHONE_DIGITS


def _one(question: Question, choices: tuple[Choice, ...], code: str) -> str | None:
    if not code.strip():
        return None
    if all(code != choice.code for choice in choices):
        raise InvalidAnswer(f"Choose one of the answers listed under “{question.label}”")
    return code


def _several(question: Question, kind: AnyOf, given: list[str]) -> tuple[str, ...] | None:
    chosen = [choice for choice in kind.choices if choice.code in given]
    if any(code.strip() and all(code != choice.code for choice in kind.choices) for code in given):
        raise InvalidAnswer(f"Choose from the answers listed under “{question.label}”")
    for choice in chosen:
        if choice.code in kind.exclusive and len(chosen) > 1:
            raise InvalidAnswer(f"Choose “{choice.label}” or the other answers, not both")
    return tuple(choice.code for choice in chosen) or None


def _date(raw: list[str], today: date) -> PartialDate | None:
    day, month, year = (text.strip() for text in (*raw, "", "", "")[:3])
    if not (day or month or year):
        return None
    found = PartialDate(
        day=_number(day, range(1, 32), InvalidAnswer("The day must be a number from 1 to 31", 0)),
        month=_month(month),
        year=_number(
            year,
            range(_FIRST_YEAR, today.year + 1),
            InvalidAnswer(f"The year must be from {_FIRST_YEAR} to {today.year}", 2),
        ),
    )
    if found.day and found.month:
        # A leap year, so that 29 February can be known without its year.
        try:
            exact = date(found.year or 2000, found.month, found.day)
        except ValueError as wrong:
            raise InvalidAnswer(f"There is no {found.day} {MONTHS[found.month - 1]} in that year", 0) from wrong
        if found.year and exact > today:
            raise InvalidAnswer("The date of birth must be in the past", 2)
    return found


def _number(text: str, allowed: range, flaw: InvalidAnswer) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) not in allowed:
        raise flaw
    return int(text)


def _month(text: str) -> int | None:
    for number, name in enumerate(MONTHS, start=1):
        if text.casefold() in {name.casefold(), name[:3].casefold()}:
            return number
    return _number(text, range(1, 13), InvalidAnswer("The month must be a number from 1 to 12, or its name", 1))


def contradictions(answers: Mapping[str, Answer], today: date) -> dict[str, str]:
    """Name the answers that cannot both be right: question name to sentence. Source: the referral criteria, 18 or over."""
    born = answers.get("offender_birth_date")
    if isinstance(born, PartialDate) and born.year and answers.get("offender_adult") == "yes":
        eighteen = (born.year + ADULT_AGE, born.month or 1, (born.day or 1) if born.month else 1)
        if eighteen > (today.year, today.month, today.day):
            return {
                "offender_birth_date": "The date of birth says they are under 18, but you chose 18 or over. "
                "Change one of them"
            }
    return {}


def answer_text(question: Question, answer: Answer) -> tuple[str, ...]:
    """Give an answer as a reader sees it: the labels of what was chosen, or the text exactly as it was typed."""
    match question.answer, answer:
        case ((OneOf(choices=choices) | AnyOf(choices=choices)), (str() | tuple())):
            given = (answer,) if isinstance(answer, str) else answer
            return tuple(choice.label for choice in choices if choice.code in given)
        case Tick(statement=statement), _:
            return (statement,)
        case _, PartialDate(day=day, month=month, year=year):
            parts = (str(day or ""), MONTHS[month - 1] if month else "", str(year or "(year not given)"))
            return (" ".join(part for part in parts if part),)
        case _:
            return (str(answer),)
