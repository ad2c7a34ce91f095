"""Copies of delivered messages, in case one bounces: encrypted with a key whose private half is not on this machine."""

import hmac
from dataclasses import dataclass

from referral_function.sending.encryption import PublicKey, entry_mac
from referral_function.sending.entry import KeptCopy

_DAY = 24 * 60 * 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Keeping:
    """Makes the copies, and says for how many days each is kept."""

    public_key: PublicKey
    secret: bytes
    days: int

    def copy(self, wire: bytes, reference: str) -> KeptCopy:
        """Encrypt a copy of a message."""
        ciphertext, key_id = self.public_key.encrypt(wire, reference), self.public_key.id
        mac = entry_mac(self.secret, reference=reference, key_id=key_id, ciphertext=ciphertext)
        return KeptCopy(reference=reference, key_id=key_id, mac=mac, ciphertext=ciphertext, seconds=self.days * _DAY)


def is_ours(copy: KeptCopy, secret: bytes) -> bool:
    """Whether we made the copy: whoever can write to the outbox could encrypt any with the public key."""
    made = entry_mac(secret, reference=copy.reference, key_id=copy.key_id, ciphertext=copy.ciphertext)
    return hmac.compare_digest(copy.mac, made)
