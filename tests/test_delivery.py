"""Delivery: claim, send, record the result. A real outbox, a real relay; the clock is moved by hand."""

# ruff: noqa: PLR0913, PLR0917 - fixtures are arguments

import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from referral_function.sending import message, smtp
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.delivery import Delivery, Drained
from referral_function.sending.encryption import PrivateKeys, PublicKey, entry_mac, keygen
from referral_function.sending.entry import Entry, OutboxError
from referral_function.sending.health import alarms
from referral_function.sending.mailer import Mailer
from referral_function.sending.message import Body, wire_message
from referral_function.sending.outbox import Outbox
from referral_function.sending.reference import new_reference
from referral_function.sending.smtp import Relay
from referral_function.sending.sqlite import SqliteOutbox
from tests.conftest import Clock
from tests.smtp_server import DROP, HANG, STORE_AND_DROP, SmtpServer

PUBLIC, PRIVATE = keygen()
KEY, KEYS = PublicKey.from_text(PUBLIC), PrivateKeys.from_text(PRIVATE)
SECRET = b"an invented secret of the tests 0123456789"
NAMES = {"sender": "referrals@localhost", "inbox": "inbox@example.org"}
DAY = 24 * 60 * 60


def put(
    outbox: Outbox,
    clock: Clock,
    *,
    key: PublicKey = KEY,
    secret: bytes = SECRET,
    wire: bytes | None = None,
    reference: str | None = None,
) -> tuple[str, bytes]:
    """Accept an invented message; return its reference and its bytes."""
    reference, now = reference or new_reference(secrets.randbelow), datetime.fromtimestamp(clock.now, UTC)
    body = Body(plain=f"SECRET {reference}\n", subject_word="self")
    wire = wire or wire_message(reference=reference, token="0" * 32, body=body, accepted_at=now, **NAMES)
    sealed = key.encrypt(wire, reference)
    outbox.accept(
        reference=reference,
        idempotency_key=reference.encode(),
        nonce_hash=b"",
        token_hash=b"",
        ciphertext=sealed,
        key_id=key.id,
        mac=entry_mac(secret, reference=reference, key_id=key.id, ciphertext=sealed),
        created_at=now,
    )
    return reference, wire


def mailer_to(server: SmtpServer) -> Mailer:
    """Return a mailer to this relay."""
    relay = Relay(scheme="smtp", host="localhost", port=server.port, user="us", password="hush")
    how = NAMES | {"ca_file": server.authorities}
    return Mailer(relay, final_reply_timeout=smtp.COMMAND_TIMEOUT, clock=time.monotonic, **how)


@pytest.fixture(autouse=True)
def _limit(limit: float) -> None:
    """Keep the limits of all tests here as the fixture sets them."""


