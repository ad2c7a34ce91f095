"""The questions as WTForms fields, and what was posted back into answers: the only place that knows WTForms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import ValidationError

from referral_function.asking.answers import Flaw, contradictions, normalised, parse
from referral_function.asking.questions import Answer, AnyOf, DateParts, Question, Route
from referral_function.asking.referral import Referral, sections

DATE_PARTS = ("day", "month", "year")


class AnswerField(Field):
    """One question bound to what was posted; `data` is kept as typed, `answer` is what it means, if anything."""

    def __init__(self, question: Question, number: int, **known: Any) -> None:  # noqa: ANN401 - WTForms' own arguments
        super().__init__(question.label, id=f"q{number}", **known)
        self.question = question
        self.data: list[str] = []
        self.answer: Answer | None = None
        self.wrong_part = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names under which a browser posts this answer."""
        if isinstance(self.question.answer, DateParts):
            return tuple(f"{self.name}-{part}" for part in DATE_PARTS)
        return (self.name,)

    def process(self, formdata: Any, *_ignored: object, **_also: object) -> None:  # noqa: ANN401 - the type of WTForms
        """Take what was posted: all values where several can be chosen, the first one elsewhere."""
        self.process_errors = []
        lists = [formdata.getlist(name) if formdata is not None else [] for name in self.names]
        keep_all = isinstance(self.question.answer, AnyOf)
        self.data = lists[0] if keep_all else [normalised(values[0]) if values else "" for values in lists]

    @property
    def text(self) -> str:
        """Give the one text of an answer that has one."""
        return self.data[0] if self.data else ""

    def control(self) -> str:
        """Name the control that an error leads to: the first one, or the part of a date that is wrong."""
        return f"{self.id}-{self.wrong_part + 1}" if self.wrong_part else str(self.id)

    def posted(self) -> Iterator[tuple[str, str]]:
        """Give name and value of everything that has to be posted again for this answer."""
        names: Iterable[str] = self.names if len(self.names) > 1 else [self.name] * len(self.data)
        return ((name, value) for name, value in zip(names, self.data, strict=True) if value)


class ReferralForm(Form):
    """All questions of one route with what was posted for them."""

    route: Route
    today: date

    def __init__(self, posted: MultiDict[str, str] | None, today: date) -> None:
        self.today = today
        super().__init__(posted)
        self.validate()

    @property
    def fields(self) -> dict[str, AnswerField]:
        """Give the fields by question name."""
        return {name: field for name, field in self._fields.items() if isinstance(field, AnswerField)}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Read every answer, then see what is missing or contradicts; each field keeps its own sentences."""
        super().validate(extra_validators)
        answers = self.answers
        clashes = contradictions(answers, self.today)
        for name, field in self.fields.items():
            if not field.errors and name not in answers and field.question.is_required(answers):
                field.errors = [field.question.missing]
            if name in clashes:
                field.errors = [clashes[name]]
        return not self.errors

    @property
    def answers(self) -> dict[str, Answer]:
        """Give what was answered and can be read."""
        return {name: field.answer for name, field in self.fields.items() if field.answer is not None}

    def flawed(self, names: Iterable[str] | None = None) -> list[AnswerField]:
        """List the fields with an error in order; only those of some questions when named."""
        chosen = self.fields.keys() if names is None else set(names)
        return [field for name, field in self.fields.items() if field.errors and name in chosen]

    def keep_errors(self, fields: Iterable[AnswerField]) -> None:
        """Forget every error but those of some fields, for a form that comes back for another reason."""
        kept = {field.name for field in fields}
        for name, field in self.fields.items():
            if name not in kept:
                field.errors = []

    def referral(self) -> Referral:
        """Give the complete referral; only for a form without errors."""
        return Referral(route=self.route, answers=self.answers)


def _read(form: ReferralForm, field: AnswerField) -> None:
    try:
        field.answer = parse(field.question, field.data, form.today)
    except Flaw as flaw:
        field.wrong_part = flaw.part
        raise ValidationError(str(flaw)) from flaw


def form_for(route: Route) -> type[ReferralForm]:
    """Make the form of one route from the definition."""
    asked = [question for section in sections(route) for question in section.questions]
    fields: Mapping[str, Any] = {
        question.name: AnswerField(question, number, validators=[_read])
        for number, question in enumerate(asked, start=1)
    }
    return type("ReferralFormOnRoute", (ReferralForm,), {"route": route, **fields})
