"""The mailer against a real server: verified TLS or nothing, and every failure knows its stage."""

import contextlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from referral_function.sending import smtp
from referral_function.sending.attempt import Failure, PermanentFailure, Stage, TemporaryFailure
from referral_function.sending.mailer import LeaseLost, Mailer
from referral_function.sending.smtp import BODY_TIMEOUT, Relay
from tests.smtp_server import DROP, GARBAGE, HANG, SLOW, STORE_AND_DROP, STORE_AND_HANG, Certificate, SmtpServer

WIRE = b"From: a@example.org\r\n\r\nSECRET\r\n.dot\r\n..two\r\n.\r\nend\r\n"


def yes() -> bool:
    """Say that the lease still holds."""
    return True


type_of_make = Callable[..., Mailer]


@pytest.fixture
def make(limit: float) -> Iterator[type_of_make]:
    """Make mailers, and close them in the end."""
    made: list[Mailer] = []

    def maker(server: SmtpServer, **changes: str | int | None) -> Mailer:
        scheme = "smtps" if server.implicit_tls else "smtp"
        relay = Relay(**{"scheme": scheme, "host": "localhost", "port": server.port, **changes})  # type: ignore[arg-type]
        mailer = Mailer(
            relay,
            sender="referrals@service.example",
            inbox="inbox@example.org",
            ca_file=server.authorities,
            final_reply_timeout=limit,
            clock=time.monotonic,
        )
        made.append(mailer)
        return mailer

    yield maker
    for mailer in made:
        mailer.close()


def failure_of(mailer: Mailer) -> Failure:
    """Send and return what came of it."""
    with pytest.raises(Failure) as caught:
        mailer.send(WIRE, "RJ-4X7K-9PQM", yes)
    return caught.value


@pytest.mark.parametrize("implicit", [False, True], ids=["smtp", "smtps"])
def test_a_message_arrives_byte_for_byte(tmp_path: Path, make: type_of_make, implicit: bool) -> None:  # noqa: FBT001
    """What arrives is what was made, dots and all, for one recipient, over STARTTLS and implicit TLS."""
    with SmtpServer(folder=tmp_path, implicit_tls=implicit) as server:
        assert make(server).send(WIRE, "RJ-4X7K-9PQM", yes) == "250"
        (kept,) = server.kept
    assert kept.wire == WIRE
    assert kept.recipients == ("<inbox@example.org>",)
    assert b"SECRET" not in server.in_the_clear


