"""The definition as a form on paper, in order and for any medium: print, Word and ODT show this one object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from referral_function.asking.questions import (
    AnyOf,
    Choice,
    DateParts,
    LongText,
    OneOf,
    Question,
    Route,
    ShortText,
    Tick,
)
from referral_function.asking.referral import questions, sections
from referral_function.deciding.criteria import CRITERIA_BY_HEADING, definition_version
from referral_function.papers.wording import BEFORE, HANDLING, HOW_TO_FILL_IN, SENDING, TITLES, filled

LANGUAGE = "en-GB"
TABLE_HEADINGS = ("What we ask", "Your answer")
LINE = 10  # millimetres from one line of handwriting to the next
_TICK_ONE = "Tick one box."
_LINES = 5  # for a long answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question as paper asks it: boxes to tick, parts of a date, or lines to write on."""

    question: Question
    condition: str = ""
    instruction: str = ""
    boxes: tuple[Choice, ...] = ()
    parts: tuple[str, ...] = ()
    lines: int = 0

    @property
    def hints(self) -> tuple[str, ...]:
        """Give what stands below the question."""
        return tuple(hint for hint in (self.question.hint, self.condition, self.instruction) if hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """A section with its number in the heading, as on the screen."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """Everything that the form of one route says on paper, in reading order."""

    route: Route
    service: str
    title: str
    before: tuple[str, ...]
    how_to_fill_in: str
    criteria: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[PaperPart, ...]
    handling: tuple[str, ...]
    sending: tuple[str, ...]
    version: str

    @property
    def head(self) -> str:
        """Say at the top of each page what a filled-in form is."""
        return "Confidential once filled in"

    @property
    def foot(self) -> str:
        """Say at the foot of each page which form it is."""
        return f"{self.title}. Form version {self.version}"

    @property
    def file_name(self) -> str:
        """Name the file; one for a person harmed gives nothing away in a folder that others see."""
        return "paper-form" if self.route is Route.MYSELF else f"referral-form-{self.route.slug}"


def paper_form(route: Route, service: Mapping[str, Any]) -> PaperForm:
    """Give the form of one route on paper; `service` is what `mkdocs.yml` says about the service."""
    return PaperForm(
        route=route,
        service=service["name"],
        title=TITLES[route],
        before=filled(BEFORE[route], service),
        how_to_fill_in=HOW_TO_FILL_IN,
        criteria=tuple((heading, tuple(each.statement for each in rules)) for heading, rules in CRITERIA_BY_HEADING),
        parts=tuple(
            PaperPart(
                title=f"{number}. {section.title}",
                rows=tuple(replace(_row(each), condition=_condition(each, route)) for each in section.questions),
            )
            for number, section in enumerate(sections(route), start=1)
        ),
        handling=filled(HANDLING[route], service),
        sending=filled(SENDING[route], service),
        version=definition_version(),
    )


def _condition(question: Question, route: Route) -> str:
    """Say when an answer is needed, where neither label nor hint says so: on paper nobody answers back."""
    said = f"{question.label} {question.hint}"
    if question.required_if is None or re.search(r"\bif you choo?se\b|^For a\b", said, re.IGNORECASE):
        return ""
    asked = next(each for each in questions(route) if each.name == question.required_if.question)
    offered = asked.answer.choices if isinstance(asked.answer, OneOf | AnyOf) else ()
    chosen = " or ".join(f"“{choice.label}”" for choice in offered if choice.code in question.required_if.any_of)
    return f"Needed only if you chose {chosen}."


def _row(question: Question) -> Row:
    match question.answer:
        case ShortText():
            return Row(question=question, lines=1)
        case LongText():
            return Row(question=question, lines=_LINES)
        case OneOf(choices=choices):
            return Row(question=question, instruction=_TICK_ONE, boxes=choices)
        case AnyOf(choices=choices):
            return Row(question=question, boxes=choices)
        case DateParts():
            return Row(question=question, parts=("Day", "Month", "Year"))
        case Tick(statement=statement):
            return Row(question=question, boxes=(Choice(code="yes", label=statement),))
        case _:
            assert_never(question.answer)
