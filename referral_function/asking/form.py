"""The questions as WTForms fields, and what was posted back into answers: the only place that knows WTForms.

A field is bound once for each route, and every form gets copies: binding 49 fields anew took a quarter of the time of
accepting a referral. `bind_field` and `pre_validate` are the places that WTForms keeps for such differences.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError

from referral_function.asking.answers import InvalidAnswer, contradictions, normalised, parse
from referral_function.asking.questions import Answer, AnyOf, DateParts, Question, Route
from referral_function.asking.referral import Referral, questions

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

DATE_PARTS = ("day", "month", "year")


class AnswerField(Field):
    """One question bound to what was posted under its names; `data` is kept as typed, `answer` is what it means."""

    def __init__(self, question: Question, number: int) -> None:
        super().__init__(question.label, id=f"q{number}", name=question.name, _form=None, _meta=_META)
        self.question = question
        in_parts = isinstance(question.answer, DateParts)
        self.names = [f"{question.name}-{part}" for part in DATE_PARTS] if in_parts else [question.name]
        self.data: list[str] = []
        self.answer: Answer | None = None
        self.wrong_part = 0

    def __new__(cls, *_known: object) -> Self:
        """Make a field at once; WTForms would wait for a form to bind it to."""
        return object.__new__(cls)

    def copied(self) -> Self:
        """Give another field like this one, for the answers of another form."""
        other = object.__new__(type(self))
        other.__dict__ |= self.__dict__
        return other

    def process(self, formdata: Any, *_ignored: object, **_also: object) -> None:  # noqa: ANN401 - the type of WTForms
        """Take what was posted: all values where several can be chosen, the first one elsewhere."""
        self.process_errors = []
        lists = [formdata.getlist(name) if formdata is not None else [] for name in self.names]
        keep_all = isinstance(self.question.answer, AnyOf)
        self.data = lists[0] if keep_all else [normalised(values[0]) if values else "" for values in lists]

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 - a ReferralForm, as no other has such fields
        """Read what it means; a flaw becomes the sentence of its error."""
        try:
            self.answer = parse(self.question, self.data, form.today)
        except InvalidAnswer as flaw:
            self.wrong_part = flaw.part
            raise ValidationError(str(flaw)) from flaw

    @property
    def text(self) -> str:
        """Give the one text of an answer that has one."""
        return self.data[0] if self.data else ""

    def error_target_id(self) -> str:
        """Name the control that an error leads to: the first one, or the part of a date that is wrong."""
        return f"{self.id}-{self.wrong_part + 1}" if self.wrong_part else str(self.id)

    def posted(self) -> Iterator[tuple[str, str]]:
        """Give name and value of everything that has to be posted again for this answer."""
        names: Iterable[str] = self.names if len(self.names) > 1 else [self.name] * len(self.data)
        return ((name, value) for name, value in zip(names, self.data, strict=True) if value)


class _Meta(DefaultMeta):
    def bind_field(self, _form: BaseForm, unbound_field: Any, _options: object) -> Any:  # noqa: ANN401 - an AnswerField
        return unbound_field.copied()


_META = _Meta()


class ReferralForm(BaseForm):
    """All questions of one route with what was posted for them; `answers` are those that can be read.

    `token` is what goes round with a form that comes back, where a press of Send may have stored it already.
    """

    token = ""

    def __init__(
        self, route: Route, fields: Mapping[str, Any], posted: "MultiDict[str, str] | None", today: date
    ) -> None:
        super().__init__(fields, meta=_META)
        self.route, self.today = route, today
        self.fields: dict[str, Any] = dict(self._fields)  # each an AnswerField
        self.process(posted)
        self.validate()
        self.answers = {name: field.answer for name, field in self.fields.items() if field.answer is not None}
        self._validate_required()

    def _validate_required(self) -> None:
        """Each field keeps its own sentences; one that is answered, but contradicts another, gets a new one."""
        clashes = contradictions(self.answers, self.today)
        for name, field in self.fields.items():
            if not field.errors and name not in self.answers and field.question.is_required(self.answers):
                field.errors = [field.question.missing]
            if name in clashes:
                field.errors = [clashes[name]]

    def fields_with_errors(self, names: Iterable[str] | None = None) -> list[AnswerField]:
        """List the fields with an error in order; only those of some questions when named."""
        chosen = self.fields.keys() if names is None else set(names)
        return [field for name, field in self.fields.items() if field.errors and name in chosen]

    def clear_errors(self, fields: Iterable[AnswerField]) -> None:
        """Forget every error but those of some fields, for a form that comes back for another reason."""
        kept = {field.name for field in fields}
        for name, field in self.fields.items():
            if name not in kept:
                field.errors = []

    def referral(self) -> Referral:
        """Give the complete referral; only for a form without errors."""
        return Referral(route=self.route, answers=self.answers)


def form_for(route: Route) -> "Callable[[MultiDict[str, str] | None, date], ReferralForm]":
    """Make what binds a post to the form of one route, from the definition."""
    fields = {question.name: AnswerField(question, number) for number, question in enumerate(questions(route), start=1)}
    return functools.partial(ReferralForm, route, fields)
