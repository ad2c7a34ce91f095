"""Sealing and opening what waits in the outbox: HPKE (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305.

The web part holds the public key only; whoever drains holds the private ones. The reference is bound to the sealed
bytes, so that one entry's content cannot be opened as another's. The library loads when something is first sealed or
opened: it is a sixth of the time to the first page.
"""

# ruff: noqa: PLC0415 - the library loads when it is needed

import base64
import binascii
import functools
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

_PUBLIC, _PRIVATE = "public:", "private:"


class DecryptionError(Exception):
    """None of our private keys opens these bytes as the content of this reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The public key: it seals, and cannot open."""

    public: bytes  # 32 of them, RFC 7748

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a public key as `keygen` prints it; ValueError with one sentence."""
        return cls(public=_raw(text, _PUBLIC))

    @property
    def id(self) -> str:
        """Name the key: the beginning of its hash."""
        return hashlib.sha256(self.public).hexdigest()[:8]

    def seal(self, wire: bytes, reference: str) -> bytes:
        """Seal a message for the entry of this reference; 48 bytes longer."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        return _suite().encrypt(wire, X25519PublicKey.from_public_bytes(self.public), reference.encode())

    def __str__(self) -> str:
        return _PUBLIC + base64.b64encode(self.public).decode()


class PrivateKeys:
    """The private keys, by id: more than one while keys are rotated."""

    def __init__(self, *private: bytes) -> None:
        self._private = private

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read private keys as `keygen` prints them, with commas between; ValueError with one sentence."""
        return cls(*(_raw(part, _PRIVATE) for part in text.split(",")))

    @functools.cached_property
    def _keys(self) -> "dict[str, X25519PrivateKey]":
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        keys = [X25519PrivateKey.from_private_bytes(raw) for raw in self._private]
        return {PublicKey(public=key.public_key().public_bytes_raw()).id: key for key in keys}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys at hand."""
        return tuple(self._keys)

    def open(self, sealed: bytes, reference: str, key_id: str) -> bytes:
        """Return the message, or raise DecryptionError."""
        from cryptography.exceptions import InvalidTag

        if key_id not in self._keys:
            raise DecryptionError(f"The private key {key_id} is not loaded.")
        try:
            return _suite().decrypt(sealed, self._keys[key_id], reference.encode())
        except InvalidTag as error:
            raise DecryptionError(f"The private key {key_id} does not open the entry {reference}.") from error

    def self_test(self, seal_key: PublicKey) -> None:
        """Seal and open a probe; DecryptionError if what the form seals now could not be sent."""
        self.open(seal_key.seal(b"probe", "probe"), "probe", seal_key.id)


def keygen() -> tuple[str, str]:
    """Make a pair of keys: the text of the public one and of the private one."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.generate()
    public = PublicKey(public=key.public_key().public_bytes_raw())
    return str(public), _PRIVATE + base64.b64encode(key.private_bytes_raw()).decode()


@functools.cache
def _suite() -> "Suite":
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


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
