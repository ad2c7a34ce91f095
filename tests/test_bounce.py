"""Delivery reports: which of them are about a message of ours, and that no other changes anything.

The examples in `bounces/` are written by us after the formats of the four programs; `{id}` is the name of the message.
"""

# ruff: noqa: PLR0913, PLR0917 - fixtures are arguments

import io
import random
import re
import secrets
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from referral_function import compose
from referral_function.commands.bounces import bounced
from referral_function.sending.bounce import MAX_BYTES, Bounce, NotABounce, read_bounce
from referral_function.sending.reference import new_reference
from referral_function.settings.settings import Settings
from tests.smtp_server import SmtpServer
from tests.test_commands import Run, run, waiting
from tests.test_keeping import PRIVATE, keeping, typed

__all__ = ["keeping", "run", "typed", "waiting"]  # fixtures
EXAMPLES = sorted((Path(__file__).parent / "bounces").glob("*.eml"))
STATUS = {"postfix": "5.2.2", "exim": "5.0.0", "exchange-online": "5.7.133", "google": "4.4.1"}
REFERENCE, TOKEN = "RJ-4X7K-9PQR", "0123456789abcdef" * 2
POSTFIX = next(each for each in EXAMPLES if each.stem == "postfix")


def report(example: Path = POSTFIX, name: str = f"{REFERENCE}.{TOKEN}") -> bytes:
    """Return an example about a message of this name, with the line ends of an email."""
    return example.read_text("utf-8").replace("{id}", name).replace("\n", "\r\n").encode()


def refusal(raw: bytes) -> str:
    """Return why a report is refused: the rest of a sentence."""
    with pytest.raises(NotABounce) as caught:
        read_bounce(raw)
    assert re.fullmatch(r"(it|its) .*\.", str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b"\r"], ids=["CRLF", "LF", "CR"])
def test_each_kind_of_report_names_the_message(example: Path, ends: bytes) -> None:
    """Postfix, Exim, Exchange Online and Google: reference, token and status code are found, however it was saved."""
    raw = report(example).replace(b"\r\n", ends)
    assert read_bounce(raw) == Bounce(reference=REFERENCE, token=TOKEN, status=STATUS[example.stem])


@pytest.mark.parametrize(
    ("pattern", "put", "reason"),
    [
        (r"report-type=delivery-status", "report-type=feedback-report", "not a delivery report"),
        (r"multipart/report", "multipart/mixed", "not a delivery report"),
        (r"(?s)\n\n.*", "\n\nnothing\n", "not a delivery report"),
        (r"message/delivery-status", "text/plain", "no part, or several"),
        (r"text/rfc822-headers", "message/delivery-status", "no part, or several"),
        (r"Action: failed", "Action: delayed", "may still be trying"),
        (r"Action: failed", "Action: delivered", "may still be trying"),
        (r"Action: failed", "Action: delayed (failed)", "may still be trying"),
        (r"Action: failed\n", "", "may still be trying"),
        (r"Status: 5.2.2", "Status: 2.0.0", "no status code of a failure"),
        (r"Status: 5.2.2\n", "", "no status code of a failure"),
        (r"(Original-Envelope-Id|Message-ID): [^\n]*\n", "", "names no message of ours"),
        (rf"Original-Envelope-Id: {REFERENCE}", "Original-Envelope-Id: RJ-2222-2222", "or several"),
        (rf"{TOKEN}", TOKEN[:-1], "names no message of ours"),
        (rf"\.{TOKEN}", "", "names no message of ours"),
        (REFERENCE, "RJ-4X7K-9PQN", "its reference is none"),
    ],
)
def test_what_is_no_report_about_us_is_refused(pattern: str, put: str, reason: str) -> None:
    """Each condition alone is enough to refuse; the report that is otherwise the same is taken."""
    changed = re.sub(pattern, put, report().decode().replace("\r\n", "\n"))
    assert reason in refusal(changed.encode())


