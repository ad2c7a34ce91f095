"""Decide on one referral by all published criteria: accepted, with notes, or signposted, with every reason.

Takes parsed answers, so that the first section can be checked alone. The notices on the form, the public pages and the
letter read `CRITERIA` too. Source: the published referral criteria.
"""

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from referral_function import __version__
from referral_function.asking.questions import Route
from referral_function.asking.referral import LAYOUTS, first_section
from referral_function.deciding.criterion import Answers, Criterion, Note, Signpost
from referral_function.deciding.eligibility import ELIGIBILITY
from referral_function.deciding.prerequisites import PREREQUISITES

CRITERIA_BY_HEADING: tuple[tuple[str, tuple[Criterion, ...]], ...] = (
    ("Who can be referred?", ELIGIBILITY),
    ("What must be there for Restorative Justice to go ahead?", PREREQUISITES),
)
CRITERIA: tuple[Criterion, ...] = ELIGIBILITY + PREREQUISITES


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Every criterion is met; each note with its criterion."""

    notes: tuple[tuple[Criterion, Note], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signposted:
    """At least one criterion is not met; each of them with its reason."""

    reasons: tuple[tuple[Criterion, Signpost], ...]


Decision: TypeAlias = Accepted | Signposted


def decide(route: Route, answers: Answers) -> Decision:
    """Apply every criterion to the answers given so far; a question without an answer leads to no signpost."""
    outcomes = [(criterion, criterion.outcome(route, answers)) for criterion in CRITERIA]
    reasons = tuple((criterion, outcome) for criterion, outcome in outcomes if isinstance(outcome, Signpost))
    if reasons:
        return Signposted(reasons=reasons)
    return Accepted(notes=tuple((criterion, outcome) for criterion, outcome in outcomes if isinstance(outcome, Note)))


def first_section_signposts(route: Route) -> Iterator[Signpost]:
    """Iterate over the signposts of a route that the first section alone decides, for the notices on the form."""
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            here = route in criterion.routes & outcome.routes and outcome.when.keys() <= first_section(route)
            if here and isinstance(outcome, Signpost):
                yield outcome


@functools.cache
def definition_version() -> str:
    """Return the package version and 8 hex digits of a hash over all questions and criteria."""
    whole = json.dumps([LAYOUTS, CRITERIA], default=_to_json, sort_keys=True)
    return f"{__version__}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _to_json(value: Any) -> object:  # noqa: ANN401 - a set, or a dataclass with slots
    return sorted(value) if isinstance(value, frozenset) else {name: getattr(value, name) for name in value.__slots__}
