"""All published criteria, and the version of the definition.

The decision, the notices on the form, the public pages, the Signposted page and the letter read `CRITERIA`.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from referral_function import __version__
from referral_function.asking.questions import Route
from referral_function.asking.referral import sections
from referral_function.deciding.criterion import Criterion, Outcome, Signpost
from referral_function.deciding.eligibility import ELIGIBILITY
from referral_function.deciding.prerequisites import PREREQUISITES

CRITERIA_BY_HEADING: tuple[tuple[str, tuple[Criterion, ...]], ...] = (
    ("Who can be referred?", ELIGIBILITY),
    ("What must be there for Restorative Justice to go ahead?", PREREQUISITES),
)
CRITERIA: tuple[Criterion, ...] = ELIGIBILITY + PREREQUISITES


def first_section_signposts(route: Route) -> Iterator[tuple[Outcome, Signpost]]:
    """Iterate over the signposts of a route that the first section alone decides, for the notices on the form."""
    first = {question.name for question in sections(route)[0].questions}
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            here = route in criterion.routes & outcome.routes and outcome.when.keys() <= first
            if here and isinstance(outcome.effect, Signpost):
                yield outcome, outcome.effect


@cache
def definition_version() -> str:
    """Return the package version and 8 hex digits of a hash over all questions and criteria."""
    whole = json.dumps([*map(sections, Route), CRITERIA], default=_to_json, sort_keys=True)
    return f"{__version__}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _to_json(value: Any) -> object:  # noqa: ANN401 - a set, or a dataclass with slots
    return sorted(value) if isinstance(value, frozenset) else {name: getattr(value, name) for name in value.__slots__}
