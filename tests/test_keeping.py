"""What is kept of delivered messages: for whom, for how long, and how one that bounced is sent again."""

# ruff: noqa: PLR0913, PLR0917 - fixtures are arguments

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from referral_function import compose
from referral_function.__main__ import main
from referral_function.sending import smtp
from referral_function.sending.attempt import State
from referral_function.sending.delivery import Delivery, Drained
from referral_function.sending.encryption import DecryptionError, PrivateKeys, PublicKey, keygen
from referral_function.sending.entry import OutboxError
from referral_function.sending.mailer import Mailer
from referral_function.sending.outbox import Outbox
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.engines import new_schema, postgres_address
from tests.smtp_server import SmtpServer
from tests.test_commands import Run, run, waiting
from tests.test_delivery import KEYS, delivery_of, drained, entry_of, mailer_to, put

__all__ = ["run", "waiting"]  # fixtures
DAY = 24 * 60 * 60
PUBLIC, PRIVATE = keygen()
MANAGER = PrivateKeys.from_text(PRIVATE)
KEEP_KEY = PublicKey.from_text(PUBLIC)


@pytest.fixture
def delivery(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> Delivery:
    """Join the outbox and the relay, with a key to keep with."""
    return delivery_of(outbox, mailer_to(smtp_server), clock, keep_key=KEEP_KEY)


def test_a_delivered_message_is_kept_for_the_manager_alone(outbox: Outbox, delivery: Delivery, clock: Clock) -> None:
    """The manager's key opens the same bytes; the keys of this machine, or another reference, open nothing."""
    reference, wire = put(outbox, clock)
    assert outbox.kept(reference) is None
    assert drained(delivery) == Drained(delivered=1)
    copy = outbox.kept(reference)
    assert copy is not None
    assert copy.key_id == KEEP_KEY.id
    assert copy.seconds == pytest.approx(7 * DAY)
    assert MANAGER.decrypt(copy.ciphertext, reference, copy.key_id) == wire
    for keys, name in ((KEYS, reference), (MANAGER, "RJ-2222-2222")):
        with pytest.raises(DecryptionError):
            keys.decrypt(copy.ciphertext, name, copy.key_id)
    assert entry_of(outbox, reference).size == 0


def test_nothing_is_kept_without_a_key_to_keep_with(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> None:
    """As long as the owner has not asked for it, content is erased at the relay's 250."""
    reference, _ = put(outbox, clock)
    drained(delivery_of(outbox, mailer_to(smtp_server), clock))
    assert (outbox.kept(reference), outbox.kept_keys()) == (None, {})


def test_a_copy_is_erased_when_its_days_are_over(outbox: Outbox, delivery: Delivery, clock: Clock) -> None:
    """Seven days after delivery nothing is kept: the drain erases it, also while deliveries are paused."""
    reference, _ = put(outbox, clock)
    drained(delivery)
    clock.advance(7 * DAY - 1)
    drained(delivery)
    assert outbox.kept(reference) is not None
    clock.advance(1)
    drained(delivery)
    assert outbox.kept(reference) is None
    assert entry_of(outbox, reference).state is State.DELIVERED  # the tombstone stays its 30 days


def test_what_bounced_is_kept_until_it_is_resent_or_settled(outbox: Outbox, delivery: Delivery, clock: Clock) -> None:
    """Neither the copy nor the tombstone of a bounced message goes by age; settling erases the copy."""
    reference, _ = put(outbox, clock)
    drained(delivery)
    assert outbox.mark_bounced(reference, b"", "5.2.2")
    clock.advance(400 * DAY)
    drained(delivery)
    assert outbox.kept(reference) is not None
    assert outbox.stats().bounced == 1
    assert outbox.settle(reference)
    assert (outbox.kept(reference), outbox.stats().bounced) == (None, 0)
    drained(delivery)
    assert list(outbox.entries()) == []


def test_only_what_bounced_can_be_settled(outbox: Outbox, delivery: Delivery, clock: Clock) -> None:
    """Settling another message changes nothing, and what is kept of it stays."""
    reference, _ = put(outbox, clock)
    drained(delivery)
    assert not outbox.settle(reference)
    assert outbox.kept(reference) is not None


def test_only_a_delivered_message_can_bounce(outbox: Outbox, delivery: Delivery, clock: Clock) -> None:
    """What still waits is sent again anyway; a second report of the same bounce does not move its time."""
    reference, _ = put(outbox, clock)
    assert not outbox.mark_bounced(reference, b"", "5.2.2")
    drained(delivery)
    assert outbox.mark_bounced(reference, b"", "5.2.2")
    bounced_at = entry_of(outbox, reference).bounced_at
    clock.advance(60)
    assert outbox.mark_bounced(reference, b"", "5.1.1")
    entry = entry_of(outbox, reference)
    assert (entry.bounced_at, entry.last_stage, entry.last_code) == (bounced_at, "bounce", "5.1.1")


def test_the_mark_and_the_copy_are_stored_in_one_commit(
    outbox: Outbox, smtp_server: SmtpServer, delivery: Delivery, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage that fails between the two stores neither; the next drain stores both, and sends nothing."""
    reference, _ = put(outbox, clock)
    real = outbox._execute  # noqa: SLF001 - where the storage fails

    def broken(statement: str, values: dict[str, object]) -> object:
        if "INTO kept" in statement:
            raise sqlite3.OperationalError if isinstance(outbox, SqliteOutbox) else psycopg.OperationalError
        return real(statement, values)

    monkeypatch.setattr(outbox, "_execute", broken)
    with pytest.raises(OutboxError):
        delivery.drain(60)
    monkeypatch.setattr(outbox, "_execute", real)
    assert entry_of(outbox, reference).state is State.QUEUED
    assert drained(delivery) == Drained()
    assert entry_of(outbox, reference).state is State.DELIVERED
    assert outbox.kept(reference) is not None
    assert len(smtp_server.kept) == 1


def test_an_erased_copy_is_not_in_the_file(tmp_path: Path, smtp_server: SmtpServer, clock: Clock) -> None:
    """On SQLite the bytes of a copy are overwritten, in the database and in its write-ahead log."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)
    reference, _ = put(outbox, clock)
    delivery = delivery_of(outbox, mailer_to(smtp_server), clock, keep_key=KEEP_KEY)
    drained(delivery)
    copy = outbox.kept(reference)
    assert copy is not None
    files = [tmp_path / "outbox.db", tmp_path / "outbox.db-wal"]
    assert any(copy.ciphertext[-99:] in each.read_bytes() for each in files)
    clock.advance(7 * DAY)
    drained(delivery)
    assert not any(copy.ciphertext[-99:] in each.read_bytes() for each in files)
    outbox.close()


@pytest.fixture(params=["sqlite", "postgres"])
def keeping(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:  # noqa: ARG001 - `run` sets the environment first
    """Set a key to keep with, on each engine."""
    environ["REFERRAL_KEEP_KEY"] = PUBLIC
    if request.param == "postgres":
        environ["REFERRAL_OUTBOX"] = postgres_address(new_schema())
    for name in ("REFERRAL_KEEP_KEY", "REFERRAL_OUTBOX"):
        monkeypatch.setenv(name, environ[name])


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Type lines on standard input."""

    def type_lines(*lines: str) -> None:
        left = list(lines)

        def next_line(_prompt: str = "") -> str:
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr("builtins.input", next_line)

    return type_lines


def bounce(environ: dict[str, str], reference: str) -> None:
    """Mark as bounced."""
    settings = Settings.read(environ)
    outbox = compose.open_outbox(settings)
    marked = "UPDATE outbox SET bounced_at = 1, last_stage = 'bounce', last_code = '5.2.2' WHERE reference = :name"
    outbox._run(marked, name=reference)  # noqa: SLF001 - what a report that proves itself does
    outbox.close()


@pytest.mark.usefixtures("keeping")
def test_what_bounced_is_sent_once_more_with_the_managers_key(
    run: Run,
    waiting: Callable[..., str],
    typed: Callable[..., None],
    environ: dict[str, str],
    smtp_server: SmtpServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`outbox list` and `show` name it; `resend` queues the same bytes, says so in the log, and it can be resent again."""
    caplog.set_level("INFO", logger="referral")
    reference = waiting()
    assert run("drain")[0] == 0
    bounce(environ, reference)
    assert run("drain")[:2] == (1, "Delivered 0, failed 0.\n")  # the alarm is on
    listed = run("outbox", "list")[1]
    assert all(word in listed for word in (reference, "bounced", "5.2.2", "1 in all"))
    shown = run("outbox", "show", reference)[1]
    assert "It bounced" in shown
    assert "kept for 7 d more" in shown
    for again in (1, 2):
        typed(f"  {PRIVATE} ")
        code, out, _ = run("outbox", "resend", reference)
        assert (code, "Due now" in out, PRIVATE in out) == (0, True, False)
        assert "resent" in [record.getMessage() for record in caplog.records]
        assert run("drain")[:2] == (0, "Delivered 1, failed 0.\n")
        assert [kept.wire for kept in smtp_server.kept] == [smtp_server.kept[0].wire] * (1 + again)


@pytest.mark.usefixtures("keeping")
def test_without_the_managers_key_nothing_is_sent(
    run: Run, waiting: Callable[..., str], typed: Callable[..., None], environ: dict[str, str]
) -> None:
    """The keys of the machine, another pair, garbage or nothing: one sentence, and the entry stays as it was."""
    reference = waiting()
    run("drain")
    for words in ([], [""], ["garbage"], [environ["REFERRAL_OPEN_KEYS"]], [keygen()[1]]):
        typed(*words)
        assert run("outbox", "resend", reference)[0] == 1
    assert run("drain")[1] == "Delivered 0, failed 0.\n"


@pytest.mark.usefixtures("keeping")
def test_what_waits_or_is_not_kept_cannot_be_resent(
    run: Run, waiting: Callable[..., str], typed: Callable[..., None]
) -> None:
    """A sentence says why."""
    reference = waiting()
    typed(PRIVATE)
    assert "Nothing is kept" in run("outbox", "resend", reference)[1]
    run("drain")
    typed(PRIVATE)
    assert run("outbox", "resend", reference)[0] == 0
    typed(PRIVATE)
    code, out, _ = run("outbox", "resend", reference)
    assert (code, "waits already" in out) == (1, True)


@pytest.mark.usefixtures("keeping")
def test_two_people_who_resend_at_once_send_one_email(
    run: Run,
    waiting: Callable[..., str],
    environ: dict[str, str],
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both have read the copy and typed the key before either is done: the second is refused in words."""
    reference = waiting()
    run("drain")
    bounce(environ, reference)
    both = threading.Barrier(2, timeout=60)

    def type_together(_prompt: str) -> str:
        both.wait()
        return PRIVATE

    monkeypatch.setattr("builtins.input", type_together)
    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(main, [["outbox", "resend", reference]] * 2))
    said = capsys.readouterr().out
    assert (codes, said.count("Due now"), said.count("waits already")) == ([0, 1], 1, 1)
    assert run("drain")[:2] == (0, "Delivered 1, failed 0.\n")
    assert len(smtp_server.kept) == 2


@pytest.mark.usefixtures("keeping")
def test_a_copy_that_is_not_proved_to_be_ours_is_sent_only_if_its_reference_is_typed(
    run: Run,
    waiting: Callable[..., str],
    typed: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever can write to the outbox can encrypt any message with the public key; so can a change of the secret look."""
    reference = waiting()
    run("drain")
    monkeypatch.setenv("REFERRAL_SECRET_KEY", "another invented secret, of the year after")
    typed(PRIVATE, "RJ-2222-2222")
    code, out, _ = run("outbox", "resend", reference)
    assert (code, "Nothing shows that we kept this message" in out) == (1, True)
    typed(PRIVATE, reference)
    assert run("outbox", "resend", reference)[0] == 0
    assert run("drain")[:2] == (0, "Delivered 1, failed 0.\n")


@pytest.mark.usefixtures("keeping")
def test_settling_needs_the_reference_typed(
    run: Run, waiting: Callable[..., str], typed: Callable[..., None], environ: dict[str, str]
) -> None:
    """Only what is marked as bounced can be settled; then the alarm is off."""
    reference = waiting()
    run("drain")
    typed(reference)
    assert run("outbox", "settle", reference)[0] == 1
    bounce(environ, reference)
    typed("yes")
    assert run("outbox", "settle", reference)[0] == 1
    typed(reference)
    assert run("outbox", "settle", reference)[:2][0] == 0
    assert run("drain")[0] == 0


def test_the_private_key_is_not_shown_where_it_is_typed(
    run: Run, waiting: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal the key is read without an echo."""
    monkeypatch.setenv("REFERRAL_KEEP_KEY", PUBLIC)
    reference = waiting()
    run("drain")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PRIVATE)
    assert run("outbox", "resend", reference)[0] == 0


@pytest.mark.usefixtures("keeping")
def test_a_rotation_of_the_keep_key_can_be_followed(
    run: Run, waiting: Callable[..., str], typed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`keygen --keep` prints one setting and the private key for the manager; `keys` counts the copies of each."""
    old = waiting()
    run("drain")
    code, out, err = run("keygen", "--keep")
    setting, private = out.splitlines()
    assert (code, setting.startswith("REFERRAL_KEEP_KEY=public:"), private.startswith("private:")) == (0, True, True)
    assert "never on that machine" in err
    monkeypatch.setenv("REFERRAL_KEEP_KEY", setting.removeprefix("REFERRAL_KEEP_KEY="))
    waiting()
    run("drain")
    lines = {line.split()[0]: line for line in run("keys")[1].splitlines()}
    new_id = PublicKey.from_text(setting.removeprefix("REFERRAL_KEEP_KEY=")).id
    assert "old             1 kept" in lines[KEEP_KEY.id]
    assert "keeps now       1 kept" in lines[new_id]
    typed(private)
    assert run("outbox", "resend", old)[0] == 1
    typed(f"{private},{PRIVATE}")
    assert run("outbox", "resend", old)[0] == 0
    monkeypatch.delenv("REFERRAL_KEEP_KEY")
    assert "old             1 kept" in run("keys")[1]


def test_a_mailer_that_fails_keeps_nothing(outbox: Outbox, clock: Clock) -> None:
    """What was not delivered is in the outbox itself, and nowhere else."""

    class Broken(Mailer):
        def __init__(self) -> None:
            self.before_body_timeout = self.body_timeout = 1.0

        def send(self, *_: object) -> str:
            raise RuntimeError

        def close(self) -> None:
            pass

    reference, _ = put(outbox, clock)
    assert drained(delivery_of(outbox, Broken(), clock, keep_key=KEEP_KEY)) == Drained(failed=1)
    assert outbox.kept(reference) is None


def test_make_delivery_keeps_as_the_settings_say(environ: dict[str, str]) -> None:
    """REFERRAL_KEEP_KEY and REFERRAL_KEEP_DAYS reach the delivery, seven days by default."""
    for days, environment in ((7, {}), (30, {"REFERRAL_KEEP_DAYS": "30"})):
        settings = Settings.read(environ | {"REFERRAL_KEEP_KEY": PUBLIC} | environment)
        delivery = compose.make_delivery(settings, compose.open_outbox(settings))
        assert (delivery.keep_key, delivery.keep_days) == (KEEP_KEY, days)


@pytest.mark.parametrize(
    ("drain", "timeout", "seconds"),
    [("thread", "", 300), ("off", "", 300), ("attempt", "", None), ("attempt", "20", 20), ("thread", "30", 30)],
)
def test_the_relay_gets_the_time_that_the_platform_has(
    environ: dict[str, str], drain: str, timeout: str, seconds: float | None
) -> None:
    """Five minutes for each reply, as RFC 5321 asks, but 10 seconds where a referrer waits for the attempt; the lease follows."""
    settings = Settings.read(environ | {"REFERRAL_DRAIN": drain, "REFERRAL_RELAY_TIMEOUT": timeout})
    lease = compose.make_mailer(settings).before_body_timeout
    assert lease == 2 * smtp.BEFORE_BODY_TIMEOUT + 2 * (seconds or 0)