def test_a_bounce_is_asked_to_carry_headers_alone(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Where the relay offers it, DSN says that the referral itself never comes back in a bounce."""
    make(smtp_server).send(WIRE, "RJ-4X7K-9PQM", yes)
    assert smtp_server.kept[0].sender == "<referrals@service.example> RET=HDRS ENVID=RJ-4X7K-9PQM"


def test_without_dsn_nothing_is_asked(smtp_server: SmtpServer, make: type_of_make) -> None:
    """A relay without DSN gets a plain MAIL."""
    smtp_server.extensions = ()
    make(smtp_server).send(WIRE, "RJ-4X7K-9PQM", yes)
    assert smtp_server.kept[0].sender == "<referrals@service.example>"


def test_what_a_relay_offers_is_read_in_either_case(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Keywords of EHLO have no case (RFC 5321, section 4.1.1.1)."""
    smtp_server.extensions = ("auth login", "dsn")
    make(smtp_server, user="us", password="hush").send(WIRE, "RJ-4X7K-9PQM", yes)
    assert b"AUTH LOGIN" in smtp_server.received
    assert b" RET=HDRS ENVID=RJ-4X7K-9PQM\r\n" in smtp_server.received


def test_one_connection_serves_a_batch(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Messages of one round share a connection; each has its envelope: sender, id, and the one recipient."""
    mailer, names = make(smtp_server), ["RJ-4X7K-9PQM", "RJ-9PQM-4X7K", "RJ-2222-2222"]
    for name in names:
        mailer.send(WIRE, name, yes)
    sender = "<referrals@service.example> RET=HDRS ENVID="
    assert [(kept.sender, kept.recipients) for kept in smtp_server.kept] == [
        (sender + name, ("<inbox@example.org>",)) for name in names
    ]
    assert smtp_server.connections == 1


@pytest.mark.parametrize(("stage", "answer"), [("mail", "421"), ("mail", DROP), ("rcpt", DROP), ("mail", "451")])
def test_a_kept_connection_that_went_stale_is_replaced(
    smtp_server: SmtpServer, make: type_of_make, stage: str, answer: str
) -> None:
    """A relay that grew tired of the connection gets the message over a new one, once."""
    smtp_server.script(stage, "250", answer, "250")
    mailer = make(smtp_server)
    mailer.send(WIRE, "RJ-4X7K-9PQM", yes)
    mailer.send(WIRE, "RJ-9PQM-4X7K", yes)
    assert (len(smtp_server.kept), smtp_server.connections) == (2, 2)


@pytest.mark.parametrize(
    ("offered", "mechanism"), [("AUTH PLAIN LOGIN", "PLAIN"), ("AUTH LOGIN", "LOGIN"), ("8BITMIME", "PLAIN")]
)
def test_the_mailer_signs_in_under_tls(
    smtp_server: SmtpServer, make: type_of_make, offered: str, mechanism: str
) -> None:
    """User and password travel in either usual way, and never in the clear; PLAIN is tried where none is named."""
    smtp_server.extensions = (offered,)
    make(smtp_server, user="us", password="hush").send(WIRE, "RJ-4X7K-9PQM", yes)
    assert len(smtp_server.kept) == 1
    assert (b"AUTH PLAIN AHVzAGh1c2g=\r\n" in smtp_server.received) == (mechanism == "PLAIN")
    assert (b"AUTH LOGIN dXM=\r\naHVzaA==\r\n" in smtp_server.received) == (mechanism == "LOGIN")
    assert b"AUTH" not in smtp_server.in_the_clear


@pytest.mark.parametrize("step", ["login", "auth"])
def test_a_login_in_two_steps_may_fail_at_either(smtp_server: SmtpServer, make: type_of_make, step: str) -> None:
    """Whether the user or the password is refused, it is a failure at AUTH."""
    smtp_server.extensions = ("AUTH LOGIN",)
    smtp_server.script(step, "535")
    failure = failure_of(make(smtp_server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.AUTH, "535")


@pytest.mark.parametrize(("stage", "code"), [("mail", "553"), ("rcpt", "550"), ("rcpt", "451")])
def test_a_relay_that_pipelines_is_judged_by_the_stage_all_the_same(
    smtp_server: SmtpServer, make: type_of_make, stage: str, code: str
) -> None:
    """MAIL and RCPT may travel together; which of them was refused is still known, and nothing follows."""
    smtp_server.extensions = ("PIPELINING",)
    smtp_server.script(stage, "250", code, "250")
    mailer = make(smtp_server)
    mailer.send(WIRE, "RJ-4X7K-9PQM", yes)
    lines = b"MAIL FROM:<referrals@service.example>\r\nRCPT TO:<inbox@example.org>\r\nDATA\r\n"
    assert lines in smtp_server.received
    assert smtp_server.kept[0].wire == WIRE
    if code == "451":
        mailer.send(WIRE, "RJ-4X7K-9PQM", yes)  # on a kept connection it is tried once more on a new one
        return
    failure = failure_of(mailer)
    assert (failure.stage, failure.code) == (STAGES[stage], code)
    assert len(smtp_server.kept) == 1


STAGES = {
    "banner": Stage.CONNECT,
    "ehlo": Stage.EHLO,
    "starttls": Stage.TLS,
    "ehlo 2": Stage.EHLO,
    "auth": Stage.AUTH,
    "mail": Stage.MAIL,
    "rcpt": Stage.RCPT,
    "data": Stage.DATA,
    "dot": Stage.DOT,
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_4xx_is_temporary_at_every_stage(smtp_server: SmtpServer, make: type_of_make, stage: str) -> None:
    """A 4xx says where it was said, and that trying again will do."""
    for code in ("421", "450", "451", "452", "454"):
        smtp_server.script(stage, code)
        failure = failure_of(make(smtp_server, user="us", password="hush"))
        assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, STAGES[stage], code)
    assert not smtp_server.kept


@pytest.mark.parametrize("stage", STAGES)
def test_a_5xx_is_permanent_at_every_stage(smtp_server: SmtpServer, make: type_of_make, stage: str) -> None:
    """A 5xx says where it was said, and that a person has to look."""
    for code in ("500", "535", "550", "554"):
        smtp_server.script(stage, code)
        failure = failure_of(make(smtp_server, user="us", password="hush"))
        assert (type(failure), failure.stage, failure.code) == (PermanentFailure, STAGES[stage], code)
    assert not smtp_server.kept


@pytest.mark.parametrize(("answer", "word"), [(HANG, "timeout"), (DROP, "closed"), (GARBAGE, "garbled")])
@pytest.mark.parametrize("stage", STAGES)
def test_silence_a_drop_and_garbage_are_temporary_at_every_stage(
    smtp_server: SmtpServer, make: type_of_make, stage: str, answer: str, word: str
) -> None:
    """A relay that hangs, hangs up or talks nonsense holds us up for a bounded time, and is tried again."""
    smtp_server.script(stage, answer)
    failure = failure_of(make(smtp_server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, STAGES[stage], word)


@pytest.mark.parametrize("answer", [STORE_AND_DROP, STORE_AND_HANG])
def test_a_relay_that_keeps_the_message_and_goes_silent_is_told_apart_by_its_stage(
    smtp_server: SmtpServer, make: type_of_make, answer: str
) -> None:
    """Silence after the final dot is a failure at the dot, never at an earlier stage."""
    smtp_server.script("dot", answer)
    assert failure_of(make(smtp_server)).stage is Stage.DOT
    assert len(smtp_server.kept) == 1


@pytest.mark.parametrize(("answer", "word"), [(HANG, "timeout"), (DROP, "closed")])
def test_a_relay_that_goes_away_in_the_middle_of_the_message_has_not_got_it(
    smtp_server: SmtpServer, make: type_of_make, answer: str, word: str
) -> None:
    """A long message that cannot be written in time fails before its dot, without doubt."""
    smtp_server.script("body", answer)
    mailer = make(smtp_server)
    with pytest.raises(TemporaryFailure) as caught:
        mailer.send(b"x" * 996 + b"\r\n" + (b"y" * 996 + b"\r\n") * 20_000, "RJ-4X7K-9PQM", yes)
    assert (caught.value.stage, caught.value.code) == (Stage.BODY, word)


def test_goodbye_is_not_waited_for(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Once the relay has said 250 to the dot, what it says to QUIT changes nothing."""
    smtp_server.script("quit", "421")
    mailer = make(smtp_server)
    assert mailer.send(WIRE, "RJ-4X7K-9PQM", yes) == "250"
    mailer.close()
    smtp_server.wait_for("quit")
    assert smtp_server.received.endswith(b"\r\n.\r\nQUIT\r\n")
    assert len(smtp_server.kept) == 1


def test_the_answer_to_the_final_dot_may_take_longer_than_any_other(
    smtp_server: SmtpServer, make: type_of_make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a time of its own: a relay may scan the message first."""
    smtp_server.script("dot", SLOW)
    mailer = make(smtp_server)

    def renew_lease() -> bool:  # from now on only the dot is left to answer
        monkeypatch.setattr(mailer._connection, "_reply_timeout", 0.1)  # noqa: SLF001 - of this very connection
        return True

    assert mailer.send(WIRE, "RJ-4X7K-9PQM", renew_lease) == "250"


def test_an_overtaken_entry_is_not_sent(smtp_server: SmtpServer, make: type_of_make) -> None:
    """The lease is asked when the relay waits for the message: if it is lost, not a byte of it is said, and no QUIT."""
    with pytest.raises(LeaseLost):
        make(smtp_server).send(WIRE, "RJ-4X7K-9PQM", lambda: False)
    assert b"RCPT TO" in smtp_server.received
    assert smtp_server.received.endswith(b"DATA\r\n")
    assert not smtp_server.kept


def test_the_message_after_an_overtaken_one_is_whole(smtp_server: SmtpServer, make: type_of_make) -> None:
    """The next message goes over a connection of its own: on the old one its commands would be read as a message."""
    mailer = make(smtp_server)
    with pytest.raises(LeaseLost):
        mailer.send(WIRE, "RJ-4X7K-9PQM", lambda: False)
    assert mailer.send(WIRE, "RJ-4X7K-9PQM", yes) == "250"
    assert len(smtp_server.kept) == 1
    assert smtp_server.received.count(b"EHLO") == 4


def test_the_settings_can_be_tried_without_sending(smtp_server: SmtpServer, make: type_of_make) -> None:
    """The check goes as far as RCPT and leaves."""
    make(smtp_server).check()
    assert b" RET=HDRS ENVID=check\r\nRCPT TO:<inbox@example.org>\r\n" in smtp_server.received
    assert b"DATA" not in smtp_server.received


@pytest.mark.asvs("12.3.1", "12.3.2")
@pytest.mark.parametrize("implicit", [False, True], ids=["smtp", "smtps"])
@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        (Certificate.SELF_SIGNED, "self-signed"),
        (Certificate.WRONG_NAME, "wrong-name"),
        (Certificate.EXPIRED, "expired"),
        (Certificate.UNKNOWN_AUTHORITY, "unknown-authority"),
        (Certificate.NOT_YET_VALID, "certificate"),  # any cause without a word of its own
    ],
)
def test_a_relay_that_cannot_prove_who_it_is_gets_no_byte_of_a_message(
    tmp_path: Path,
    make: type_of_make,
    certificate: Certificate,
    cause: str,
    implicit: bool,  # noqa: FBT001
) -> None:
    """With a wrong certificate nothing but the greeting leaves, and the failure names the cause."""
    with SmtpServer(folder=tmp_path, certificate=certificate, implicit_tls=implicit) as server:
        failure = failure_of(make(server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, cause)
    assert bytes(server.received) in (b"", b"EHLO service.example\r\nSTARTTLS\r\n")


@pytest.mark.asvs("12.3.1", "12.3.2")
def test_without_a_private_authority_those_of_the_system_are_asked(
    smtp_server: SmtpServer, limit: float, tmp_path: Path
) -> None:
    """An authority that the system does not know is not believed; a private file that holds none stops the start."""
    known = {"sender": "referrals@service.example", "inbox": "inbox@example.org", "clock": time.monotonic}
    relay = Relay(scheme="smtp", host="localhost", port=smtp_server.port, user=None, password=None)
    failure = failure_of(Mailer(relay, ca_file=None, final_reply_timeout=limit, **known))  # type: ignore[arg-type]
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "unknown-authority")
    (tmp_path / "none.pem").touch()
    with pytest.raises(ssl.SSLError):
        Mailer(relay, ca_file=str(tmp_path / "none.pem"), final_reply_timeout=limit, **known)  # type: ignore[arg-type]


@pytest.mark.asvs("12.3.1", "12.3.2")
def test_a_relay_without_starttls_gets_no_byte_of_a_message(tmp_path: Path, make: type_of_make) -> None:
    """TLS that was stripped is a failure, never a fall back to plain text."""
    with SmtpServer(folder=tmp_path, offers_tls=False) as server:
        failure = failure_of(make(server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "502")
    assert server.received == b"EHLO service.example\r\nSTARTTLS\r\n"


@pytest.mark.asvs("12.3.1", "12.3.2")
def test_a_relay_that_speaks_plain_text_where_tls_belongs_gets_no_byte(tmp_path: Path, make: type_of_make) -> None:
    """With smtps, a server that talks in the clear is a failure at TLS."""
    with SmtpServer(folder=tmp_path, offers_tls=False) as server:
        failure = failure_of(make(server, scheme="smtps"))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "protocol")
    assert b"SECRET" not in server.received


@pytest.mark.asvs("12.3.1", "12.3.2")
@pytest.mark.parametrize("implicit", [False, True], ids=["smtp", "smtps"])
def test_old_tls_gets_no_byte_of_a_message(tmp_path: Path, make: type_of_make, implicit: bool) -> None:  # noqa: FBT001
    """TLS 1.1 is refused."""
    with SmtpServer(folder=tmp_path, newest_tls=ssl.TLSVersion.TLSv1_1, implicit_tls=implicit) as server:
        failure = failure_of(make(server))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "protocol")
    assert bytes(server.received) in (b"", b"EHLO service.example\r\nSTARTTLS\r\n")


@pytest.mark.asvs("12.3.1", "12.3.2")
@pytest.mark.parametrize(("answer", "word"), [(HANG, "timeout"), (DROP, "closed")])
def test_a_handshake_that_ends_nowhere_gets_no_byte_of_a_message(
    smtp_server: SmtpServer, make: type_of_make, answer: str, word: str
) -> None:
    """A relay that closes or goes silent in the handshake is tried again later."""
    smtp_server.script("handshake", answer)
    failure = failure_of(make(smtp_server))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, Stage.TLS, word)
    assert smtp_server.received == b"EHLO service.example\r\nSTARTTLS\r\n"


@pytest.mark.asvs("12.3.1", "12.3.2")
def test_a_relay_of_another_scheme_gets_no_byte_of_a_message(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Whatever the settings let through, the mailer itself says nothing on a connection that is not encrypted."""
    failure = failure_of(make(smtp_server, scheme="stmp", user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "missing")
    assert smtp_server.received == b"EHLO service.example\r\n"


@pytest.mark.asvs("12.3.1")
def test_a_reply_smuggled_in_before_tls_is_not_believed(smtp_server: SmtpServer, make: type_of_make) -> None:
    """Bytes that came in the clear behind the yes to STARTTLS are an attack, not a reply."""
    smtp_server.script("starttls", "220 go\r\n250 injected")
    failure = failure_of(make(smtp_server))
    assert (type(failure), failure.stage, failure.code) == (PermanentFailure, Stage.TLS, "injected")


@pytest.mark.parametrize(
    "reply", ["250-" + "x" * 20_000, "\r\n".join(["250-more"] * 5000), "x" * 20_000], ids=["long", "many", "endless"]
)
def test_a_reply_without_end_is_not_read_to_its_end(smtp_server: SmtpServer, make: type_of_make, reply: str) -> None:
    """A reply is bounded in length."""
    smtp_server.script("mail", reply)
    failure = failure_of(make(smtp_server))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, Stage.MAIL, "closed")


def test_a_reply_over_several_lines_is_one_reply(smtp_server: SmtpServer, make: type_of_make) -> None:
    """The code of a reply is that of its last line."""
    smtp_server.script("mail", "250-first\r\n250-second\r\n250 third")
    assert make(smtp_server).send(WIRE, "RJ-4X7K-9PQM", yes) == "250"


@pytest.mark.parametrize(("stage", "answer"), [("data", "250"), ("dot", "354"), ("mail", "334")])
def test_a_yes_to_another_question_is_no_yes(
    smtp_server: SmtpServer, make: type_of_make, stage: str, answer: str
) -> None:
    """Only 354 lets the message go, and only a 2xx says that it was taken."""
    smtp_server.script(stage, answer)
    assert failure_of(make(smtp_server)).stage is STAGES[stage]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "reply",
    ["2500", "2500 yes", "220x", "25 yes", " 250 yes", "250_yes", "٢٥٠ yes".encode().decode("latin-1"), "yes", ""],
)
def test_a_code_is_three_digits_and_a_blank_or_a_dash(
    smtp_server: SmtpServer, make: type_of_make, stage: str, reply: str
) -> None:
    """A reply whose code only begins like a yes is none: the message counts as not delivered."""
    smtp_server.script(stage, reply)
    failure = failure_of(make(smtp_server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, STAGES[stage], "garbled")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "reply", ["550-no\r\n250 yes", "250-yes\r\n550 no", "354-go\r\n354-on\r\n250 x", "250-a\r\n2500 b"]
)
def test_all_lines_of_a_reply_carry_one_code(
    smtp_server: SmtpServer, make: type_of_make, stage: str, reply: str
) -> None:
    """A reply that contradicts itself is none (RFC 5321, section 4.2.1)."""
    smtp_server.script(stage, reply)
    failure = failure_of(make(smtp_server, user="us", password="hush"))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, STAGES[stage], "garbled")


@pytest.mark.parametrize("reply", ["250", "250 ", "250-\r\n250"])
def test_a_reply_needs_no_words(smtp_server: SmtpServer, make: type_of_make, reply: str) -> None:
    """The control: a bare code is a reply too (RFC 5321, section 4.2)."""
    smtp_server.script("rcpt", reply)
    smtp_server.script("dot", reply)
    assert make(smtp_server).send(WIRE, "RJ-4X7K-9PQM", yes) == "250"


@pytest.mark.parametrize("pipelining", [False, True], ids=["one by one", "pipelined"])
@pytest.mark.parametrize(
    ("stage", "reply", "found_at"),
    [
        ("banner", "220 hello\r\n250 yes", Stage.EHLO),
        ("ehlo 2", "250 hello\r\n250 yes", Stage.AUTH),
        ("auth", "235 hello\r\n250 yes", Stage.MAIL),
        ("mail", "250 yes\r\n250 yes", Stage.RCPT),
        ("rcpt", "250 yes\r\n250 yes", Stage.DATA),
        ("data", "354 go\r\n250 yes", Stage.BODY),
        ("data", "354 go\r\n2", Stage.BODY),
    ],
)
def test_a_reply_that_comes_before_its_question_is_not_believed(  # noqa: PLR0913, PLR0917
    smtp_server: SmtpServer,
    make: type_of_make,
    stage: str,
    reply: str,
    found_at: Stage,
    pipelining: bool,  # noqa: FBT001
) -> None:
    """A yes that waits already when the dot is sent says nothing of the message: the relay refuses it, so it is not delivered."""
    smtp_server.extensions = ("AUTH PLAIN", "PIPELINING") if pipelining else ("AUTH PLAIN",)
    smtp_server.script(stage, reply)
    smtp_server.script("dot", "550")
    failure = failure_of(make(smtp_server, user="us", password="hush"))
    # Pipelined, the surplus yes is read as the reply to DATA, which only 354 lets pass.
    expected = (Stage.DATA, "250") if pipelining and stage in {"mail", "rcpt"} else (found_at, "garbled")
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, *expected)
    assert not smtp_server.kept


