"""The HTML of a form: each question as a kind of input, and the notices below answers that signpost elsewhere."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from jinja2 import Environment

from referral_function.asking.answer_types import AnswerType, AnyOf, DateParts, LongText, OneOf, ShortText, TextFormat
from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions, sections
from referral_function.deciding.decision import first_section_signposts
from referral_function.papers.wording import ONLINE

_INPUT_TYPES = {TextFormat.ANY: "text", TextFormat.EMAIL: "email", TextFormat.PHONE: "tel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence shown below a question once its answer signposts elsewhere; `needs_another`: together with another one."""

    sentence: str
    needs_another: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The notices of a route by question, and the data attributes that the stylesheet knows those choices by."""

    by_question: Mapping[str, Sequence[Notice]]
    attributes: Mapping[tuple[str, str], Sequence[str]]  # (question, code)


def render_form(jinja: Environment, form: ReferralForm, token: str = "", *, is_change: bool = False) -> str:
    """Render the form with its answers and errors; `token` goes with it as a hidden input.

    `is_change`: it comes back from the review, and each section ends with a button that leads there.
    """
    return jinja.get_template("form.html").render(
        route=form.route,
        sections=sections(form.route),
        fields=form.answer_fields,
        input_type=_input_type,
        notices=notices(form.route),
        token=token,
        is_change=is_change,
    )


def render_blank_form(jinja: Environment, route: Route) -> str:
    """Render the form before anything was typed."""
    return render_form(jinja, ReferralForm(route, None, date.min))


def render_closed_notice(jinja: Environment, route: Route, status: str = "") -> str:
    """Render what stands in place of a closed form; `status` says what became of posted answers."""
    paper = jinja.globals["paper"](route)  # type: ignore[operator] # set by make_environment
    sending = [sentence for sentence in paper.sending if sentence != ONLINE]
    return jinja.get_template("closed.html").render(file_name=paper.file_name, sending=sending, sent=status)


def _input_type(answer: AnswerType) -> str:
    """Return the `type` of a question's inputs, or `textarea` or `date`, which have their own macro in `fields.html`."""
    match answer:
        case ShortText(text_format=text_format):
            return _INPUT_TYPES[text_format]
        case LongText():
            return "textarea"
        case DateParts():
            return "date"
        case OneOf():
            return "radio"
        case AnyOf():
            return "checkbox"
        case _:
            assert_never(answer)


@functools.cache
def notices(route: Route) -> Notices:
    """Return the notices of a professional route; other routes have none."""
    by_question: dict[str, list[Notice]] = {}
    attributes: dict[tuple[str, str], list[str]] = {}
    order = [question.name for question in questions(route)]
    for signpost in first_section_signposts(route) if route.is_professional else ():
        *others, last = sorted(signpost.when, key=order.index)
        by_question.setdefault(last, []).append(Notice(sentence=signpost.sentence, needs_another=bool(others)))
        for name, attribute in [(last, "data-away"), *((name, "data-also") for name in others)]:
            for code in sorted(signpost.when[name]):
                attributes.setdefault((name, code), []).append(attribute)
    return Notices(by_question=by_question, attributes=attributes)
