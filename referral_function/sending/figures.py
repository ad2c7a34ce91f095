"""Figures without people: which counters a referral adds to, and what of a month's counters may be shown.

A counter is a list and an item, such as `route:person_harmed/police`. Nothing is counted by person, and nothing finer
than a month. Of a month that is over, a count from 1 to 4 is shown as “under 5”. The items of a breakdown add up to
`outcome:accepted`, so that one of them would follow from the others: then larger items are hidden too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from referral_function.asking.answer_types import codes
from referral_function.asking.questions import Route
from referral_function.asking.referral import Referral, offered_codes, questions_by_name
from referral_function.deciding.decision import CRITERIA, Signposted

SMALLEST_SHOWN = 5
UNDER, HIDDEN = f"under {SMALLEST_SHOWN}", "not shown"
REPEATED = ("outcome:repeated",)
_ACCEPTED, _CALLED_BACK = "outcome:accepted", "outcome:called_back"
_NOT_ANSWERED = "not_answered"
_CHOSEN = {"offence_group": ("several", _NOT_ANSWERED), "victim_led": (_NOT_ANSWERED,)}
"""Questions whose answer is an item, and the items beside their choices."""


def of_accepted(referral: Referral) -> tuple[str, ...]:
    """Return the counters of a referral that was stored for the first time."""
    if referral.route is Route.CONTACT_ME:
        return (_CALLED_BACK,)
    organisation = referral.answers.get("organisation_type")
    age = referral.answers.get("victim_age_group")
    is_child = age == "under_18" or referral.route is Route.MY_CHILD
    return (
        _ACCEPTED,
        f"route:{referral.route}/{organisation}" if organisation else f"route:{referral.route}",
        *(f"{name}:{_chosen(referral, name)}" for name in _CHOSEN),
        f"under_18:{'yes' if is_child else 'no_or_not_known'}",
    )


def of_signposted(decision: Signposted) -> tuple[str, ...]:
    """Return the counters of an answer that leads elsewhere: the reasons alone."""
    return tuple(f"signposted:{criterion.code}" for criterion, _reason in decision.reasons)


def all_counters() -> Iterator[str]:
    """Iterate over every counter there can be, in the order in which they are shown."""
    yield from (_ACCEPTED, _CALLED_BACK, *REPEATED)
    yield from (f"signposted:{criterion.code}" for criterion in CRITERIA)
    for route in Route:
        if "organisation_type" in questions_by_name(route):
            yield from (f"route:{route}/{code}" for code in sorted(offered_codes()["organisation_type"]))
        elif route is not Route.CONTACT_ME:
            yield f"route:{route}"
    for name, others in _CHOSEN.items():
        yield from (f"{name}:{code}" for code in [*sorted(offered_codes()[name]), *others])
    yield from ("under_18:yes", "under_18:no_or_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line: what was counted, and the count as it may be shown."""

    list: str
    item: str
    shown: str


def shown_figures(counts: Mapping[str, int]) -> list[Figure]:
    """Return what may be shown of the counters of one month."""
    shown: dict[str, str] = {}
    for name, group in groupby(all_counters(), lambda counter: counter.partition(":")[0]):
        counters = list(group)
        cells = [counts.get(counter, 0) for counter in counters]
        if name in {"outcome", "signposted"}:  # they add up to nothing that is shown
            shown.update(zip(counters, map(_one, cells), strict=True))
            continue
        known = [
            sum(int(text) for each, text in shown.items() if text.isdigit() and counter in _implied(each))
            for counter in counters
        ]
        rest = shown_breakdown([cell - part for cell, part in zip(cells, known, strict=True)])
        for counter, cell, part, text in zip(counters, cells, known, rest, strict=True):
            shown[counter] = str(cell) if text.isdigit() else HIDDEN if part else text
    return [
        Figure(list=name, item=item, shown=text)
        for name, _, item, text in ((*counter.partition(":"), text) for counter, text in shown.items())
    ]


def _implied(counter: str) -> Iterator[str]:
    """Iterate over the counters to which the route alone adds: what is shown of both would tell the difference."""
    name, _, item = counter.partition(":")
    if name == "route":
        route = Route(item.partition("/")[0])
        if "victim_led" not in questions_by_name(route):
            yield f"victim_led:{_NOT_ANSWERED}"
        if "victim_age_group" not in questions_by_name(route):
            yield "under_18:yes" if route is Route.MY_CHILD else "under_18:no_or_not_known"


def shown_breakdown(cells: Sequence[int]) -> list[str]:
    """Return what may be shown of counts whose total is shown.

    Beside small counts larger ones are hidden, in the order of the list: an order by size would say something about
    them. It is enough when every small count could be 4 and every hidden one 5. If it never is, nothing is shown.
    """
    shown = [_one(cell) for cell in cells]
    small = shown.count(UNDER)
    hidden, total = 0, sum(cell for cell, text in zip(cells, shown, strict=True) if text == UNDER)
    if small == 0:
        return shown
    for index, cell in enumerate(cells):
        if cell >= SMALLEST_SHOWN:
            shown[index], hidden, total = HIDDEN, hidden + 1, total + cell
            if total >= (SMALLEST_SHOWN - 1) * small + SMALLEST_SHOWN * hidden:
                return shown
    return [HIDDEN] * len(cells)


def month_of(moment: datetime | date) -> float:
    """Return the beginning of its month in London, in seconds since 1970."""
    local = moment.astimezone(ZoneInfo("Europe/London")) if isinstance(moment, datetime) else moment
    return datetime(local.year, local.month, 1, tzinfo=UTC).timestamp()


def _chosen(referral: Referral, name: str) -> str:
    chosen = codes(referral.answers[name]) if name in referral.answers else ()
    return "several" if len(chosen) > 1 else next(iter(chosen), _NOT_ANSWERED)


def _one(count: int) -> str:
    return UNDER if 0 < count < SMALLEST_SHOWN else str(count)