def test_either_name_is_enough() -> None:
    """A program that knows no ENVID returns the Message-ID, and one that returns no headers the ENVID; elsewhere neither counts."""
    text = report().decode()
    for line in ("Original-Envelope-Id", "Message-ID"):
        assert read_bounce(re.sub(rf"{line}: [^\r]*\r\n", "", text).encode()).token == TOKEN
    headers = "Content-Type: text/rfc822-headers"
    encoded = text.replace(headers, f"{headers}\r\nContent-Transfer-Encoding: base64")
    assert read_bounce(encoded.encode()).token == TOKEN  # not base64 at all: the ENVID is left
    elsewhere = re.sub(r"(Original-Envelope-Id: [^\r]*\r\n)(?s:(.*?))(Action: failed\r\n)", r"\2\3\1", text)
    assert "names no message" in refusal(re.sub(r"Message-ID: [^\r]*\r\n", "", elsewhere).encode())
    inner = f"multipart/mixed; boundary=x\r\n\r\n--x\r\nMessage-ID: <{REFERENCE}.{TOKEN}@x>\r\n\r\n--x--\r\n\r\n"
    nested = re.sub(r"Original-Envelope-Id: [^\r]*\r\n", "", text).replace("text/rfc822-headers", inner, 1)
    assert "names no message" in refusal(re.sub(r"\nMessage-ID: <(?!.*@x>)[^\r]*\r", "\n\r", nested).encode())
    returned = re.sub("(?s)text/rfc822-headers.*", "multipart/mixed; boundary=x\r\n\r\n--x--", text)
    assert read_bounce(returned.encode()).token == TOKEN


def test_a_comment_after_a_value_is_no_part_of_it() -> None:
    """Programs explain an action or a status code in brackets."""
    text = report().decode()
    for plain, explained in (("Action: failed", "Action: Failed (expired)"), ("Status: 5.2.2", "Status: 5.2.2 (full)")):
        assert plain in text
        assert read_bounce(text.replace(plain, explained).encode()).status == "5.2.2"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not a delivery report"),
        (b"\0" * 1000, "not a delivery report"),
        (b"x" * (MAX_BYTES + 1), "larger than 1024 kB"),
        (report() + b"\n" * 20_001, "too many lines"),
        (report() + b"\r" * 20_001, "too many lines"),
        (report() + b"Content-Type: x/y\n" * 50, "too many lines or parts"),
        (b"Content-Type: multipart/report;" + b' x=";"' * 300 + b"\n\n", "too many lines or parts"),
        (b"Content-Type: multipart/report;" + b'\n x=";"' * 300 + b"\n\n", "too many lines or parts"),
        (
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n" * 40,
            "no part, or several",
        ),
        (b"Content-Type: message/delivery-status\n\n" * 50, "not a delivery report"),
        (
            b"Content-Type: multipart/report; report-type*0*=utf-8''%64; boundary=\xff\n\n--\xff\n\n\xff",
            "not a delivery",
        ),
    ],
    ids=range(11),
)
def test_a_hostile_file_is_refused_before_it_costs_anything(raw: bytes, reason: str) -> None:
    """Size, lines, parts and the length of a type are bounded before the parser of the standard library sees them."""
    assert reason in refusal(raw)


def test_what_is_returned_of_a_message_may_be_empty() -> None:
    """A part without content, or whose content is no message, names nothing."""
    head = "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
    for part in (
        "Content-Type: message/rfc822\n",
        "Content-Type: text/rfc822-headers\n",
        "Content-Type: message/global\n",
    ):
        text = f"{head}Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n\n--x\n{part}\n--x--\n"
        assert "names no message of ours" in refusal(text.encode())


