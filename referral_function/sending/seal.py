"""Sealing and opening what waits in the outbox: HPKE (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305.

The web part holds the public key only; whoever drains holds the private ones. The reference is bound to the sealed
bytes, so that one entry's content cannot be opened as another's.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PUBLIC, _PRIVATE = "public:", "private:"


class CannotOpen(Exception):
    """None of our private keys opens these bytes as the content of this reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """The public key: it seals, and cannot open."""

    id: str
    public: X25519PublicKey

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a public key as `keygen` prints it; ValueError with one sentence."""
        public = X25519PublicKey.from_public_bytes(_raw(text, _PUBLIC))
        return cls(id=_id(public), public=public)

    def seal(self, wire: bytes, reference: str) -> bytes:
        """Seal a message for the entry of this reference; 48 bytes longer."""
        return _SUITE.encrypt(wire, self.public, reference.encode())

    def __str__(self) -> str:
        return _PUBLIC + base64.b64encode(self.public.public_bytes_raw()).decode()


class OpenKeys:
    """The private keys, by id: more than one while keys are rotated."""

    __slots__ = ("_keys",)

    def __init__(self, *keys: X25519PrivateKey) -> None:
        self._keys = {_id(key.public_key()): key for key in keys}

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read private keys as `keygen` prints them, with commas between; ValueError with one sentence."""
        return cls(*(X25519PrivateKey.from_private_bytes(_raw(part, _PRIVATE)) for part in text.split(",")))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys at hand."""
        return tuple(self._keys)

    def open(self, sealed: bytes, reference: str, key_id: str) -> bytes:
        """Return the message, or raise CannotOpen."""
        if key_id not in self._keys:
            raise CannotOpen(f"The private key {key_id} is not loaded.")
        try:
            return _SUITE.decrypt(sealed, self._keys[key_id], reference.encode())
        except InvalidTag as error:
            raise CannotOpen(f"The private key {key_id} does not open the entry {reference}.") from error

    def self_test(self, seal_key: SealKey) -> None:
        """Seal and open a probe; CannotOpen if what the form seals now could not be sent."""
        self.open(seal_key.seal(b"probe", "probe"), "probe", seal_key.id)


def keygen() -> tuple[str, str]:
    """Make a pair of keys: the text of the public one and of the private one."""
    key = X25519PrivateKey.generate()
    public = SealKey(id=_id(key.public_key()), public=key.public_key())
    return str(public), _PRIVATE + base64.b64encode(key.private_bytes_raw()).decode()


def _id(public: X25519PublicKey) -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:8]


def _raw(text: str, kind: str) -> bytes:
    word, colon, encoded = text.strip().partition(":")
    if word + colon != kind:
        raise ValueError(f"A {kind[:-1]} key begins with “{kind}”, as keygen prints it.")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32:  # noqa: PLR2004 - the length of every X25519 key, RFC 7748
        raise ValueError(f"A {kind[:-1]} key is 32 bytes in base64, as keygen prints it.")
    return raw
