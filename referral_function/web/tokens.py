"""Tokens: the review page's is signed, the receipt in the sent page's address is encrypted; neither holds an answer."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from referral_function.asking.questions import Route
from referral_function.sending.encryption import DecryptionError, ReceiptKey
from referral_function.sending.entry import Receipt
from referral_function.web.outcomes import Reason, ReceiptExpired, Sent, SentPage

MIN_AGE = timedelta(seconds=2)
MAX_AGE = timedelta(hours=24)
RECEIPT_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A verified review token; `problem` says why Send may not be accepted with it.

    `nonce`: identifies the review and every page that follows from it; empty if the token is not ours.
    `origin_unknown`: the review was made for a browser that names no origin. `possibly_stored`: Send was pressed before.
    """

    nonce: str = ""
    problem: Reason | None = None
    origin_unknown: bool = False
    possibly_stored: bool = False


class Tokens:
    """Makes and verifies tokens with `REFERRAL_SECRET_KEY`, at least 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        signing = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}  # not the library's own SHA-1
        self._review = URLSafeSerializer(secret, salt="review", signer_kwargs=signing)
        self._receipt_key = ReceiptKey(secret)

    def review(
        self, route: Route, now: datetime, nonce: str, *, origin_unknown: bool = False, possibly_stored: bool = False
    ) -> str:
        """Sign that this review was made for a route at a time."""
        at = round(now.timestamp(), 3)
        return self._review.dumps([route.value, at, nonce, origin_unknown, possibly_stored])

    def verify(self, token: str, route: Route, now: datetime) -> Review:
        """Verify the token of a review."""
        try:
            made_for, at, nonce, origin_unknown, possibly_stored = self._review.loads(token)
        except (BadSignature, ValueError):
            return Review(problem=Reason.TOKEN_MISSING)
        if made_for != route.value:
            return Review(problem=Reason.TOKEN_MISSING)
        age = timedelta(seconds=now.timestamp() - at)
        problem = Reason.TOKEN_TOO_YOUNG if age < MIN_AGE else Reason.TOKEN_TOO_OLD if age > MAX_AGE else None
        return Review(problem=problem, nonce=nonce, origin_unknown=origin_unknown, possibly_stored=possibly_stored)

    def receipt(self, receipt: Receipt, page: SentPage, now: datetime) -> str:
        """Encrypt a receipt for the address of the sent page; all have the same length."""
        times = int(receipt.accepted_at.timestamp()), int(now.timestamp())
        text = json.dumps([receipt.reference, *times, int(receipt.repeat), *page.to_numbers()])
        return base64_encode(self._receipt_key.encrypt(text)).decode()

    def read_receipt(self, text: str, now: datetime) -> Sent | ReceiptExpired | None:
        """Decrypt a receipt from the address of the sent page; None if it is not ours."""
        try:
            decrypted = self._receipt_key.decrypt(base64_decode(text))
            reference, at, issued, repeat, *numbers = json.loads(decrypted)
            page = SentPage.from_numbers(numbers)
        except (BadData, DecryptionError, ValueError):
            return None
        if now.timestamp() - issued > RECEIPT_LIFETIME.total_seconds():
            return ReceiptExpired()
        accepted_at = datetime.fromtimestamp(at, tz=now.tzinfo)
        return Sent(receipt=Receipt(reference=reference, accepted_at=accepted_at, repeat=bool(repeat)), page=page)
