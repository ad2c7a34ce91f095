"""The message: what goes over the wire, byte for byte."""

import email
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function.sending import message
from referral_function.sending.message import (
    ATTACHMENT_HEADERS,
    HEADERS,
    PART_HEADERS,
    Body,
    check,
    self_test,
    wire_message,
)

AT = datetime(2027, 5, 14, 15, 4, tzinfo=timezone(timedelta(hours=1)))

TOKEN = "0123456789abcdef" * 2
NAMES = {
    "reference": "RJ-4X7K-9PQM",
    "token": TOKEN,
    "sender": "referrals@service.example",
    "inbox": "inbox@example.org",
}


def wire_of(body: str, **changes: str) -> bytes:
    """Make the message of a body."""
    return wire_message(body=Body(plain=body), accepted_at=AT, **(NAMES | changes))


def multipart_of(text: str, record: str = "") -> bytes:
    """Make the message of a text in both faces, with a record or not."""
    body = Body(plain=text, html=text, record=record, subject_word="harmed")
    return wire_message(body=body, accepted_at=AT, **NAMES)


def body_of(wire: bytes) -> str:
    """Read a message as a mail program does; line ends come back as LF."""
    parsed = email.message_from_bytes(wire, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    content = parsed.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_the_headers_are_ours_and_fixed() -> None:
    """A message carries our nine headers, made of the settings, the reference and the time of acceptance alone."""
    parsed = email.message_from_bytes(wire_of("Hello\n"), policy=policy.default)
    assert tuple(parsed.keys()) == HEADERS
    assert parsed["Subject"] == "Restorative Justice referral RJ-4X7K-9PQM"
    assert parsed["Message-ID"] == f"<RJ-4X7K-9PQM.{TOKEN}@service.example>"
    assert parsed["Date"].datetime == AT
    assert parsed["From"] == "referrals@service.example"
    assert parsed["To"] == "inbox@example.org"
    assert parsed["Auto-Submitted"] == "auto-generated"


def test_the_same_referral_gives_the_same_bytes() -> None:
    """A message made twice is byte-identical: nothing in it comes from the clock or from chance."""
    assert wire_of("Hello\n") == wire_of("Hello\n")


@pytest.mark.asvs("1.1.2")
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(body: str) -> None:
    """Any Unicode text survives; line ends are normalised and nothing else changes."""
    assert body_of(wire_of(body)) == body.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        "no line end",
        "trailing blanks \t \n \n\t",
        "x" * 100_000,
        "ü" * 100_000,
        "line\n" * 100_000,
        ".\n..\n\r\n.\r\nMAIL FROM:<x@example.org>\r\n",
        "From me\n>From you\n",
        "=?utf-8?q?x=0D=0AX-Injected:_yes?=\nBcc: x@example.org\n\n",
        "soft=\nbreak=20\n",
        "a\u2028b\u0085c\x0bd\x0ce\x1cf\n",
        "\x00\x1b[31m\x7f\n",
        "🫂" * 4000,
    ],
    ids=lambda body: ascii(body[:12]),
)
def test_hard_texts_come_back_as_they_were(body: str) -> None:
    """Long lines, blanks at the ends, dots, headers and controls typed into an answer are text and stay text."""
    wire = wire_of(body)
    assert body_of(wire) == body.replace("\r\n", "\n").replace("\r", "\n")
    assert tuple(email.message_from_bytes(wire).keys()) == HEADERS


@pytest.mark.asvs("1.3.11")
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_two_faces_and_a_record_come_back_as_they_were(text: str) -> None:
    """Plain text, HTML and the attached record each survive, in exactly our parts with exactly our headers."""
    message = email.message_from_bytes(multipart_of(text or "x", record=text or "x"), policy=policy.default)
    plain, html, record = [part for part in message.walk() if not part.is_multipart()]
    normal = (text or "x").replace("\r\n", "\n").replace("\r", "\n")
    for face in (plain, html):
        assert tuple(face.keys()) == PART_HEADERS
        assert face.get_content().replace("\r\n", "\n") == normal
    assert tuple(record.keys()) == ATTACHMENT_HEADERS
    assert record.get_filename() == "RJ-4X7K-9PQM.json"
    assert record.get_content().replace(b"\r\n", b"\n") == normal.encode()
    assert tuple(message.keys()) == HEADERS
    assert message["Subject"] == "Restorative Justice referral RJ-4X7K-9PQM harmed"


FORGED = "x\n--=_alternatives\nX-Injected: yes\n\ny\n--=_alternatives--\n--=_attached\n--=_attached--\n"


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize("text", [FORGED, FORGED + "\U0001fac2" * 500], ids=["quoted-printable", "base64"])
def test_a_boundary_cannot_be_forged(text: str) -> None:
    """Lines that look like our boundaries stay text: they hold two signs that neither encoding lets through."""
    wire = multipart_of(text, record=text)
    assert [part.get_content_type() for part in email.message_from_bytes(wire).walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/json",
    ]
    assert wire.count(b"\r\n--=_alternatives") == wire.count(b"\r\n--=_attached") == 3


