"""The data types of a criterion: its public sentence, and its outcomes for the answers given.

The first outcome whose condition matches counts; a criterion with no matching outcome is met. Where people refer
themselves, a question that they left out counts as not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType, TypeAlias

from referral_function.asking.answer_types import Answer, Weight, codes
from referral_function.asking.questions import EVERYONE, REFERRALS, Route
from referral_function.asking.referral import offered_codes

Answers: TypeAlias = Mapping[str, Answer]
AnswerCondition = NewType("AnswerCondition", Mapping[str, frozenset[str]])
"""The codes that each question may have been answered with, by question name; made by `answers` alone."""
_NOT_KNOWN = frozenset({"not_known", "not_sure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The criterion is met: `flag` tells the service what to look at, `sentence` the referrer where they need it."""

    when: AnswerCondition
    routes: frozenset[Route] = EVERYONE
    flag: str
    weight: Weight = Weight.OTHER
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """The criterion is not met: why, as a person would say it and in full, what to do instead, and who else can help.

    `other_services` are ids of `extra.other_services`. `also` adds advice where other answers match: (condition, sentence).
    """

    when: AnswerCondition
    routes: frozenset[Route] = EVERYONE
    heading: str
    sentence: str
    instead: str
    other_services: tuple[str, ...] = ()
    also: tuple[tuple[AnswerCondition, str], ...] = ()

    def advice(self, answers: Answers) -> tuple[str, ...]:
        """Return what to do instead, with the added advice for these answers."""
        return (self.instead, *(sentence for condition, sentence in self.also if matches(condition, answers)))


Outcome: TypeAlias = Note | Signpost
"""What a criterion says for the answers of `when`, on some routes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A published rule: `questions` are those whose answers the letter shows for it."""

    code: str
    name: str
    statement: str
    questions: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    routes: frozenset[Route] = REFERRALS
    only_when: AnswerCondition | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` for a question that is not in the definition."""
        if unknown := set(self.questions) - offered_codes().keys():
            raise ValueError(f"Criterion {self.code}: no route asks {sorted(unknown)}.")

    def applies(self, route: Route, answers: Answers) -> bool:
        """Return whether the criterion has to be looked at on this route with these answers."""
        known = self._with_not_known(route, answers)
        return route in self.routes and (self.only_when is None or matches(self.only_when, known))

    def outcome(self, route: Route, answers: Answers) -> Outcome | None:
        """Return the first matching outcome; None if the criterion is met, or not answered yet."""
        if self.applies(route, answers):
            known = self._with_not_known(route, answers)
            for outcome in self.outcomes:
                if route in outcome.routes and matches(outcome.when, known):
                    return outcome
        return None

    def _with_not_known(self, route: Route, answers: Answers) -> Answers:
        if not route.is_own:
            return answers
        offered = {name: offered_codes()[name] & _NOT_KNOWN for name in self.questions}
        return {**{name: min(found) for name, found in offered.items() if found}, **answers}


def matches(condition: AnswerCondition, answers: Answers) -> bool:
    """Return whether each question of the condition was answered, and only with the codes listed."""
    return all(question in answers and codes(answers[question]) <= listed for question, listed in condition.items())


def answers(**codes_by_question: str) -> AnswerCondition:
    """Build a condition from question names and codes separated by blanks.

    Raises `ValueError`, when the criteria are imported, for a question or a code that is not in the definition.
    """
    condition = {question: frozenset(listed.split()) for question, listed in codes_by_question.items()}
    for question, listed in condition.items():
        if unknown := listed - offered_codes().get(question, frozenset()):
            raise ValueError(f"No route offers {sorted(unknown)} as an answer to {question}.")
    return AnswerCondition(condition)
