"""The email message (RFC 5322) of a letter, built once: every attempt sends the same bytes.

The plain and the HTML face are alternatives of each other (RFC 2046); a record is attached. No header holds a value from
the form. The headers are written as they are, neither folded nor encoded: Python's library folds an encoded word into an
extra header (CVE-2024-6923, CVE-2026-1299), and would take a tenth of the time that accepting a referral takes. `check`
refuses any other header, in the head and in every part, and `self_test` tests that at every start.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

PART_HEADERS = ("Content-Type", "Content-Transfer-Encoding")
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", *PART_HEADERS)
ATTACHMENT_HEADERS = (*PART_HEADERS, "Content-Disposition")
_ALTERNATIVES, _ATTACHED = "=_alternatives", "=_attached"
"""Boundaries. `=_` occurs in neither encoding of a part, so that no content can forge one. Source: RFC 2045 section 6.7."""
_SUBTYPES = {_ALTERNATIVES: "alternative", _ATTACHED: "mixed"}
_LEAVES = _PLAIN, _HTML, _JSON = 'text/plain; charset="utf-8"', 'text/html; charset="utf-8"', "application/json"
_PARTS = 2  # of each multipart
_BASE64_FACTOR = 4 / 3 * 77 / 76  # length after encoding / before, line ends included
_MESSAGE_ID = re.compile(rb"\r\nMessage-ID: <([^@>]+)@")
MAX_LINE_BYTES = 998  # RFC 5322 section 2.1.1, without its CRLF


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a message says: plain, as HTML or not, and with an attached JSON file or not; `subject_word` ends the subject."""

    plain: str
    html: str = ""
    record: str = ""
    subject_word: str = ""


def wire_message(  # noqa: PLR0913 - all that a message is made of
    *, reference: str, token: str, body: Body, sender: str, inbox: str, accepted_at: datetime
) -> bytes:
    """Build the message as SMTP sends it; ValueError if it fails `check`.

    The token cannot be guessed: a report that names it is about this message.
    """
    entity = _leaf(_PLAIN, body.plain)
    if body.html:
        entity = _multipart(_ALTERNATIVES, [entity, _leaf(_HTML, body.html)])
    if body.record:
        entity = _multipart(_ATTACHED, [entity, _leaf(_JSON, body.record, f"{reference}.json")])
    head = _head(
        f"{reference}.{token}", sender=sender, inbox=inbox, accepted_at=accepted_at, subject_word=body.subject_word
    )
    wire = head + entity
    check(wire)
    return wire


def envelope_id(wire: bytes) -> str:
    """Return what names a message in a report of its delivery: reference and token, as in its Message-ID."""
    found = _MESSAGE_ID.search(wire)
    return found[1].decode("ascii") if found else ""


def check(wire: bytes) -> None:
    """Raise ValueError for a message with other headers or parts than ours, or that a relay could parse differently."""
    if not wire.isascii() or b"\0" in wire:
        raise ValueError("The message holds a byte that is not plain ASCII.")
    lines = wire.split(b"\r\n")
    text = b"".join(lines)
    if b"\r" in text or b"\n" in text or lines[-1]:
        raise ValueError("The message holds a bare line end.")
    if max(map(len, lines)) > MAX_LINE_BYTES:
        raise ValueError("The message holds a line that is too long.")
    head, content = _split(wire.decode("ascii"))
    if tuple(name for name, _value in head) != HEADERS:
        raise ValueError("The message holds a header that is not ours.")
    _check_content(dict(head)["Content-Type"], content)


def _split(entity: str) -> tuple[list[tuple[str, str]], str]:
    """Split into the headers and the content."""
    head, _blank, content = entity.partition("\r\n\r\n")
    return [(name, value) for name, _colon, value in (line.partition(": ") for line in head.split("\r\n"))], content


def _check_content(content_type: str, content: str) -> None:
    if content_type in _LEAVES:
        return
    multipart = re.fullmatch(r'multipart/[a-z]+; boundary="(=_[a-z]+)"', content_type)
    first, *parts, last = f"\r\n{content}".split(f"\r\n--{multipart[1]}") if multipart else ("", "")
    whole = all(part.startswith("\r\n") for part in parts)
    if first or last != "--\r\n" or len(parts) != _PARTS or not whole:
        raise ValueError("The message holds a part that is not ours.")
    for part in parts:
        head, inner = _split(part.removeprefix("\r\n"))
        if tuple(name for name, _value in head) not in (PART_HEADERS, ATTACHMENT_HEADERS):
            raise ValueError("The message holds a part with a header that is not ours.")
        _check_content(head[0][1], inner)


