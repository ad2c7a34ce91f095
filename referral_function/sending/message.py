"""The email message (RFC 5322) of a letter, built once: every attempt sends the same bytes.

No header holds a value from the form. The nine headers are written as they are, neither folded nor encoded: Python's
library folds an encoded word into an extra header (CVE-2024-6923, CVE-2026-1299), and takes a tenth of the time of
accepting a referral. `check` refuses any other header, and `self_test` tests that at every start.
"""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime

HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
_BASE64_FACTOR = 4 / 3 * 77 / 76  # length after encoding / before, line ends included
MAX_LINE_BYTES = 998  # RFC 5322 section 2.1.1, without its CRLF


def wire_message(*, reference: str, body: str, sender: str, inbox: str, accepted_at: datetime) -> bytes:
    """Build the message as SMTP sends it; ValueError if it fails `check`."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoding, payload = "quoted-printable", _quoted_printable(text)
    if len(payload) > len(text) * _BASE64_FACTOR:
        encoding, payload = "base64", base64.encodebytes(text)
    head = _head(reference=reference, sender=sender, inbox=inbox, accepted_at=accepted_at, encoding=encoding)
    wire = head + payload.replace(b"\n", b"\r\n")
    check(wire)
    return wire


def check(wire: bytes) -> None:
    """Raise ValueError for a message with other headers than ours, or that a relay could parse differently."""
    if not wire.isascii() or b"\0" in wire:
        raise ValueError("The message holds a byte that is not plain ASCII.")
    lines = wire.split(b"\r\n")
    text = b"".join(lines)
    if b"\r" in text or b"\n" in text or lines[-1]:
        raise ValueError("The message holds a bare line end.")
    if max(map(len, lines)) > MAX_LINE_BYTES:
        raise ValueError("The message holds a line that is too long.")
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii")
    if tuple(line.partition(":")[0] for line in head.split("\r\n")) != HEADERS:
        raise ValueError("The message holds a header that is not ours.")


def self_test() -> None:
    """Build messages with hostile values in the headers; RuntimeError if one of them injects a header."""
    hostile = (
        "=?utf-8?q?x=0D=0AX-Injected:_yes?=",
        "x\r\nX-Injected: yes",
        "x\nX-Injected: yes",
        "x\r\n\r\nX-Injected: yes",
    )
    harmless = {"reference": "RJ-2222-2222", "sender": "a@example.org", "inbox": "b@example.org"}
    cases = [("reference", value) for value in (harmless["reference"], *hostile)]
    cases += [("sender", hostile[0]), ("inbox", hostile[0])]
    for name, value in cases:
        try:
            wire = wire_message(body="x", accepted_at=datetime(2027, 1, 1, tzinfo=UTC), **{**harmless, name: value})
        except ValueError:
            continue
        if b"\r\nX-Injected" in wire:
            raise RuntimeError(f"A header can be injected through the {name}; no message is safe.")


def _head(*, reference: str, sender: str, inbox: str, accepted_at: datetime, encoding: str) -> bytes:
    values = (
        sender,
        inbox,
        f"Restorative Justice referral {reference}",
        format_datetime(accepted_at.astimezone(UTC)),
        f"<{reference}@{sender.rpartition('@')[2]}>",
        "auto-generated",
        "1.0",
        'text/plain; charset="utf-8"',
        encoding,
    )
    lines = (f"{name}: {value}" for name, value in zip(HEADERS, values, strict=True))
    return "\r\n".join((*lines, "", "")).encode()


def _quoted_printable(text: bytes) -> bytes:
    encoded = binascii.b2a_qp(text, quotetabs=False, istext=True)
    return encoded if encoded.endswith(b"\n") else encoded + b"=\n"
