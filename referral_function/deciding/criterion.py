"""What a criterion is: a public sentence, and what each answer means for it.

An outcome holds when every answer it names was given; the first outcome of a criterion that holds counts, and a criterion
of which none holds is met.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from referral_function.asking.questions import EVERYONE, Answer, Route, codes

Answers: TypeAlias = Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """We can help, and this is what to know: `flag` for the service, `sentence` for the referrer where they need it."""

    flag: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """We cannot take this referral: why, what to do instead, and which services elsewhere can help.

    `also` is advice that is added when other answers were given too: (the answers, the sentence).
    """

    sentence: str
    instead: str
    elsewhere: tuple[str, ...] = ()
    also: tuple[tuple[Mapping[str, frozenset[str]], str], ...] = ()

    def advice(self, answers: Answers) -> tuple[str, ...]:
        """Give what to do instead, and the added advice for these answers."""
        return (self.instead, *(sentence for when, sentence in self.also if matches(when, answers)))


Effect: TypeAlias = Note | Signpost


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What some answers mean for a criterion: all the questions named, each answered only with codes listed."""

    when: Mapping[str, frozenset[str]]
    effect: Effect
    routes: frozenset[Route] = EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One published rule: a short name, its public sentence, the questions that show it, and what their answers mean."""

    code: str
    name: str
    statement: str
    questions: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    routes: frozenset[Route] = EVERYONE
    only_when: Mapping[str, frozenset[str]] | None = None

    def applies(self, route: Route, answers: Answers) -> bool:
        """Say whether this rule has anything to look at on this route, with these answers."""
        return route in self.routes and (self.only_when is None or matches(self.only_when, answers))

    def outcome(self, route: Route, answers: Answers) -> Outcome | None:
        """Give the first outcome that holds; none means that the criterion is met, or not answered yet."""
        if self.applies(route, answers):
            for outcome in self.outcomes:
                if route in outcome.routes and matches(outcome.when, answers):
                    return outcome
        return None


def matches(when: Mapping[str, frozenset[str]], answers: Answers) -> bool:
    """Say whether each question named was answered, and only with codes listed."""
    return all(question in answers and codes(answers[question]) <= listed for question, listed in when.items())


def answers(**answers: str) -> Mapping[str, frozenset[str]]:
    """Write a condition down: question name and the codes, separated by blanks."""
    return {question: frozenset(listed.split()) for question, listed in answers.items()}
