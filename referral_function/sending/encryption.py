"""Cryptography of the outbox and of receipts.

Messages are encrypted with HPKE (RFC 9180): X25519, HKDF-SHA256 and ChaCha20-Poly1305. Accepting needs the public key
only, delivering the private keys; with REFERRAL_DRAIN=thread one process holds both. The reference is HPKE's `info`, so
that one entry's ciphertext cannot be decrypted as another's. Receipts are encrypted with AES-SIV (RFC 5297), which needs
no nonce.
`cryptography` is imported at first use: it takes a sixth of the time to the first page.
"""

# ruff: noqa: PLC0415 - imported at first use

import base64
import binascii
import functools
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from referral_function.sending.entry import Entry, KeptCopy

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    from cryptography.hazmat.primitives.hpke import Suite

_KEY_BYTES = 32  # X25519, RFC 7748


class DecryptionError(Exception):
    """No key at hand decrypts this ciphertext as the message of this reference, or as a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The key that encrypts, and cannot decrypt."""

    public: bytes  # 32

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Parse a public key as `keygen` prints it; ValueError with one sentence."""
        return cls(public=_parse(text, "public"))

    @property
    def id(self) -> str:
        """The first eight hexadecimal digits of the key's SHA-256."""
        return hashlib.sha256(self.public).hexdigest()[:8]

    def encrypt(self, wire: bytes, reference: str) -> bytes:
        """Encrypt a message for the entry of this reference; the ciphertext is 48 bytes longer."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        return _suite().encrypt(wire, X25519PublicKey.from_public_bytes(self.public), reference.encode())

    def __str__(self) -> str:
        return f"public:{base64.b64encode(self.public).decode()}"


class PrivateKeys:
    """The keys that decrypt, by id; more than one while keys are rotated."""

    def __init__(self, *private: bytes) -> None:
        self._private = private

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Parse private keys as `keygen` prints them, separated by commas; ValueError with one sentence."""
        return cls(*(_parse(part, "private") for part in text.split(",")))

    @functools.cached_property
    def _keys(self) -> "dict[str, X25519PrivateKey]":
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        keys = [X25519PrivateKey.from_private_bytes(raw) for raw in self._private]
        return {PublicKey(public=key.public_key().public_bytes_raw()).id: key for key in keys}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys."""
        return tuple(self._keys)

    def decrypt(self, ciphertext: bytes, reference: str, key_id: str) -> bytes:
        """Return the message. Raises DecryptionError."""
        from cryptography.exceptions import InvalidTag

        if key_id not in self._keys:
            raise DecryptionError(f"The private key {key_id} is not loaded.")
        try:
            return _suite().decrypt(ciphertext, self._keys[key_id], reference.encode())
        except InvalidTag as error:
            raise DecryptionError(f"The private key {key_id} does not open the entry {reference}.") from error

    def self_test(self, public_key: PublicKey) -> None:
        """Encrypt and decrypt a probe. Raises DecryptionError if what this key encrypts could not be sent."""
        self.decrypt(public_key.encrypt(b"probe", "probe"), "probe", public_key.id)


class ReceiptKey:
    """Encrypts receipts, so that an address in a browser's history tells nothing."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encrypt(self, text: str) -> bytes:
        """Encrypt a text; the ciphertext is 16 bytes longer."""
        return self._cipher.encrypt(text.encode(), None)

    def decrypt(self, ciphertext: bytes) -> str:
        """Return the text. Raises DecryptionError."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(ciphertext, None).decode()
        except InvalidTag as error:
            raise DecryptionError("This is not a receipt of ours.") from error

    @functools.cached_property
    def _cipher(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(_derive_key(self._secret, "receipt"))


def entry_mac(secret: bytes, *, reference: str, key_id: str, ciphertext: bytes) -> bytes:
    """Return the MAC that shows that an entry of the outbox was made by us."""
    names = json.dumps([reference, key_id]).encode()  # says where it ends, so that no byte can move between the parts
    return hmac.digest(_derive_key(secret, "outbox entry"), names + ciphertext, hashlib.sha256)


def is_ours(entry: Entry | KeptCopy, secret: bytes) -> bool:
    """Whether we made an entry or a kept copy: whoever can write to the outbox could encrypt any with the public key."""
    made = entry_mac(secret, reference=entry.reference, key_id=entry.key_id, ciphertext=entry.ciphertext)
    return hmac.compare_digest(entry.mac or b"", made)


def secret_hash(secret: str) -> bytes:
    """Hash a nonce or the token of a message, neither of which the outbox may tell."""
    return hashlib.sha256(secret.encode()).digest()


def keygen() -> tuple[str, str]:
    """Generate a pair of keys; return the text of the public and of the private one."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.generate()
    private = f"private:{base64.b64encode(key.private_bytes_raw()).decode()}"
    return str(PublicKey(public=key.public_key().public_bytes_raw())), private


@functools.cache
def _suite() -> "Suite":
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@functools.cache
def _derive_key(secret: bytes, purpose: str) -> bytes:
    """Derive 64 bytes, a key for one purpose (HKDF, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 64, salt=None, info=purpose.encode()).derive(secret)


def _parse(text: str, kind: str) -> bytes:
    prefix, colon, encoded = text.strip().partition(":")
    if prefix + colon != f"{kind}:":
        raise ValueError(f"A {kind} key begins with “{kind}:”, as keygen prints it.")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ValueError(f"A {kind} key is {_KEY_BYTES} bytes in base64, as keygen prints it.")
    return raw