def has_our_head(  # noqa: PLR0913 - all that the head says
    wire: bytes, reference: str, *, sender: str, inbox: str, accepted_at: datetime, subject_words: Iterable[str]
) -> bool:
    """Whether the head is, byte for byte, one that `wire_message` writes with one of these `subject_words`, whatever the token."""
    named, _, token = (name := envelope_id(wire)).partition(".")
    if named != reference or not re.fullmatch("[0-9a-f]{32}", token):
        return False
    found = wire.partition(b"\r\n\r\n")[0] + b"\r\n"
    contents = [_content_headers(_PLAIN, encoding) for encoding in ("quoted-printable", "base64")]
    contents += [_content_headers(_multipart_type(boundary), "7bit") for boundary in _SUBTYPES]
    heads = (
        _head(name, sender=sender, inbox=inbox, accepted_at=accepted_at, subject_word=word) for word in subject_words
    )
    return found in {head + content for head in heads for content in contents}


def self_test() -> None:
    """Build messages with hostile values; RuntimeError if one injects a header or forges the boundary of a part."""
    hostile = (
        "=?utf-8?q?x=0D=0AX-Injected:_yes?=",
        "x\r\nX-Injected: yes",
        "x\nX-Injected: yes",
        "x\r\n\r\nX-Injected: yes",
    )
    harmless = {"reference": "RJ-2222-2222", "token": "0" * 32, "sender": "a@example.org", "inbox": "b@example.org"}
    cases = [("reference", value) for value in (harmless["reference"], *hostile)]
    cases += [("sender", hostile[0]), ("inbox", hostile[0])]
    at = datetime(2027, 1, 1, tzinfo=UTC)
    for name, value in cases:
        try:
            wire = wire_message(body=Body(plain="x"), accepted_at=at, **{**harmless, name: value})
        except ValueError:
            continue
        if b"\r\nX-Injected" in wire:
            raise RuntimeError(f"A header can be injected through the {name}; no message is safe.")
    forged = f"x\r\n--{_ALTERNATIVES}\r\nX-Injected: yes\r\n\r\n--{_ATTACHED}--\r\n"
    try:
        wire_message(body=Body(plain=forged, html=forged, record=forged), accepted_at=at, **harmless)
    except ValueError as error:
        raise RuntimeError("A part can be forged; no message is safe.") from error


def _head(name: str, *, sender: str, inbox: str, accepted_at: datetime, subject_word: str) -> bytes:
    """Write the headers up to those of the content."""
    values = (
        sender,
        inbox,
        f"Restorative Justice referral {name.partition('.')[0]} {subject_word}".rstrip(),
        format_datetime(accepted_at.astimezone(UTC)),
        f"<{name}@{sender.rpartition('@')[2]}>",
        "auto-generated",
        "1.0",
    )
    return "".join(f"{name}: {value}\r\n" for name, value in zip(HEADERS, values, strict=False)).encode()


def _leaf(content_type: str, text: str, filename: str = "") -> bytes:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoding, payload = "quoted-printable", _quoted_printable(plain)
    if len(payload) > len(plain) * _BASE64_FACTOR:
        encoding, payload = "base64", base64.encodebytes(plain)
    name = f'Content-Disposition: attachment; filename="{filename}"\r\n' if filename else ""
    return _content_headers(content_type, encoding) + f"{name}\r\n".encode() + payload.replace(b"\n", b"\r\n")


def _multipart(boundary: str, parts: Sequence[bytes]) -> bytes:
    content = b"".join(f"\r\n--{boundary}\r\n".encode() + part for part in parts)
    return _content_headers(_multipart_type(boundary), "7bit") + content + f"\r\n--{boundary}--\r\n".encode()


def _multipart_type(boundary: str) -> str:
    return f'multipart/{_SUBTYPES[boundary]}; boundary="{boundary}"'


def _content_headers(content_type: str, encoding: str) -> bytes:
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()


def _quoted_printable(text: bytes) -> bytes:
    encoded = binascii.b2a_qp(text, quotetabs=False, istext=True)
    return encoded if encoded.endswith(b"\n") else encoded + b"=\n"