def test_a_late_reply_is_found_before_the_dot(smtp_server: SmtpServer, make: type_of_make) -> None:
    """A yes that arrives while the message is being sent is not the answer to its dot."""
    smtp_server.script("body", "250 yes")
    mailer, wire = make(smtp_server), WIRE + (b"y" * 996 + b"\r\n") * 20_000
    with pytest.raises(TemporaryFailure) as caught:
        mailer.send(wire, "RJ-4X7K-9PQM", yes)
    assert (caught.value.stage, caught.value.code) == (Stage.BODY, "garbled")
    assert not smtp_server.kept


@pytest.mark.parametrize("stage", ["banner", "mail", "rcpt"])
def test_a_relay_that_pauses_before_it_answers_needs_a_longer_limit(
    smtp_server: SmtpServer, make: type_of_make, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """A greeting or a RCPT that is held back, against spam, times out for ever with a short limit, and never with a long one."""
    monkeypatch.setattr(smtp, "COMMAND_TIMEOUT", 1.0)
    smtp_server.script(stage, HANG, SLOW)
    failure = failure_of(make(smtp_server))
    assert (failure.stage, failure.code) == ("connect" if stage == "banner" else stage, "timeout")
    monkeypatch.setattr(smtp, "COMMAND_TIMEOUT", 30.0)
    monkeypatch.setattr(smtp, "BODY_TIMEOUT", 30.0)
    assert make(smtp_server, reply_timeout=60.0).send(WIRE, "RJ-4X7K-9PQM", yes) == "250"


def test_all_replies_before_the_message_have_one_deadline(smtp_server: SmtpServer, make: type_of_make) -> None:
    """However long each may take, the lease outlasts all of them, on a new connection and on one that was kept."""
    mailer = make(smtp_server, reply_timeout=300.0)
    assert mailer.before_body_timeout == 2 * smtp.BEFORE_BODY_TIMEOUT + 2 * 300
    assert mailer.send(WIRE, "RJ-4X7K-9PQM", yes) == "250"
    smtp_server.script("mail", HANG)
    mailer.before_body_timeout = 2.0
    assert failure_of(mailer).code == "timeout"  # on the kept connection, and then on a new one
    assert failure_of(mailer).code == "timeout"


def test_the_lease_of_a_message_outlasts_its_timeouts(
    smtp_server: SmtpServer, make: type_of_make, limit: float
) -> None:
    """The seconds that an entry is leased for are those that the timeouts allow at most."""
    mailer = make(smtp_server)
    assert mailer.before_body_timeout == 2 * smtp.BEFORE_BODY_TIMEOUT
    assert mailer.body_timeout == BODY_TIMEOUT + limit


def test_nobody_there_is_temporary(smtp_server: SmtpServer, make: type_of_make) -> None:
    """A relay that is down is tried again."""
    smtp_server.go_away()
    failure = failure_of(make(smtp_server))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, Stage.CONNECT, "closed")


