"""Signed tokens: that a review was made by us, and the receipt that a sent page shows. No answer is ever in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from referral_function.asking.questions import Route
from referral_function.sending.outbox import Receipt

YOUNGEST = timedelta(seconds=2)
OLDEST = timedelta(hours=24)
RECEIPT_SHOWN = timedelta(minutes=30)


class TokenStatus(Enum):
    """What a token is worth now; the value is the sentence for the referrer."""

    GOOD = ""
    MISSING = "Please check your answers once more, then press Send referral."
    TOO_YOUNG = "That was very quick. Please check your answers, then press Send referral again."
    TOO_OLD = "This review is more than a day old. Please check your answers once more, then press Send referral."


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the token of a review says: its worth, a browser that could not name an origin, a COMMIT without an answer."""

    status: TokenStatus
    origin_unknown: bool = False
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """A receipt as it comes back in the address of the sent page; `route` is known for professionals only."""

    receipt: Receipt
    route: Route | None
    is_open: bool


class Tokens:
    """Makes and reads what we sign. The key is `REFERRAL_SECRET_KEY`, at least 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._review = URLSafeSerializer(secret, salt="review")
        self._receipt = URLSafeSerializer(secret, salt="receipt")

    def review(self, route: Route, now: datetime, *, origin_unknown: bool = False, maybe_sent: bool = False) -> str:
        """Sign that this review was made for a route at a time, and what has to be known when it comes back."""
        return _text(self._review.dumps([route.value, round(now.timestamp(), 3), origin_unknown, maybe_sent]))

    def verify(self, token: str, route: Route, now: datetime) -> Review:
        """Read what the token of a review says now."""
        try:
            made_for, at, origin_unknown, maybe_sent = self._review.loads(token)
        except (BadSignature, ValueError):
            return Review(status=TokenStatus.MISSING)
        if made_for != route.value:
            return Review(status=TokenStatus.MISSING)
        age = timedelta(seconds=now.timestamp() - at)
        status = TokenStatus.TOO_YOUNG if age < YOUNGEST else TokenStatus.GOOD if age <= OLDEST else TokenStatus.TOO_OLD
        return Review(status=status, origin_unknown=origin_unknown, maybe_sent=maybe_sent)

    def receipt(self, receipt: Receipt, route: Route, now: datetime) -> str:
        """Sign a receipt for the address of the sent page."""
        shown_route = "" if route is Route.MYSELF else route.value
        at = receipt.accepted_at.timestamp()
        return _text(self._receipt.dumps([receipt.reference, at, receipt.repeat, shown_route, int(now.timestamp())]))

    def read_receipt(self, text: str, now: datetime) -> ShownReceipt | None:
        """Read a receipt back; None when it is not ours."""
        try:
            reference, at, repeat, route, issued = self._receipt.loads(text)
        except (BadSignature, ValueError):
            return None
        accepted_at = datetime.fromtimestamp(at, tz=now.tzinfo)
        return ShownReceipt(
            receipt=Receipt(reference=reference, accepted_at=accepted_at, repeat=repeat),
            route=Route(route) if route else None,
            is_open=now.timestamp() - issued <= RECEIPT_SHOWN.total_seconds(),
        )


def _text(signed: Any) -> str:  # noqa: ANN401 - itsdangerous says str or bytes
    return signed if isinstance(signed, str) else signed.decode()
