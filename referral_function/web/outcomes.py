"""The outcomes of a post or of a receipt address, as data: `journey` returns one, `render` turns it into a page."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.deciding import decision
from referral_function.sending.entry import Receipt
from referral_function.web.sent_page import SentPage


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