def test_a_machine_that_does_not_answer_is_given_up(
    smtp_server: SmtpServer, make: type_of_make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that does not even take the connection holds us up for a bounded time."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as waiting:
        with contextlib.suppress(TimeoutError):
            while True:
                waiting.enter_context(socket.create_connection(full.getsockname(), timeout=0.2))
        monkeypatch.setattr(smtp, "COMMAND_TIMEOUT", 0.2)
        failure = failure_of(make(smtp_server, host="127.0.0.1", port=full.getsockname()[1]))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, Stage.CONNECT, "timeout")


def test_a_relay_whose_name_is_unknown_is_temporary(smtp_server: SmtpServer, make: type_of_make) -> None:
    """A name that the DNS does not know today may be known tomorrow."""
    failure = failure_of(make(smtp_server, host="relay.invalid"))
    assert (type(failure), failure.stage, failure.code) == (TemporaryFailure, Stage.CONNECT, "unknown-host")


def test_the_text_of_a_reply_is_nowhere_in_the_failure(smtp_server: SmtpServer, make: type_of_make) -> None:
    """A relay's words may hold an address; only stage and code are kept."""
    smtp_server.script("rcpt", "550 <inbox@example.org> is secret")
    assert str(failure_of(make(smtp_server))) == "rcpt: 550"


def test_the_source_offers_no_way_to_switch_verification_off() -> None:
    """No part of the mailer mentions the means to skip verification."""
    folder = Path(smtp.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert not re.search("CERT_NONE|check_hostname|_create_unverified|SSLContext\\(", source)