@pytest.fixture
def delivery(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> Delivery:
    """Join the outbox and the relay."""
    return delivery_of(outbox, mailer_to(smtp_server), clock)


def delivery_of(
    outbox: Outbox,
    mailer: Any,
    clock: Clock,
    keys: PrivateKeys = KEYS,
    key: PublicKey = KEY,
    secret: bytes = SECRET,
    keep_key: PublicKey | None = None,
    **names: str,
) -> Delivery:
    """Join an outbox and a mailer."""
    return Delivery(
        outbox=outbox,
        private_keys=keys,
        public_key=key,
        secret=secret,
        keep_key=keep_key,
        keep_days=7,
        mailer=mailer,
        figures_age=7 * 366 * 24 * 60 * 60.0,
        clock=clock,
        jitter=lambda: 1.0,
        **(NAMES | names),
    )


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    """Return what was logged so far: level and event."""
    caplog.set_level(logging.INFO, logger="referral")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


def drained(delivery: Delivery) -> Drained:
    """Drain once."""
    done = delivery.drain(60)
    assert done is not None
    return done


def entry_of(outbox: Outbox, reference: str) -> Entry:
    """Return one entry."""
    return next(entry for entry in outbox.entries() if entry.reference == reference)


def test_everything_that_is_due_arrives_as_it_was_sealed(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """A round delivers all that is due over one connection, in order, byte for byte, and erases it."""
    sent = [put(outbox, clock) for _ in range(5)]
    assert drained(delivery) == Drained(delivered=5)
    assert [kept.wire for kept in smtp_server.kept] == [wire for _, wire in sent]
    names = [kept.sender.partition(" ENVID=")[2] for kept in smtp_server.kept]
    assert names == [message.envelope_id(wire) for _, wire in sent]  # a bounce names the message by it
    assert smtp_server.connections == 1
    assert {(entry.state, entry.size) for entry in outbox.entries()} == {(State.DELIVERED, 0)}


def test_a_round_with_nothing_to_do_does_not_call_the_relay(delivery: Delivery, smtp_server: SmtpServer) -> None:
    """An empty outbox makes no connection."""
    assert drained(delivery) == Drained()
    assert smtp_server.connections == 0


def test_a_week_of_4xx_to_the_final_dot_parks_nothing(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """A relay that says later for a week, with one code or another, gets the same bytes again, and in the end takes them."""
    _, wire = put(outbox, clock)
    smtp_server.script("dot", *("421", "450", "451", "452") * 42)
    for _ in range(7 * 24):
        assert drained(delivery).delivered == 0
        clock.advance(3601)
    smtp_server.script("dot", "250")
    assert drained(delivery).delivered == 1
    assert [kept.wire for kept in smtp_server.kept] == [wire]


def test_one_refused_message_does_not_hold_up_the_next(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """A 5xx to the final dot is about that message: the others arrive in the same round."""
    first, _ = put(outbox, clock)
    clock.advance(1)
    put(outbox, clock)
    smtp_server.script("dot", "554", "250")
    assert drained(delivery) == Drained(delivered=1, failed=1)
    assert entry_of(outbox, first).permanent_rejections == 1


def test_three_refusals_at_the_final_dot_park_the_message_and_raise_the_alarm(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, told: Callable[[], list[tuple[str, str]]]
) -> None:
    """After three times 554, twenty minutes apart, the message waits for a person, sealed and whole."""
    reference, wire = put(outbox, clock)
    smtp_server.script("dot", "554")
    for _ in range(3):
        drained(delivery)
        clock.advance(19 * 60)
        drained(delivery)
        clock.advance(61)
    assert smtp_server.received.count(b"\r\n.\r\n") == 3
    entry = entry_of(outbox, reference)
    assert (entry.state, entry.attempts, entry.permanent_rejections, entry.last_code) == (State.PARKED, 3, 3, "554")
    assert entry.size == len(wire) + 48
    assert ("ERROR", "parked") in told()
    smtp_server.script("dot", "250")
    assert outbox.retry(reference)
    assert outbox.stats().last_success is None
    assert drained(delivery).delivered == 1
    assert outbox.stats().last_success == 0  # seconds ago: one message is enough


@pytest.mark.parametrize(
    ("stage", "code"), [("rcpt", "550"), ("mail", "553"), ("data", "554"), ("starttls", "502"), ("auth", "535")]
)
def test_a_5xx_before_the_final_dot_stops_the_round_and_parks_nothing(
    outbox: Outbox,
    smtp_server: SmtpServer,
    delivery: Delivery,
    clock: Clock,
    told: Callable[[], list[tuple[str, str]]],
    stage: str,
    code: str,
) -> None:
    """It is our configuration or their inbox: one entry is tried, an alarm is raised, all stay queued."""
    for _ in range(5):
        put(outbox, clock)
    smtp_server.script(stage, code)
    done = drained(delivery)
    assert (done.delivered, done.failed) == (0, 1)
    assert done.stopped is not None
    assert done.stopped.code == code
    assert ("ERROR", "failed") in told()
    assert {entry.state for entry in outbox.entries()} == {State.QUEUED}
    assert sum(entry.attempts for entry in outbox.entries()) == 1
    assert (outbox.stats().stopped_stage, outbox.stats().stopped_code) == (done.stopped.stage, code)
    assert alarms(outbox.stats(), interval=30) == ("relay_refuses",)


def test_a_stopped_round_is_followed_by_a_pause_that_doubles_to_fifteen_minutes(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """30 s, 60 s, and so on to 15 minutes; each new round tries one entry before the rest."""
    for _ in range(3):
        put(outbox, clock)
    smtp_server.script("rcpt", "550")
    for pause in (30, 60, 120, 240, 480, 900, 900):
        before = smtp_server.connections
        drained(delivery)
        assert smtp_server.connections == before + 1
        clock.advance(pause - 1)
        assert delivery.paused
        assert not drained(delivery).unfinished
        assert smtp_server.connections == before + 1
        clock.advance(1)
        assert not delivery.paused
    smtp_server.script("rcpt", "250")
    assert drained(delivery) == Drained(delivered=3)
    assert not delivery.paused


def test_a_stop_is_not_held_against_one_entry(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """Each new round tries another entry, so that one that offends at MAIL cannot block the rest for ever."""
    for _ in range(3):
        put(outbox, clock)
        clock.advance(1)
    smtp_server.script("rcpt", "550")
    for _ in range(3):
        drained(delivery)
        clock.advance(901)
    assert [entry.attempts for entry in outbox.entries()] == [1, 1, 1]


def test_a_relay_that_is_down_is_asked_once_a_round(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """With the relay away, a round ends after the first try; the pause is remembered, and no alarm is raised yet."""
    for _ in range(3):
        put(outbox, clock)
    smtp_server.go_away()
    assert drained(delivery).failed == 1
    assert delivery.paused
    smtp_server.listen()
    clock.advance(31)
    assert drained(delivery) == Drained(delivered=3)


@pytest.mark.parametrize("days", [0.01, 0.3, 7])
def test_after_an_outage_of_any_length_everything_is_delivered(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, days: float
) -> None:
    """Nothing expires: what was accepted before and during the outage arrives after it."""
    smtp_server.go_away()
    end = clock.now + days * DAY
    references = []
    while clock.now < end:
        references.append(put(outbox, clock)[0])
        drained(delivery)
        clock.advance(max(days * DAY / 20, 30))
    smtp_server.listen()
    for _ in range(3):
        clock.advance(3601)
        drained(delivery)
    assert {entry.state for entry in outbox.entries()} == {State.DELIVERED}
    assert len(smtp_server.kept) == len(references)


def test_alarms_are_raised_by_age_even_while_the_round_is_paused(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """15 minutes, 4 hours and 24 hours after acceptance an alarm says how many wait, once for each."""
    put(outbox, clock)
    put(outbox, clock)
    smtp_server.go_away()
    ages = []
    for _ in range(25 * 12):
        clock.advance(300)
        caplog.clear()
        drained(delivery)
        ages += [vars(r)["fields"] for r in caplog.records if r.getMessage() == "overdue" and r.levelname == "ERROR"]
    assert ages == [{"age": 900, "count": 2}, {"age": 14400, "count": 2}, {"age": 86400, "count": 2}]


@pytest.mark.parametrize(("answer", "doubt"), [(HANG, True), (DROP, True), (STORE_AND_DROP, True), ("451", False)])
def test_silence_after_the_final_dot_is_remembered_as_doubt(
    outbox: Outbox,
    smtp_server: SmtpServer,
    delivery: Delivery,
    clock: Clock,
    answer: str,
    doubt: bool,  # noqa: FBT001
) -> None:
    """An entry whose dot was not answered may have been sent; it is sent again, as the same bytes."""
    reference, wire = put(outbox, clock)
    smtp_server.script("dot", answer, "250")
    drained(delivery)
    assert entry_of(outbox, reference).possibly_delivered is doubt
    clock.advance(31)
    drained(delivery)
    assert {kept.wire for kept in smtp_server.kept} == {wire}
    assert len(smtp_server.kept) == 1 + (answer == STORE_AND_DROP)


def test_an_entry_that_cannot_be_opened_does_not_stop_the_rest(
    outbox: Outbox, delivery: Delivery, clock: Clock, told: Callable[[], list[tuple[str, str]]]
) -> None:
    """A message sealed with a key that is not here backs off, stays and alarms at once; the others arrive."""
    other, _ = keygen()
    lost, _ = put(outbox, clock, key=PublicKey.from_text(other))
    put(outbox, clock)
    assert drained(delivery) == Drained(delivered=1, failed=1)
    entry = entry_of(outbox, lost)
    assert (entry.state, entry.last_stage, entry.last_code) == (State.QUEUED, "open", "key")
    assert entry.size > 0
    assert ("ERROR", "failed") in told()
    drained(delivery)  # nothing is due, and the alarm stays on
    assert alarms(outbox.stats(), interval=30) == ("key_missing",)


@pytest.mark.asvs("11.4.3", "2.3.2")
@pytest.mark.parametrize("column", ["mac", "sealed", "key_id", "reference"])
def test_a_row_that_somebody_else_wrote_is_parked_with_an_alarm(
    outbox: Outbox,
    smtp_server: SmtpServer,
    delivery: Delivery,
    clock: Clock,
    told: Callable[[], list[tuple[str, str]]],
    column: str,
) -> None:
    """The MAC covers reference, key id and ciphertext: a row of which one was exchanged is not sent, and the next one is."""
    victim, _ = put(outbox, clock)
    put(outbox, clock)
    other = PublicKey.from_text(keygen()[0])
    forged = {
        "mac": entry_mac(SECRET[::-1], reference=victim, key_id=KEY.id, ciphertext=b"x"),
        "sealed": KEY.encrypt(wire_of(victim, clock, body="Forged"), victim),  # the public key is all that it takes
        "key_id": other.id,
        "reference": "RJ-2222-2222",
    }
    statement = f"UPDATE outbox SET {column} = :value WHERE reference = :reference"  # noqa: S608 - one of the four above
    outbox._run(statement, value=forged[column], reference=victim)  # noqa: SLF001 - as somebody with the file would
    assert drained(delivery) == Drained(delivered=1, failed=1)
    entry = entry_of(outbox, "RJ-2222-2222" if column == "reference" else victim)
    assert (entry.state, entry.last_stage, entry.last_code) == (State.PARKED, "verify", "mac")
    assert entry.size > 0
    assert ("ERROR", "parked") in told()
    assert len(smtp_server.kept) == 1


def wire_of(reference: str, clock: Clock, body: str = "A line.\n", **also: str) -> bytes:
    """Build the message that belongs to an entry."""
    at = datetime.fromtimestamp(clock.now, UTC)
    return wire_message(reference=reference, token="0" * 32, body=Body(plain=body, **also), accepted_at=at, **NAMES)


REFERENCE = "RJ-4X7K-9PQM"


@pytest.mark.asvs("11.4.3", "2.3.2")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: referrals@localhost", b"From: Kent Police <referrals@localhost>"),
        (b"From: referrals@localhost", b"From: police@example.org"),
        (b"To: inbox@example.org", b"To: other@example.org"),
        (b"To: inbox@example.org", b"To: inbox@example.org, other@example.org"),
        (b"Subject: Restorative", b"Subject: URGENT Restorative"),
        (b"referral RJ-4X7K-9PQM", b"referral RJ-2222-2222"),
        (b" harmed\r\nDate", b" harmed, urgent\r\nDate"),
        (b"Date: Fri", b"Date: Mon"),
        (b"<RJ-4X7K-9PQM.", b"<RJ-2222-2222."),
        (b"." + b"0" * 32 + b"@", b"@"),
        (b"." + b"0" * 32 + b"@", b"." + b"A" * 32 + b"@"),
        (b"Message-ID: ", b"Message-Id: "),
        (b"auto-generated", b"no"),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
        (b"text/plain", b"text/html"),
        (b"quoted-printable", b"8bit"),
        (b"quoted-printable\r\n", b"quoted-printable\r\nReply-To: police@example.org\r\n"),
        (b"From: ", b"Bcc: other@example.org\r\nFrom: "),
        (b"\r\nTo: ", b"\r\n To: "),
    ],
)
def test_a_head_that_we_would_not_write_is_parked_with_an_alarm(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, old: bytes, new: bytes
) -> None:
    """Even with the right MAC no other sender, recipient, subject, date or type leaves than those that we write."""
    ours = wire_of(REFERENCE, clock, subject_word="harmed")
    assert old in ours
    put(outbox, clock, wire=ours.replace(old, new, 1), reference=REFERENCE)
    assert drained(delivery) == Drained(failed=1)
    entry = entry_of(outbox, REFERENCE)
    assert (entry.state, entry.last_stage, entry.last_code) == (State.PARKED, "verify", "head")
    assert smtp_server.connections == 0


@pytest.mark.parametrize("about", ["", "self", "harmed", "responsible"])
@pytest.mark.parametrize("body", ["A line.\n", "😀" * 99])
@pytest.mark.parametrize("also", [{}, {"html": "<p>x"}, {"record": "{}"}, {"html": "<p>x", "record": "{}"}])
def test_every_head_that_we_write_is_ours(
    outbox: Outbox,
    smtp_server: SmtpServer,
    delivery: Delivery,
    clock: Clock,
    about: str,
    body: str,
    also: dict[str, str],
) -> None:
    """The control: whatever faces a letter has, and whoever it is about, it is sent."""
    wire = wire_of(REFERENCE, clock, body, subject_word=about, **also)
    put(outbox, clock, wire=wire, reference=REFERENCE)
    assert drained(delivery) == Drained(delivered=1)
    assert [kept.wire for kept in smtp_server.kept] == [wire]


@pytest.mark.parametrize("also", [{"html": "<p>x"}, {"record": "{}"}])
def test_another_kind_of_multipart_is_parked(
    outbox: Outbox, delivery: Delivery, clock: Clock, also: dict[str, str]
) -> None:
    """A message in parts has our two kinds alone."""
    wire = wire_of(REFERENCE, clock, **also).replace(b"multipart/", b"multipart/x-", 1)
    put(outbox, clock, wire=wire, reference=REFERENCE)
    assert drained(delivery) == Drained(failed=1)
    assert entry_of(outbox, REFERENCE).state is State.PARKED


def test_a_body_that_a_relay_could_read_otherwise_is_not_sent(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """What was sealed is looked at again before sending, whoever made it."""
    put(outbox, clock, wire=wire_of(REFERENCE, clock) + b"x\n.\r\n", reference=REFERENCE)
    assert drained(delivery) == Drained(failed=1)
    assert entry_of(outbox, REFERENCE).last_stage == "program"
    assert smtp_server.connections == 0


@pytest.mark.asvs("11.2.2", "13.3.4")
def test_what_waited_when_the_secret_was_changed_is_sent_once_a_person_vouches_for_it(
    outbox: Outbox, smtp_server: SmtpServer, clock: Clock
) -> None:
    """After a rotation entries of before are parked; an operator gives them a new MAC, and the same bytes arrive."""
    reference, wire = put(outbox, clock)
    new_secret = SECRET[::-1]
    delivery = delivery_of(outbox, mailer_to(smtp_server), clock, secret=new_secret)
    put(outbox, clock, secret=new_secret)
    assert drained(delivery) == Drained(delivered=1, failed=1)
    assert outbox.retry(reference)  # without vouching it is parked again
    assert drained(delivery) == Drained(failed=1)
    entry = outbox.entry(reference)
    assert entry
    mac = entry_mac(new_secret, reference=reference, key_id=entry.key_id, ciphertext=entry.ciphertext)
    assert outbox.retry(reference, mac)
    assert drained(delivery) == Drained(delivered=1)
    assert smtp_server.kept[1].wire == wire
    assert outbox.entry(reference) is None
    assert outbox._run("SELECT count(mac) FROM outbox") == [(0,)]  # noqa: SLF001 - a tombstone holds none


def test_what_a_version_without_macs_stored_is_sent_once_a_person_vouches_for_it(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock
) -> None:
    """An entry without a MAC could be anybody's: it is parked, and nothing of it is lost."""
    reference, wire = put(outbox, clock)
    outbox._run("UPDATE outbox SET mac = NULL, nonce_hash = NULL")  # noqa: SLF001 - as the first version left it
    assert drained(delivery) == Drained(failed=1)
    entry = outbox.entry(reference)
    assert entry
    assert (entry.state, entry.last_stage, entry.last_code) == (State.PARKED, "verify", "mac")
    names = {"reference": reference, "key_id": entry.key_id}
    assert outbox.retry(reference, entry_mac(SECRET, ciphertext=entry.ciphertext, **names))
    assert drained(delivery) == Drained(delivered=1)
    assert [kept.wire for kept in smtp_server.kept] == [wire]


def test_a_mac_says_where_each_part_ends() -> None:
    """No byte can move from one part to its neighbour under the same MAC."""
    parts = [("RJ-2222", "k1", b"x"), ("RJ-2222k", "1", b"x"), ("RJ-2222", "k1x", b""), ('RJ-2222", "k1', "", b"x")]
    assert len({entry_mac(SECRET, reference=r, key_id=k, ciphertext=c) for r, k, c in parts}) == len(parts)


class Raising:
    """A mailer whose own code is broken for one message, or for all."""

    before_body_timeout, body_timeout = 1.0, 1.0

    def __init__(self, error: BaseException, times: int) -> None:
        self.error, self.times, self.closed = error, times, 0

    def send(self, _wire: bytes, _reference: str, renew_lease: Callable[[], bool]) -> str:
        """Raise a few times, then say yes."""
        assert renew_lease()
        self.times -= 1
        if self.times >= 0:
            raise self.error
        return "250"

    def close(self) -> None:
        """Count."""
        self.closed += 1


def test_any_error_of_our_own_counts_as_temporary(outbox: Outbox, clock: Clock) -> None:
    """One message that trips a fault in the program backs off; the next one is sent."""
    mailer = Raising(ZeroDivisionError("secret words"), times=1)
    put(outbox, clock)
    put(outbox, clock)
    assert drained(delivery_of(outbox, mailer, clock)) == Drained(delivered=1, failed=1)
    assert mailer.closed == 1
    assert {entry.last_code for entry in outbox.entries()} == {"ZeroDivisionError", "250"}


def test_a_drain_that_stalls_past_its_lease_sends_nothing(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """While one drain stalls before DATA, another delivers: one copy."""
    caplog.set_level(logging.INFO, logger="referral")
    reference, _ = put(outbox, clock)
    inner = mailer_to(smtp_server)

    class Stalling(Raising):
        def send(self, wire: bytes, reference: str, renew_lease: Callable[[], bool]) -> str:
            def stalled() -> bool:
                clock.advance(10_000)
                entry = outbox.claim(60)  # the other drain
                assert entry is not None
                other = mailer_to(smtp_server)
                other.send(wire, reference, lambda: True)
                other.close()
                outbox.record_result(entry, Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
                return renew_lease()

            return inner.send(wire, reference, stalled)

    assert drained(delivery_of(outbox, Stalling(ValueError(), 0), clock)) == Drained(unfinished=True)
    assert len(smtp_server.kept) == 1
    assert events_of(caplog) == [("overtaken", {"reference": reference})]
    assert drained(delivery) == Drained()


def test_without_the_key_of_today_nothing_is_drained_and_an_alarm_is_raised(
    outbox: Outbox, smtp_server: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A private key that does not fit what is sealed now stops the drain; what is queued stays."""
    put(outbox, clock)
    _, other = keygen()
    delivery = delivery_of(outbox, mailer_to(smtp_server), clock, keys=PrivateKeys.from_text(other))
    done = drained(delivery)
    assert done.stopped == Attempt(state=State.QUEUED, stage=Stage.DECRYPT, code="key")
    assert alarms(outbox.stats(), interval=30) == ("key_missing",)
    assert events_of(caplog) == [("key_missing", {"key_id": KEY.id})]
    assert [entry.attempts for entry in outbox.entries()] == [0]


def test_keys_can_be_rotated_with_entries_queued(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> None:
    """Entries of the old key and of the new one are delivered while both private keys are loaded."""
    new_public, new_private = keygen()
    new = PublicKey.from_text(new_public)
    put(outbox, clock)
    put(outbox, clock, key=new)
    keys = PrivateKeys.from_text(f"{new_private},{PRIVATE}")
    assert drained(delivery_of(outbox, mailer_to(smtp_server), clock, keys, new)) == Drained(delivered=2)


def test_a_round_ends_in_time_and_says_that_there_is_more(
    outbox: Outbox, smtp_server: SmtpServer, clock: Clock
) -> None:
    """After its seconds no new message is begun; the one in flight is finished."""

    class Slow(Raising):
        def send(self, _wire: bytes, _reference: str, renew_lease: Callable[[], bool]) -> str:
            assert renew_lease()
            clock.advance(20)
            return "250"

    for _ in range(5):
        put(outbox, clock)
    done = delivery_of(outbox, Slow(ValueError(), 0), clock).drain(60)
    assert done == Drained(delivered=3, unfinished=True)
    assert smtp_server.connections == 0


def test_a_round_that_is_told_to_stop_finishes_the_message_in_flight(outbox: Outbox, clock: Clock) -> None:
    """SIGTERM asks between two messages, never within one."""
    mailer = Raising(ValueError(), 0)
    for _ in range(3):
        put(outbox, clock)
    asked = iter([False, True])
    assert delivery_of(outbox, mailer, clock).drain(60, lambda: next(asked)) == Drained(delivered=1)


def test_a_delivery_that_the_outbox_did_not_hear_of_is_told_again_before_anything_is_sent(
    outbox: Outbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 250 whose mark failed is marked at the next round, even though its lease has lapsed: one copy."""
    mailer = Raising(ValueError(), 0)
    delivery = delivery_of(outbox, mailer, clock)
    reference, _ = put(outbox, clock)
    real = outbox.record_result

    def broken(*_: object) -> None:
        raise OutboxError

    monkeypatch.setattr(outbox, "record_result", broken)
    with pytest.raises(OutboxError):
        delivery.drain(60)
    clock.advance(100_000)
    monkeypatch.setattr(outbox, "record_result", real)
    assert drained(delivery) == Drained()
    assert mailer.times == -1
    assert entry_of(outbox, reference).state is State.DELIVERED


def test_an_outbox_that_does_not_answer_before_the_message_lets_nothing_leave(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nobody can say whether the entry is still ours, it is not sent."""

    def broken(*_: object) -> bool:
        raise OutboxError

    put(outbox, clock)
    monkeypatch.setattr(outbox, "renew_lease", broken)
    with pytest.raises(OutboxError):
        delivery.drain(60)
    assert not smtp_server.kept
    assert smtp_server.received.endswith(b"DATA\r\n")  # not a byte of the message, nor a word that would become one


def test_two_rounds_of_one_delivery_do_not_overlap(outbox: Outbox, clock: Clock) -> None:
    """A second drain while one is at work does nothing and says so."""
    seen: list[Drained | None] = []

    class Nested(Raising):
        def send(self, _wire: bytes, _reference: str, renew_lease: Callable[[], bool]) -> str:
            assert renew_lease()
            seen.append(nested.drain(60))
            return "250"

    nested = delivery_of(outbox, Nested(ValueError(), 0), clock)
    put(outbox, clock)
    assert drained(nested) == Drained(delivered=1)
    assert seen == [None]


def test_a_drain_beside_another_process_does_nothing(tmp_path: Path, smtp_server: SmtpServer, clock: Clock) -> None:
    """Whoever does not get the lock of the file says so, and sends nothing."""
    ours, theirs = (SqliteOutbox(tmp_path / "outbox.db", clock) for _ in range(2))
    put(ours, clock)
    with theirs.drain_lock():
        assert delivery_of(ours, mailer_to(smtp_server), clock).drain(60) is None
    assert smtp_server.connections == 0
    for outbox in (ours, theirs):
        outbox.close()


def test_crashes_are_counted_and_parked_with_an_alarm(
    outbox: Outbox, delivery: Delivery, clock: Clock, told: Callable[[], list[tuple[str, str]]]
) -> None:
    """An entry whose claims were never settled ten times is parked by the next round, aloud."""
    put(outbox, clock)
    for _ in range(10):
        outbox.claim(1)
        clock.advance(2)
    assert drained(delivery) == Drained()
    assert ("ERROR", "parked") in told()
    assert outbox.stats().parked == 1


def test_leases_outlast_every_limit_of_one_send(outbox: Outbox, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease of a claim is longer than all that comes before DATA, the lease before DATA than all that follows."""
    leases: list[float] = []
    claim, renew_lease = outbox.claim, outbox.renew_lease

    def claiming(lease: float) -> Entry | None:
        leases.append(lease)
        return claim(lease)

    def holding(entry: Entry, lease: float) -> bool:
        leases.append(lease)
        return renew_lease(entry, lease)

    monkeypatch.setattr(outbox, "claim", claiming)
    monkeypatch.setattr(outbox, "renew_lease", holding)
    mailer = Raising(ValueError(), 0)
    mailer.before_body_timeout, mailer.body_timeout = 170.0, 690.0
    put(outbox, clock)
    drained(delivery_of(outbox, mailer, clock))
    assert leases[0] > 170
    assert leases[1] > 690


def test_no_event_of_delivery_carries_content(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the message, nor an address, nor a relay's words are in any event."""
    caplog.set_level(logging.DEBUG)
    smtp_server.script("dot", "554 SECRET inbox@example.org", "250")
    put(outbox, clock)
    put(outbox, clock)
    drained(delivery)
    text = " ".join(str(vars(record)) for record in caplog.records if record.name == "referral")
    assert "delivered" in text
    assert "SECRET" not in text
    assert "@" not in text


def events_of(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, object]]]:
    """Return what was logged so far: event and fields."""
    return [(record.getMessage(), vars(record)["fields"]) for record in caplog.records if record.name == "referral"]


def test_each_event_tells_which_entry_was_tried_how_often_and_what_stopped_it(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator finds the entry by its reference, and the cause by stage and code."""
    caplog.set_level(logging.INFO, logger="referral")
    reference, _ = put(outbox, clock)
    smtp_server.script("dot", "451", "554", "250")
    for _ in range(3):
        drained(delivery)
        clock.advance(1200)
    stopped = {"reference": reference, "stage": "dot"}
    assert events_of(caplog) == [
        ("failed", stopped | {"code": "451", "attempts": 1}),
        ("overdue", {"age": 900, "count": 1}),
        ("failed", stopped | {"code": "554", "attempts": 2}),
        ("delivered", {"reference": reference, "attempts": 3}),
    ]
    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR", "ERROR", "INFO"]
    caplog.clear()
    put(outbox, clock)
    for _ in range(10):
        outbox.claim(1)
        clock.advance(2)
    drained(delivery)
    assert events_of(caplog) == [("parked", {"stage": "crash", "count": 1})]


@pytest.mark.parametrize("later", [0, DAY])
def test_after_a_gap_the_highest_age_speaks(
    outbox: Outbox,
    smtp_server: SmtpServer,
    delivery: Delivery,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    later: float,
) -> None:
    """Where nothing drained for a day, one alarm says so; the smaller ages say nothing more, then or later."""
    put(outbox, clock)
    smtp_server.go_away()
    clock.advance(DAY + 3600)
    drained(delivery)
    clock.advance(later)
    drained(delivery)
    assert [vars(r)["fields"]["age"] for r in caplog.records if r.getMessage() == "overdue"] == [DAY]


def test_a_handshake_that_is_cut_short_is_an_alarm(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, told: Callable[[], list[tuple[str, str]]]
) -> None:
    """It is tried again, and a person is told at once: somebody may be in the way."""
    put(outbox, clock)
    smtp_server.script("handshake", DROP)
    drained(delivery)
    assert ("ERROR", "failed") in told()
    assert outbox.stats().stopped_code == "closed"