def hostile_files(count: int, reference: str, token: str) -> list[bytes]:
    """Make reports that know the reference and not the token, or damage one that does so that it proves nothing."""
    chance = random.Random(20)  # noqa: S311 - a repeatable choice
    found = []
    for number in range(count):
        example = EXAMPLES[number % len(EXAMPLES)]
        guess = [
            reference,
            f"{reference}.{chance.randbytes(16).hex()}",
            f"{reference}.{token[:31]}",
            f"{reference}.{token}0",
            f"{reference}.{token.upper()}",
            f"{new_reference(secrets.randbelow)}.{token}",
            f"{reference}.*",
            f"{reference}.%' OR 1=1 --",
            f"{reference}.\r\nOriginal-Envelope-Id: {reference}",
        ][number // len(EXAMPLES) % 9]
        raw = bytearray(report(example, guess))
        for _ in range(chance.randrange(6)):
            at, kind = chance.randrange(len(raw)), chance.randrange(4)
            if kind == 0:
                raw[at] = chance.randrange(256)
            elif kind == 1:
                del raw[at : at + chance.randrange(200)]
            elif kind == 2:
                raw[at:at] = raw[max(0, at - chance.randrange(400)) : at]
            else:
                raw[at:at] = chance.randbytes(chance.randrange(50))
        found.append(bytes(raw))
    return found


@pytest.mark.usefixtures("keeping")
def test_a_thousand_forged_reports_change_nothing(
    run: Run,
    waiting: Callable[..., str],
    environ: dict[str, str],
    smtp_server: SmtpServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever knows a reference, and all formats, cannot mark it; the report with the token of the message does."""
    reference = waiting()
    assert run("drain")[0] == 0
    token = token_of(smtp_server)
    path = tmp_path / "report.eml"
    outbox = compose.open_outbox(Settings.read(environ))
    for raw in hostile_files(1000, reference, token):
        path.write_bytes(raw)
        assert bounced(outbox, Namespace(file=str(path))) == 1
    outbox.close()
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1000
    assert all(line.startswith("Nothing was changed by this report: ") for line in said)
    assert run("drain")[0] == 0  # no alarm
    path.write_bytes(report(name=f"{reference}.{token}"))
    assert run("outbox", "bounced", str(path))[0] == 0  # the control
    assert run("drain")[0] == 1


def token_of(server: SmtpServer) -> str:
    """Return the token of the last message that arrived: its Message-ID and its ENVID are the same."""
    last = server.kept[-1]
    found = re.search(rb"Message-ID: <[^.]+\.([0-9a-f]{32})@localhost>\r\n", last.wire)
    assert found
    token = found[1].decode()
    assert last.sender.endswith(f".{token}")
    return token


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_report_marks_the_message_and_alarms(
    run: Run,
    typed: Callable[..., None],
    smtp_server: SmtpServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    example: Path,
) -> None:
    """From a file or from a pipe: the entry is `bounced` with its status code until it is resent, and arrives then."""
    reference = run("send-test")[1].partition(":")[0]
    raw = report(example, f"{reference}.{token_of(smtp_server)}")
    if example.stem == "postfix":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code, out, _ = run("outbox", "bounced", "-")
    else:
        (tmp_path / "report.eml").write_bytes(raw)
        code, out, _ = run("outbox", "bounced", str(tmp_path / "report.eml"))
    assert (code, out) == (0, f"{reference} is marked as bounced ({STATUS[example.stem]}): resend it, or settle it.\n")
    event = next(record for record in caplog.records if record.getMessage() == "bounced")
    assert (event.levelname, event.__dict__["fields"]) == (
        "ERROR",
        {"reference": reference, "code": STATUS[example.stem]},
    )
    assert STATUS[example.stem] in run("outbox", "list")[1]
    assert run("drain")[0] == 1
    typed(PRIVATE)
    assert run("outbox", "resend", reference)[0] == 0
    assert run("drain")[:2] == (0, "Delivered 1, failed 0.\n")
    assert smtp_server.kept[0].wire == smtp_server.kept[1].wire


@pytest.mark.usefixtures("keeping")
def test_a_report_about_what_still_waits_changes_nothing(
    run: Run, waiting: Callable[..., str], typed: Callable[..., None], smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """The copy that bounced is sent again anyway; a file that is not there is one sentence."""
    reference = waiting()
    run("drain")
    typed(PRIVATE)
    run("outbox", "resend", reference)
    path = tmp_path / "report.eml"
    path.write_bytes(report(name=f"{reference}.{token_of(smtp_server)}"))
    assert run("outbox", "bounced", str(path))[:2] == (
        1,
        f"Nothing was changed by this report: no delivered message here is {reference} with its token.\n",
    )
    code, out, _ = run("outbox", "bounced", str(tmp_path / "missing.eml"))
    assert (code, out) == (1, "Nothing was changed by this report: it cannot be read: No such file or directory.\n")
