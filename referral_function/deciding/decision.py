"""Decide on one referral: accepted, with notes, or signposted, with every reason.

Takes parsed answers, so that the first section can be checked alone. Source: the published referral criteria.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from referral_function.asking.questions import Route
from referral_function.deciding.criteria import CRITERIA
from referral_function.deciding.criterion import Answers, Criterion, Note, Signpost


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Every criterion is met; each note with its criterion."""

    notes: tuple[tuple[Criterion, Note], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signposted:
    """At least one criterion is not met; each of them with its reason."""

    reasons: tuple[tuple[Criterion, Signpost], ...]


Decision: TypeAlias = Accepted | Signposted


def _effects(route: Route, answers: Answers) -> Iterator[tuple[Criterion, Note | Signpost]]:
    for criterion in CRITERIA:
        outcome = criterion.outcome(route, answers)
        if outcome is not None:
            yield criterion, outcome.effect


def decide(route: Route, answers: Answers) -> Decision:
    """Apply every criterion to the answers given so far; a question without an answer leads to no signpost."""
    effects = tuple(_effects(route, answers))
    reasons = tuple((criterion, effect) for criterion, effect in effects if isinstance(effect, Signpost))
    if reasons:
        return Signposted(reasons=reasons)
    return Accepted(notes=tuple((criterion, effect) for criterion, effect in effects if isinstance(effect, Note)))
