"""The WTForms form of a route: binds what was posted and parses it into answers.

The only module that imports WTForms. Each question becomes one `AnswerField`.
"""

import functools
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from wtforms import Field
from wtforms.form import BaseForm

from referral_function.asking.answer_types import Answer, AnyOf, DateParts, LongText
from referral_function.asking.answers import InvalidAnswer, contradictions, parse
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions
from referral_function.asking.text import UNREADABLE, first_words, normalise, visible

DATE_PARTS = ("day", "month", "year")
OTHER_LIMIT = 40  # characters of a code or a part of a date: longer than any that there is


class AnswerField(Field):
    """One question bound to its posted values: `data` as typed, `answer` as parsed (None: blank or invalid)."""

    def __init__(self, question: Question, today: date, **options: Any) -> None:  # noqa: ANN401 - WTForms' own options
        super().__init__(question.label, **options)
        self.question = question
        self._today = today
        has_parts = isinstance(question.answer, DateParts)
        self.names = [f"{question.name}-{part}" for part in DATE_PARTS] if has_parts else [question.name]
        self.data: list[str] = []
        self.answer: Answer | None = None
        self.invalid_parts: tuple[int, ...] = (0,)  # of a date: 0 day, 1 month, 2 year
        self.is_unreadable = False  # invalid, and no page can carry it back as it is: a character, or its length

    def process(self, formdata: Any, *_unused: object, **_defaults: object) -> None:  # noqa: ANN401 - WTForms' type
        """Take every posted value of a multiple choice, and the first one of any other input; then parse them."""
        self.process_errors = []
        posted = [formdata.getlist(name) if formdata is not None else [] for name in self.names]
        match self.question.answer:
            case AnyOf(choices=choices):
                self.data = [*dict.fromkeys(posted[0])][: len(choices) + 1]  # one that is none is an error
            case answer:
                one_line = not isinstance(answer, LongText)
                self.data = [normalise(values[0], one_line=one_line) if values else "" for values in posted]
        try:
            self.answer = parse(self.question, self.data, self._today)
        except InvalidAnswer as error:
            self.invalid_parts = error.parts
            cut = self._name_cut()
            self.process_errors = [f"{error}{cut}"]
            self.is_unreadable = bool(cut) or any(UNREADABLE.search(text) for text in self.data)
            self.errors = self.process_errors if self.is_unreadable else []
        else:
            if isinstance(self.question.answer, DateParts):
                self.data = [visible(text).strip() for text in self.data]  # so that a cut takes nothing from it
        self.data = [text[: self._limit] for text in self.data]

    @property
    def _limit(self) -> int:
        """The most characters of an input that a page repeats: its limit."""
        limit: int = getattr(self.question.answer, "limit", OTHER_LIMIT)
        return limit

    def _name_cut(self) -> str:
        """Return a sentence that names what is cut off, empty if nothing is."""
        cut = [first_words(text[self._limit :]) for text in self.data if len(text) > self._limit]
        named = " and ".join(f"“{words}”" for words in cut if words)
        sentence = ". We have kept only the beginning, and cut off the rest"
        return f"{sentence}{f', from {named} on' if named else ''}" if cut else ""

    @property
    def text(self) -> str:
        """The typed text of a question with one text input."""
        return self.data[0] if self.data else ""

    @property
    def error_target_id(self) -> str:
        """The id of the input that the error summary links to: the first one, or the first invalid part of a date."""
        part = self.invalid_parts[0]
        return f"{self.id}-{part + 1}" if part else str(self.id)

    def hidden_inputs(self) -> Iterator[tuple[str, str]]:
        """Yield name and value of each hidden input that posts this answer again."""
        names = self.names if len(self.names) > 1 else [self.name] * len(self.data)
        return ((name, value) for name, value in zip(names, self.data, strict=True) if value)


@functools.lru_cache(maxsize=2 * len(Route))  # around midnight, those of two days
def _unbound_fields(route: Route, today: date) -> Mapping[str, Any]:
    """Make the fields of a route for its forms of one day; AnswerField outside a form is WTForms' UnboundField."""
    asked = enumerate(questions(route), start=1)
    return {question.name: AnswerField(question, today, id=f"q{number}") for number, question in asked}


class ReferralForm(BaseForm):
    """All questions of one route with what was posted for them; `answers` holds those that could be parsed."""

    def __init__(self, route: Route, posted: Any, today: date) -> None:  # noqa: ANN401 - a MultiDict, or None when blank
        super().__init__(_unbound_fields(route, today))
        self.route, self.today = route, today
        self.process(posted)
        bound: dict[str, Any] = {field.name: field for field in self}
        self.answer_fields: Mapping[str, AnswerField] = bound  # by question name, in order
        self.answers: Mapping[str, Answer] = {
            name: field.answer for name, field in self.answer_fields.items() if field.answer is not None
        }

    def validate(self, *_unused: object, names: Collection[str] | None = None) -> bool:
        """Set the errors of every field, or of the questions named, and return whether there are none.

        A field has at most one: what contradicts another answer, is invalid, or is required and missing. An unreadable
        answer always has its own.
        """
        super().validate()
        contradicted = contradictions(self.answers, self.today)
        for name, field in self.answer_fields.items():
            if names is not None and name not in names:
                field.errors = field.errors if field.is_unreadable else []
            elif name in contradicted:
                field.errors = [contradicted[name]]
            elif not field.errors and field.answer is None and field.question.is_required(self.answers):
                field.errors = [field.question.missing]
        return not self.errors

    def has_unreadable_answers(self) -> bool:
        """Return whether a page that carries the answers on would change one."""
        return any(field.is_unreadable for field in self.answer_fields.values())

    def fields_with_errors(self) -> list[AnswerField]:
        """List the fields with an error, in order."""
        return [field for field in self.answer_fields.values() if field.errors]

    def referral(self) -> Referral:
        """Return the complete referral; only of a form without errors."""
        return Referral(route=self.route, answers=self.answers)
