"""The submission of a complete referral: write the letter, encrypt the message, store it in one durable commit."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from referral_function.asking.referral import Referral
from referral_function.sending.encryption import PublicKey, entry_mac, secret_hash
from referral_function.sending.entry import NotStored, Receipt, ReferenceTaken
from referral_function.sending.letter import SUBJECT_WORDS
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_html import letter_html
from referral_function.sending.letter_text import letter_text
from referral_function.sending.message import Body, wire_message
from referral_function.sending.outbox import Outbox
from referral_function.sending.record import make_record, write_record

_MAX_DRAWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Stores referrals in the outbox."""

    outbox: Outbox
    public_key: PublicKey
    new_reference: Callable[[], str]
    new_token: Callable[[], str]  # 32 hexadecimal digits of the Message-ID, which a report of a bounce has to name
    secret: bytes
    sender: str
    inbox: str
    attach_record: bool  # the answers as JSON

    def find(self, referral: Referral, nonce: str) -> Receipt | None:
        """Return the receipt of the same referral, if it was stored from the review of this nonce. Raises NotStored."""
        return self.outbox.find(self._idempotency_key(referral), secret_hash(nonce))

    def accept(self, referral: Referral, nonce: str, now: datetime) -> Receipt:
        """Store the referral in one durable commit; if it is known already, return its receipt, which takes as long.

        Raises NotStored if nothing was stored, Unconfirmed if that cannot be known.
        """
        return self.store(
            lambda reference: self._body(referral, reference, now), self._idempotency_key(referral), nonce, now
        )

    def store(self, body: Callable[[str], Body], idempotency_key: bytes, nonce: str, now: datetime) -> Receipt:
        """Store any message, such as that of `send-test`; `body` writes it for a reference. Raises as `accept` does."""
        for _draw in range(_MAX_DRAWS):
            reference, token = self.new_reference(), self.new_token()
            try:
                wire = wire_message(
                    reference=reference,
                    token=token,
                    body=body(reference),
                    sender=self.sender,
                    inbox=self.inbox,
                    accepted_at=now,
                )
                ciphertext = self.public_key.encrypt(wire, reference)
            except Exception as error:
                raise NotStored("The message could not be made.") from error
            try:
                return self.outbox.accept(
                    reference=reference,
                    idempotency_key=idempotency_key,
                    nonce_hash=secret_hash(nonce),
                    token_hash=secret_hash(token),
                    ciphertext=ciphertext,
                    key_id=self.public_key.id,
                    mac=entry_mac(self.secret, reference=reference, key_id=self.public_key.id, ciphertext=ciphertext),
                    created_at=now,
                )
            except ReferenceTaken:
                continue
        raise NotStored(f"{_MAX_DRAWS} references in a row were taken.")

    def _idempotency_key(self, referral: Referral) -> bytes:
        return hmac.digest(self.secret, referral.canonical(), hashlib.sha256)

    def _body(self, referral: Referral, reference: str, now: datetime) -> Body:
        letter = write_letter(referral, reference=reference, received_at=now)
        record = write_record(make_record(referral, reference=reference, received_at=now)) if self.attach_record else ""
        return Body(
            plain=letter_text(letter),
            html=letter_html(letter),
            record=record,
            subject_word=SUBJECT_WORDS[referral.route],
        )
