"""What never changes on a form: the markup of each choice, and the notices below the questions that can lead away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never

from markupsafe import Markup

from referral_function.asking.form import AnswerField, ReferralForm
from referral_function.asking.questions import (
    PROFESSIONAL,
    AnswerType,
    AnyOf,
    Choice,
    DateParts,
    LongText,
    OneOf,
    Route,
    ShortText,
    TextFormat,
    Tick,
)
from referral_function.asking.referral import questions
from referral_function.deciding.criteria import first_section_signposts

Option: TypeAlias = tuple[str, Markup, Markup]
"""A code, and the markup of its choice before and after the place where `checked` goes."""
Marks: TypeAlias = Mapping[tuple[str, str], Sequence[str]]
_CHECKED = " checked"
_INPUTS = {TextFormat.ANY: "text", TextFormat.EMAIL: "email", TextFormat.PHONE: "tel"}


class Macros(Protocol):
    """The macros that render what never changes."""

    asked: Callable[..., str]
    option: Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence that appears below a question as soon as its answer leads away; `also`: if another answer does too."""

    sentence: str
    also: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What never changes about one question on a form; `type` is that of its input, `hint` the id of its hint."""

    kind: str
    type: str
    asked: Markup
    hint: str
    options: Sequence[Option]
    notices: Sequence[Notice]


def fixed(form: ReferralForm, macros: Macros) -> Mapping[str, Fixed]:
    """Prepare what never changes on a form, by question name."""
    notices, marks = _notices(form.route)
    found = {}
    for field in form.fields.values():
        kind, kind_of_input, offered = _kind(field.question.answer)
        asked = macros.asked(field, "label" if kind in {"line", "long"} else "legend")
        found[field.name] = Fixed(
            kind=kind,
            type=kind_of_input,
            asked=Markup(asked),  # noqa: S704 - rendered by our own macro, which escapes
            hint=f"{field.id}-hint" if field.question.hint else "",
            options=[
                _option(field, number, choice, kind_of_input, macros, marks) for number, choice in enumerate(offered, 1)
            ],
            notices=notices.get(field.name, ()),
        )
    return found


def _kind(answer: AnswerType) -> tuple[str, str, tuple[Choice, ...]]:
    """Give how a kind of answer is shown, the type of its input, and its choices."""
    match answer:
        case ShortText(shape=shape):
            return "line", _INPUTS[shape], ()
        case LongText():
            return "long", "", ()
        case DateParts():
            return "date", "text", ()
        case OneOf(choices=offered):
            return "choices", "radio", offered
        case AnyOf(choices=offered):
            return "choices", "checkbox", offered
        case Tick(statement=statement):
            return "choices", "checkbox", (Choice(code="yes", label=statement),)
        case _:
            assert_never(answer)


def _option(  # noqa: PLR0913, PLR0917 - what one choice is made of
    field: AnswerField, number: int, choice: Choice, kind: str, macros: Macros, marks: Marks
) -> Option:
    html = macros.option(field, choice, number, kind, marks.get((field.name, choice.code), ()))
    before, _, after = html.partition(_CHECKED)
    return choice.code, Markup(before), Markup(after)  # noqa: S704 - rendered by our own macro, which escapes


def _notices(route: Route) -> tuple[Mapping[str, Sequence[Notice]], Marks]:
    """Give the notices by question, and the marks by which the stylesheet knows an answer that leads away."""
    notices: dict[str, list[Notice]] = {}
    marks: dict[tuple[str, str], list[str]] = {}
    order = [question.name for question in questions(route)]
    for outcome, redirect in first_section_signposts(route) if route in PROFESSIONAL else ():
        *also, last = sorted(outcome.when, key=order.index)
        notices.setdefault(last, []).append(Notice(sentence=redirect.sentence, also=bool(also)))
        for name, mark in [(last, "away"), *((name, "also") for name in also)]:
            for code in sorted(outcome.when[name]):
                marks.setdefault((name, code), []).append(mark)
    return notices, marks
