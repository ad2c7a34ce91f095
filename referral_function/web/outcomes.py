"""The outcomes of a post or of a receipt address, as data: `journey` returns one, `render` turns it into a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeAlias

from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.asking.referral import chosen_ways
from referral_function.deciding import decision
from referral_function.deciding.criterion import Answers
from referral_function.deciding.support_lines import Helps, fitting_support
from referral_function.sending.entry import Receipt

_SENT_PAGE_ROUTES = (None, Route.CONTACT_ME, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE)


class Reason(StrEnum):
    """Why a post was refused, or has to be confirmed once more; the value is the `cause` of its log event."""

    CROSS_SITE = "foreign"
    HONEYPOT = "hidden-box"
    CLOSED = "closed"
    TOKEN_MISSING = "token MISSING"  # noqa: S105 - no secret
    TOKEN_TOO_YOUNG = "token TOO_YOUNG"  # noqa: S105 - the same
    TOKEN_TOO_OLD = "token TOO_OLD"  # noqa: S105 - the same
    ORIGIN_UNKNOWN = "no-origin"
    RATE_LIMIT = "limit"
    GLOBAL_RATE_LIMIT = "limit-all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOutcome:
    """An outcome that carries the form, so that no answer is lost; `token` is its hidden input, empty where it has none."""

    form: ReferralForm
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(FormOutcome):
    """The form again, to change answers; `reviewed`: from a review."""

    reviewed: bool


class Incomplete(FormOutcome):
    """Answers are missing or invalid; the form holds the errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(FormOutcome):
    """The criteria applied to the first section alone."""

    decision: decision.Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Signposted(FormOutcome):
    """The criteria are not met; nothing is stored."""

    decision: decision.Signposted


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(FormOutcome):
    """A post that was not taken in: cross-site, the honeypot filled in, or the form closed."""

    reason: Reason
    possibly_stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(FormOutcome):
    """An unexpected exception of ours."""

    possibly_stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOutcome(FormOutcome):
    """An outcome that shows the review page; `reason` says why a press of Send was not enough."""

    decision: decision.Accepted
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(ReviewOutcome):
    """The review page, to be sent; `possibly_stored`: an earlier press of Send may have stored it."""

    possibly_stored: bool = False


class NotStored(ReviewOutcome):
    """Send was pressed, and certainly nothing was stored."""


class PossiblyStored(ReviewOutcome):
    """Send was pressed, now or before, and it is not known whether the referral was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The referral is in the outbox; `receipt` is the token of the sent page's address."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """What the sent page shows beside the reference; it travels in the encrypted receipt.

    `route` is known where the page differs by it; `support`: whom the support lines on it help.
    """

    route: Route | None
    person_will_call: bool
    support: tuple[Helps, ...]

    @classmethod
    def of(cls, route: Route, answers: Answers) -> Self:
        """Return what the sent page of a referral shows."""
        return cls(
            route=route if route in _SENT_PAGE_ROUTES else None,
            person_will_call=any(way.person_will_call for way in chosen_ways(route, answers).values()),
            support=fitting_support(route, answers),
        )

    def to_numbers(self) -> list[int]:
        """Return numbers of one digit, always as many: the length of an address says nothing."""
        return [
            _SENT_PAGE_ROUTES.index(self.route),
            int(self.person_will_call),
            *(int(each in self.support) for each in Helps),
        ]

    @classmethod
    def from_numbers(cls, numbers: Sequence[int]) -> Self:
        """Return what `to_numbers` wrote. Raises `ValueError` for too few or too many."""
        kind, person_will_call, *support = numbers
        shown = zip(Helps, support, strict=True)
        return cls(
            route=_SENT_PAGE_ROUTES[kind],
            person_will_call=bool(person_will_call),
            support=tuple(each for each, is_shown in shown if is_shown),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The sent page of a receipt."""

    receipt: Receipt
    page: SentPage


class ReceiptExpired:
    """The sent page, after it has closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The address of a form while it is closed."""

    route: Route


Outcome: TypeAlias = (
    Edited
    | Incomplete
    | Checked
    | Signposted
    | Refused
    | Failed
    | Reviewed
    | NotStored
    | PossiblyStored
    | Stored
    | Sent
    | ReceiptExpired
    | Closed
)
