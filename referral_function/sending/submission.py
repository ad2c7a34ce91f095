"""The one use case: a complete referral becomes a receipt, and from then on it is not lost."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from referral_function.asking.referral import Referral
from referral_function.sending.letter import write_letter
from referral_function.sending.message import wire_message
from referral_function.sending.outbox import NotStored, Outbox, Receipt, ReferenceTaken
from referral_function.sending.postcode_areas import PostcodeArea

_DRAWS = 5


class Sealer(Protocol):
    """What seals a message so that only the drain can open it."""

    @property
    def id(self) -> str:
        """Name the key."""
        ...

    def seal(self, wire: bytes, reference: str) -> bytes:
        """Seal the wire bytes of a message, bound to its reference."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Takes referrals into the outbox."""

    outbox: Outbox
    sealer: Sealer
    new_reference: Callable[[], str]
    places: Callable[[], Mapping[str, PostcodeArea]]
    secret: bytes
    sender: str
    inbox: str

    def find(self, referral: Referral) -> Receipt | None:
        """Give the stored receipt of the same referral. Raises `NotStored`."""
        return self.outbox.find(self._key(referral))

    def accept(self, referral: Referral, now: datetime) -> Receipt:
        """Store the referral in one durable commit; the same referral again gives the stored receipt.

        Raises `NotStored` when nothing was stored, `Unconfirmed` when that cannot be known.
        """
        key = self._key(referral)
        for _draw in range(_DRAWS):
            reference = self.new_reference()
            try:
                sealed = self._sealed_message(referral, reference, now)
            except Exception as error:
                raise NotStored("The message could not be made.") from error
            try:
                return self.outbox.accept(
                    reference=reference, key=key, sealed=sealed, key_id=self.sealer.id, created_at=now
                )
            except ReferenceTaken:
                continue
        raise NotStored(f"{_DRAWS} references in a row were taken.")

    def _key(self, referral: Referral) -> bytes:
        return hmac.digest(self.secret, referral.canonical(), hashlib.sha256)

    def _sealed_message(self, referral: Referral, reference: str, now: datetime) -> bytes:
        letter = write_letter(referral, reference=reference, received_at=now, places=self.places())
        wire = wire_message(
            reference=reference, body=letter.text(), sender=self.sender, inbox=self.inbox, accepted_at=now
        )
        return self.sealer.seal(wire, reference)