def test_the_shorter_encoding_is_used() -> None:
    """Plain English stays readable on the wire; a text of emoji is packed as base64."""
    assert b"quoted-printable" in wire_of("Hello\n")
    assert b"base64" in wire_of("🫂" * 400)


@pytest.mark.parametrize(
    ("wire", "flaw"),
    [
        (b"From: \xfc\r\n\r\n", "plain ASCII"),
        (b"From: \0\r\n\r\n", "plain ASCII"),
        (b"From: a\n\r\n\r\n", "bare line end"),
        (b"From: a\rb\r\n\r\n", "bare line end"),
        (wire_of("x\n")[:-2], "bare line end"),
        (wire_of("x\n") + b"y" * 999 + b"\r\n", "too long"),
        (wire_of("x\n").replace(b"To:", b"Bcc: x@example.org\r\nTo:"), "not ours"),
        (wire_of("x\n").replace(b"To:", b"Cc:"), "not ours"),
        (wire_of("x\n").replace(b"text/plain", b"text/csv"), "part that is not ours"),
        (multipart_of("x\n").replace(b"text/html", b"text/csv"), "part that is not ours"),
        (multipart_of("x\n").replace(b"x\r\n", b"--=_alternatives\r\n", 1), "part that is not ours"),
        (multipart_of("x\n").replace(b"--=_alternatives--\r\n", b"--=_alternatives\r\n"), "part that is not ours"),
        (multipart_of("x\n") + b"more\r\n", "part that is not ours"),
        (multipart_of("x\n").replace(b"--=_alternatives\r\n", b"--=_alternatives \r\n"), "part that is not ours"),
        (
            multipart_of("x\n", "{}").replace(b"Content-Disposition:", b"X-Other: y\r\nContent-Disposition:"),
            "part with a header that is not ours",
        ),
    ],
    ids=[
        *("8 bit", "NUL", "bare LF", "bare CR", "no end", "long line", "one more", "another"),
        *("other type", "other part", "one part more", "no last boundary", "epilogue", "blank", "header in a part"),
    ],
)
def test_a_message_that_can_be_read_in_two_ways_is_refused(wire: bytes, flaw: str) -> None:
    """Each flaw that a relay could turn into another message is caught before sending."""
    with pytest.raises(ValueError, match=rf"^The message holds a .*{flaw}\.$"):
        check(wire)


def test_a_line_of_just_998_bytes_is_let_through() -> None:
    """The control: that is what a relay has to take (RFC 5322, section 2.1.1)."""
    check(wire_of("x\n") + b"y" * 998 + b"\r\n")


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize("name", ["reference", "sender", "inbox"])
@pytest.mark.parametrize("hostile", ["=?utf-8?q?x=0D=0AX-Injected:_yes?=", "x\r\nX-Injected: yes", "x\nBcc: y"])
def test_a_hostile_value_gets_no_header_through(name: str, hostile: str) -> None:
    """Even a value of ours, were it hostile, could not add a header."""
    try:
        wire = wire_of("x\n", **{name: hostile})
    except ValueError:
        return
    assert tuple(email.message_from_bytes(wire).keys()) == HEADERS


def test_the_self_test_passes_here() -> None:
    """With the check in place no hostile value gets through, whatever this Python does."""
    self_test()


def test_the_self_test_catches_an_injected_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, a line end in a value would make a header of its own, and the start is refused."""
    monkeypatch.setattr(message, "check", lambda _: None)
    with pytest.raises(RuntimeError, match=r"^A header can be injected through the reference; no message is safe\.$"):
        self_test()


def test_the_self_test_catches_a_forged_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """If an encoding let a boundary through, the start would be refused."""
    monkeypatch.setattr(message, "_quoted_printable", lambda text: text)
    with pytest.raises(RuntimeError, match=r"^A part can be forged; no message is safe\.$"):
        self_test()


@pytest.mark.parametrize(
    "wire",
    [wire_of("Hello\n" * 9), wire_of("\N{PEOPLE HUGGING}" * 400), multipart_of("x"), multipart_of("x", record="{}")],
)
def test_a_head_of_ours_is_known_with_any_content(wire: bytes) -> None:
    """Plain in either encoding, with a second face or a record; no other reference, time, or end of the subject."""
    names = {"sender": "referrals@service.example", "inbox": "inbox@example.org"}
    assert message.has_our_head(wire, "RJ-4X7K-9PQM", accepted_at=AT, subject_words=["", "harmed"], **names)
    assert not message.has_our_head(wire, "RJ-9PQM-4X7K", accepted_at=AT, subject_words=["", "harmed"], **names)
    assert not message.has_our_head(wire, "RJ-4X7K-9PQM", accepted_at=AT, subject_words=["other"], **names)
    assert not message.has_our_head(
        wire, "RJ-4X7K-9PQM", accepted_at=AT + timedelta(1), subject_words=["", "harmed"], **names
    )
    assert message.envelope_id(wire.partition(b"Message-ID")[0]) == ""


def test_the_date_is_in_utc() -> None:
    """The Date header is UTC, whatever the zone of the clock."""
    parsed = email.message_from_bytes(wire_of("x\n"), policy=policy.default)
    assert parsed["Date"].datetime.utcoffset() == timedelta(0)
    assert parsed["Date"].datetime == AT.astimezone(UTC)
