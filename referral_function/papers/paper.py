"""The definition as a paper form, in reading order: the print page, the Word and the ODT file show this one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from referral_function.asking.answer_types import AnyOf, DateParts, LongText, OneOf, ShortText
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import sections
from referral_function.deciding.decision import CRITERIA_BY_HEADING, definition_version
from referral_function.papers.wording import BEFORE_YOU_START, HANDLING, HOW_TO_FILL_IN, SENDING, TITLES, fill_in

PAPER_ROUTES = tuple(route for route in Route if BEFORE_YOU_START[route])
"""The routes that have a form on paper: to be contacted first, a call does as well."""
_LINES = 5  # for a long answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question in a table; its answer is ticked, a date in parts, or written on lines."""

    question: Question
    hints: tuple[str, ...]
    date_parts: tuple[str, ...] = ()
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSection:
    """A section with its number in the title, as on the screen."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """The whole text of the paper form of one route."""

    route: Route
    service: str
    title: str
    before_you_start: tuple[str, ...]
    how_to_fill_in: str
    criteria: tuple[tuple[str, tuple[str, ...]], ...]
    sections: tuple[PaperSection, ...]
    handling: tuple[str, ...]
    sending: tuple[str, ...]
    version: str
    header: str = "Confidential once filled in"

    @property
    def footer(self) -> str:
        """The line at the foot of each page that names the form and its version."""
        return f"{self.title}. Form version {self.version}"

    @property
    def file_name(self) -> str:
        """The file name without extension; those of people harmed give nothing away in a folder that others see."""
        own = [route for route in PAPER_ROUTES if route.is_own]
        return f"paper-form-{own.index(self.route) + 1}" if self.route in own else f"referral-form-{self.route.slug}"


def paper_form(route: Route, service: Mapping[str, Any]) -> PaperForm:
    """Build the paper form of a route, without sentences around it if that is not on paper; `service` is `extra.service`."""
    return PaperForm(
        route=route,
        service=service["name"],
        title=TITLES[route],
        before_you_start=fill_in(BEFORE_YOU_START[route], service),
        how_to_fill_in=HOW_TO_FILL_IN,
        criteria=tuple((heading, tuple(each.statement for each in rules)) for heading, rules in CRITERIA_BY_HEADING),
        sections=tuple(
            PaperSection(title=f"{number}. {section.title}", rows=tuple(map(_row, section.questions)))
            for number, section in enumerate(sections(route), start=1)
        ),
        handling=fill_in(HANDLING[route], service),
        sending=fill_in(SENDING[route], service),
        version=definition_version(),
    )


def _row(question: Question) -> Row:
    hints = (question.hint,) if question.hint else ()
    match question.answer:
        case ShortText() | AnyOf():
            return Row(question=question, hints=hints)
        case LongText():
            return Row(question=question, hints=hints, lines=_LINES)
        case OneOf():
            return Row(question=question, hints=(*hints, "Tick one box."))
        case DateParts():
            return Row(question=question, hints=hints, date_parts=("Day", "Month", "Year"))
        case _:
            assert_never(question.answer)
