"""A letter as one email, made once: every attempt sends the same bytes.

No value that a person typed stands in a header. The nine headers are written as they are, never folded or encoded:
Python's library folds an encoded word in a header into a real extra header (CVE-2024-6923, CVE-2026-1299), and takes a
tenth of the time of accepting a referral. `check` refuses anything else, and `self_test` sees at every start that it does.
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
_BASE64 = 4 / 3 * 77 / 76  # how much longer a text becomes by it, line ends included
LONGEST_LINE = 998  # RFC 5322 section 2.1.1, without its CRLF


def wire_message(*, reference: str, body: str, sender: str, inbox: str, accepted_at: datetime) -> bytes:
    """Make the message as it goes over the wire; ValueError if anything but our headers would travel."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoding, payload = "quoted-printable", _quoted_printable(text)
    if len(payload) > len(text) * _BASE64:
        encoding, payload = "base64", base64.encodebytes(text)
    head = _head(reference=reference, sender=sender, inbox=inbox, accepted_at=accepted_at, encoding=encoding)
    wire = head + payload.replace(b"\n", b"\r\n")
    check(wire)
    return wire


def check(wire: bytes) -> None:
    """Refuse (ValueError) a message that a relay could read in another way than we do."""
    if not wire.isascii() or b"\0" in wire:
        raise ValueError("The message holds a byte that is not plain ASCII.")
    lines = wire.split(b"\r\n")
    text = b"".join(lines)
    if b"\r" in text or b"\n" in text or lines[-1]:
        raise ValueError("The message holds a bare line end.")
    if max(map(len, lines)) > LONGEST_LINE:
        raise ValueError("The message holds a line that is too long.")
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii")
    if tuple(line.partition(":")[0] for line in head.split("\r\n")) != HEADERS:
        raise ValueError("The message holds a header that is not ours.")


def self_test() -> None:
    """Build messages with hostile values in every header; RuntimeError if one gets a header of its own through."""
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
