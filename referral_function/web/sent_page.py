"""What the sent page shows beside the reference; it travels in the encrypted receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from referral_function.asking.answer_types import codes
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.deciding.criterion import Answers
from referral_function.deciding.support_lines import Helps, fitting_support

_KINDS = (None, Route.CONTACT_ME, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """`route` is known where the page differs by it; `support`: whom the support lines on it help."""

    route: Route | None
    person_will_call: bool
    support: tuple[Helps, ...]

    @classmethod
    def of(cls, route: Route, answers: Answers) -> Self:
        """Return what the sent page of a referral shows."""
        return cls(
            route=route if route in _KINDS else None,
            person_will_call=any(
                choice.way and not choice.way.by and choice.code in codes(answers.get(question.name))
                for question in questions(route)
                for choice in question.choices
            ),
            support=fitting_support(route, answers),
        )

    def to_numbers(self) -> list[int]:
        """Return numbers of one digit, always as many: the length of an address says nothing."""
        return [_KINDS.index(self.route), int(self.person_will_call), *(int(each in self.support) for each in Helps)]

    @classmethod
    def from_numbers(cls, numbers: Sequence[int]) -> Self:
        """Return what `to_numbers` wrote. Raises `ValueError` for too few or too many."""
        kind, person_will_call, *support = numbers
        shown = zip(Helps, support, strict=True)
        return cls(
            route=_KINDS[kind],
            person_will_call=bool(person_will_call),
            support=tuple(each for each, is_shown in shown if is_shown),
        )
