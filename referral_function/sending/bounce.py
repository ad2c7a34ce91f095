"""Reports that a message could not be delivered (RFC 3464): which message of ours, and the status code.

Reports come from anywhere and are hostile until they are proved: the parser gets nothing large, long or deep, and a
report counts only if it names the token of the message, which stands in its ENVID and Message-ID and nowhere else.
"""

import email
import re
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from typing import TypeAlias

from referral_function.sending.reference import PATTERN, is_reference

MAX_BYTES = 1024 * 1024  # a report may return the whole message, of at most 540 kB
_MAX_LINES = 20_000
_MAX_PARTS, _MAX_TYPE_BYTES = 50, 1000
_CONTENT_TYPE = re.compile(rb"(?im)^content-type:.*(?:\n[ \t].*)*")
_ENVELOPE_ID = re.compile(rf"<?({PATTERN.pattern})\.([0-9a-f]{{32}})(?:@[^@>\s]+>)?")
_STATUS = re.compile(r"[45]\.[0-9]{1,3}\.[0-9]{1,3}")
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_HEADER_TYPES = ("text/rfc822-headers", "message/global-headers")
_MESSAGE_TYPES = ("message/rfc822", "message/global")
_Part: TypeAlias = "Message[str, str]"


class NotABounce(Exception):
    """This is no report that one of our messages bounced; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A message that could not be delivered, with its token and the status code (RFC 3463)."""

    reference: str
    token: str
    status: str


def read_bounce(raw: bytes) -> Bounce:
    """Read a report. Raises NotABounce."""
    parts = _parts(raw)
    reports = [part for part in parts if part.get_content_type() in _STATUS_TYPES]
    if len(reports) != 1:
        raise NotABounce("it has no part, or several, that says what became of the message.")
    blocks = [block for block in reports[0].get_payload() if isinstance(block, Message)]
    names = [str(name) for block in blocks[:1] for name in block.get_all("Original-Envelope-Id", [])]
    names += [name for part in parts for name in _message_ids(part)]
    found = {(match[1], match[2]) for name in names if (match := _ENVELOPE_ID.fullmatch(name.strip()))}
    if len(found) != 1:
        raise NotABounce("it names no message of ours, or several.")
    [(reference, token)] = found
    if not is_reference(reference):
        raise NotABounce("its reference is none.")
    return Bounce(reference=reference, token=token, status=_status(blocks[1:]))


def _parts(raw: bytes) -> list[_Part]:
    """Parse a report into its parts, or refuse it."""
    if len(raw) > MAX_BYTES:
        raise NotABounce(f"it is larger than {MAX_BYTES // 1024} kB.")
    text = re.sub(rb"\r\n?", b"\n", raw)
    types = _CONTENT_TYPE.findall(text)
    if text.count(b"\n") > _MAX_LINES or len(types) > _MAX_PARTS or max(map(len, types), default=0) > _MAX_TYPE_BYTES:
        raise NotABounce("it has too many lines or parts.")
    report = email.message_from_bytes(text, policy=compat32)
    kind = str(report.get_param("report-type", "")).lower()
    payload = report.get_payload()
    if (report.get_content_type(), kind) != ("multipart/report", "delivery-status") or not isinstance(payload, list):
        raise NotABounce("it is not a delivery report (multipart/report; report-type=delivery-status).")
    return [part for part in payload if isinstance(part, Message)]


def _message_ids(part: _Part) -> list[str]:
    """Return the Message-IDs of a part that returns our message, or its headers."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind in _MESSAGE_TYPES and isinstance(payload, list):
        found = [each for each in payload if isinstance(each, Message)]
        return [str(name) for each in found for name in each.get_all("Message-ID", [])]
    if kind in _HEADER_TYPES:
        content = part.get_payload(decode=True)
        headers = email.message_from_bytes(content, policy=compat32) if isinstance(content, bytes) else Message()
        return [str(name) for name in headers.get_all("Message-ID", [])]
    return []


def _status(recipients: list[_Part]) -> str:
    """Return the status code of the recipient that failed."""
    actions = {
        str(each.get("Action", "")).partition("(")[0].strip().lower(): str(each.get("Status", "")).strip()
        for each in recipients  # a comment in brackets may follow each value (RFC 5322, section 3.2.2)
    }
    if "failed" not in actions:
        raise NotABounce("it does not say that the delivery failed: the relay may still be trying.")
    found = _STATUS.match(actions["failed"])
    if not found:
        raise NotABounce("it has no status code of a failure.")
    return found[0]
