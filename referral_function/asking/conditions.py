"""When a question is needed: conditions on the answers to other questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from referral_function.asking.answer_types import Answer, codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Makes a question needed: met when another question is answered with one of some codes."""

    question: str
    any_of: frozenset[str]

    def is_met(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether one of the codes was chosen."""
        return not self.any_of.isdisjoint(codes(answers.get(self.question)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneAnswered:
    """Makes a question needed: met while none of some other questions is answered."""

    questions: tuple[str, ...]

    def is_met(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether none is answered."""
        return answers.keys().isdisjoint(self.questions)
