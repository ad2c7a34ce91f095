"""The published criteria as data: each rule's public sentence beside what each answer means for it.

The decision, the notices on the form, the public page, the page for a referral we cannot take and the letter all read
`CRITERIA`. The statements are those that the service has published.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from referral_function import __version__
from referral_function.asking.questions import Route
from referral_function.asking.referral import SECTIONS
from referral_function.deciding.criterion import Criterion, Outcome, Signpost
from referral_function.deciding.eligibility import ELIGIBILITY
from referral_function.deciding.prerequisites import PREREQUISITES

CRITERIA_BY_HEADING: tuple[tuple[str, tuple[Criterion, ...]], ...] = (
    ("Who can be referred?", ELIGIBILITY),
    ("What must be there for Restorative Justice to go ahead?", PREREQUISITES),
)
CRITERIA: tuple[Criterion, ...] = ELIGIBILITY + PREREQUISITES


def first_section_signposts(route: Route) -> Iterator[tuple[Outcome, Signpost]]:
    """Give each redirect of a route whose answers all stand in the first section, for the notices on the form."""
    first = {question.name for question in SECTIONS[0].questions}
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            here = route in criterion.routes & outcome.routes and outcome.when.keys() <= first
            if here and isinstance(outcome.effect, Signpost):
                yield outcome, outcome.effect


@cache
def definition_version() -> str:
    """Give our version, and a short hash of everything we ask and decide by: each face names the form it comes from."""
    whole = json.dumps([SECTIONS, CRITERIA], default=_plain, sort_keys=True)
    return f"{__version__}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _plain(held: Any) -> object:  # noqa: ANN401 - whatever JSON has no word for: our own classes, and sets
    return {each.name: getattr(held, each.name) for each in fields(held)} if is_dataclass(held) else sorted(held)
