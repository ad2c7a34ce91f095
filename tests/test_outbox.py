"""The outbox: the promises of every engine, and what follows a failed attempt."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function.sending.attempt import (
    MESSAGE_SPECIFIC_STAGES,
    Attempt,
    Failure,
    PermanentFailure,
    Stage,
    State,
    TemporaryFailure,
    next_attempt,
)
from referral_function.sending.entry import Entry, NotStored, OutboxError, Receipt, ReferenceTaken
from referral_function.sending.outbox import Outbox
from tests.conftest import Clock

AT = datetime(2027, 1, 15, 8, 0, 0, 123456, tzinfo=UTC)
DAY = 24 * 60 * 60
TOKEN_HASH = b"a token that was hashed"
SENT = Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250")


def put(outbox: Outbox, name: str, *, key: str | None = None, review: str = "", at: datetime = AT) -> Receipt:
    """Accept an invented sealed message."""
    return outbox.accept(
        reference=name,
        idempotency_key=(key or name).encode(),
        nonce_hash=review.encode(),
        token_hash=TOKEN_HASH,
        mac=b"",
        ciphertext=f"sealed {name}".encode(),
        key_id="k1",
        created_at=at,
    )


def claimed(outbox: Outbox, lease: float = 60.0) -> Entry:
    """Claim what must be there."""
    entry = outbox.claim(lease)
    assert entry is not None
    return entry


def only(outbox: Outbox) -> Entry:
    """Return the one entry."""
    (entry,) = outbox.entries()
    return entry


def test_what_is_accepted_is_queued_with_its_content(outbox: Outbox) -> None:
    """An accepted message can be claimed at once, with the bytes that were sealed."""
    assert put(outbox, "A") == Receipt(reference="A", accepted_at=AT, repeat=False)
    entry = claimed(outbox)
    assert (entry.reference, entry.ciphertext, entry.key_id, entry.attempts) == ("A", b"sealed A", "k1", 1)
    assert entry.created_at == AT.timestamp()


@pytest.mark.parametrize("ahead", [3900, DAY, 400 * DAY], ids=["hour", "day", "year"])
def test_a_clock_that_was_ahead_holds_nothing_up(outbox: Outbox, clock: Clock, ahead: float) -> None:
    """What was accepted, tried, leased or alarmed while the clock was ahead is due when it is right again; the control: a true wait is kept."""
    clock.advance(ahead)
    for name in ("accepted", "tried", "leased"):
        put(outbox, name, at=datetime.fromtimestamp(clock.now, UTC))
    wait = Attempt(state=State.QUEUED, stage=Stage.CONNECT, code="closed", delay=30.0)
    for name in ("accepted", "tried", "leased"):
        assert claimed(outbox).reference == name
    put(outbox, "old")
    assert outbox.overdue(60) == 1
    clock.advance(-ahead)
    assert outbox.retry("leased")
    clock.advance(120)
    assert not outbox.stats().at_work
    assert outbox.overdue(60) == 1
    due = [claimed(outbox) for _ in range(4)]
    assert {entry.reference for entry in due} == {"accepted", "tried", "leased", "old"}
    for entry in due:
        outbox.record_result(entry, replace(wait, delay=3600.0))
    assert outbox.claim(60) is None


def test_the_same_key_again_is_the_same_referral(outbox: Outbox) -> None:
    """A repeat gets the stored reference and the stored time, to the microsecond, and stores nothing."""
    put(outbox, "A", key="same")
    again = put(outbox, "B", key="same", at=AT + timedelta(hours=3))
    assert again == Receipt(reference="A", accepted_at=AT, repeat=True)
    assert only(outbox).reference == "A"


def test_a_repeat_knows_whether_it_comes_from_the_same_review(outbox: Outbox) -> None:
    """Only the review from which it was stored finds it, and a repeat from another one is marked as such."""
    put(outbox, "A", key="same", review="mine")
    stored = Receipt(reference="A", accepted_at=AT, repeat=True)
    assert outbox.find(b"same", b"mine") == put(outbox, "B", key="same", review="mine") == stored
    assert outbox.find(b"same", b"another") is None
    assert outbox.find(b"other", b"mine") is None
    assert put(outbox, "B", key="same", review="another") == replace(stored, same_review=False)
    outbox.record_result(claimed(outbox), SENT)
    assert outbox.find(b"same", b"mine") == stored  # after delivery too
    assert put(outbox, "B", key="same", review="another") == replace(stored, same_review=False)


def test_a_repeat_is_written_as_a_first_is(outbox: Outbox) -> None:
    """Each repeat changes its row, so that its commit goes to the disk: or the time would tell that it is one."""
    for name in "ABC":
        put(outbox, name, key="same")
    assert outbox._run("SELECT reference, repeats FROM outbox") == [("A", 2)]  # noqa: SLF001 - no entry shows it


def test_a_reference_is_never_given_twice(outbox: Outbox) -> None:
    """Another referral with a reference that is taken is refused, and the first one stays as it was."""
    put(outbox, "A", key="one")
    with pytest.raises(ReferenceTaken, match=r"^A$"):
        put(outbox, "A", key="two")
    assert outbox.find(b"two", b"") is None
    assert claimed(outbox).ciphertext == b"sealed A"


def put_at_once(outboxes: Sequence[Outbox]) -> list[Receipt]:
    """Store one referral through each outbox in the same moment."""
    gate = threading.Barrier(len(outboxes))

    def post(number: int) -> Receipt:
        gate.wait()
        return put(outboxes[number], f"R{number}", key="same")

    with ThreadPoolExecutor(len(outboxes)) as threads:
        return list(threads.map(post, range(len(outboxes))))


def check_that_nothing_is_stored(outbox: Outbox) -> None:
    """See that a storage that cannot be opened is a certain no."""
    with pytest.raises(NotStored):
        put(outbox, "A")
    with pytest.raises(NotStored):
        outbox.find(b"A", b"")
    with pytest.raises(OutboxError):
        outbox.stats()


def test_twenty_threads_with_the_same_answers_get_one_reference(outbox: Outbox) -> None:
    """However many posts of the same referral arrive at once, one is stored and all get its reference."""
    receipts = put_at_once([outbox] * 20)
    assert sorted(receipt.repeat for receipt in receipts) == [False] + [True] * 19
    assert {receipt.reference for receipt in receipts} == {only(outbox).reference}


def test_a_claimed_entry_is_nobody_elses_until_its_lease_lapses(outbox: Outbox, clock: Clock) -> None:
    """A second claim finds nothing while the lease runs, and the same entry after it."""
    put(outbox, "A")
    assert claimed(outbox).attempts == 1
    assert outbox.claim(60) is None
    clock.advance(61)
    assert claimed(outbox).attempts == 2


def test_the_entry_that_is_due_longest_comes_first(outbox: Outbox, clock: Clock) -> None:
    """Claims go in the order in which entries fell due."""
    for name in "BAC":
        put(outbox, name)
        clock.advance(1)
    assert [claimed(outbox).reference for _ in range(3)] == ["B", "A", "C"]


def test_a_lease_can_be_prolonged_by_its_holder_alone(outbox: Outbox, clock: Clock) -> None:
    """Just before DATA a drain learns whether the entry is still its own."""
    put(outbox, "A")
    stalled = claimed(outbox)
    assert outbox.renew_lease(stalled, 100)
    clock.advance(99)
    assert outbox.claim(60) is None
    clock.advance(2)
    assert not outbox.renew_lease(stalled, 100)  # lapsed, though nobody has taken it
    other = claimed(outbox)
    assert not outbox.renew_lease(stalled, 100)
    assert outbox.renew_lease(other, 100)
    outbox.record_result(other, SENT)
    assert not outbox.renew_lease(other, 100)


def test_delivery_erases_the_content_and_keeps_a_tombstone(outbox: Outbox) -> None:
    """After delivery nothing of the message is left but reference, key and times; a late re-post still finds it."""
    put(outbox, "A", key="same")
    outbox.record_result(claimed(outbox), SENT)
    tombstone = only(outbox)
    assert (tombstone.state, tombstone.size, tombstone.last_code) == (State.DELIVERED, 0, "250")
    assert tombstone.done_at is not None
    assert put(outbox, "B", key="same").reference == "A"
    assert outbox.claim(60) is None


def test_a_tombstone_goes_after_thirty_days(outbox: Outbox, clock: Clock) -> None:
    """30 days after delivery the key is forgotten; what is not delivered stays for ever."""
    put(outbox, "A", key="same")
    outbox.record_result(claimed(outbox), SENT)
    put(outbox, "B")
    clock.advance(30 * DAY - 1)
    assert outbox.purge() == 0
    clock.advance(1)
    assert outbox.purge() == 1
    assert only(outbox).reference == "B"
    clock.advance(1000 * DAY)
    assert outbox.purge() == 0


def test_success_counts_even_when_the_lease_was_lost(outbox: Outbox, clock: Clock) -> None:
    """A relay's 250 is a fact: it is written down whoever holds the entry now."""
    put(outbox, "A")
    slow = claimed(outbox)
    clock.advance(61)
    claimed(outbox)
    outbox.record_result(slow, SENT)
    assert only(outbox).state is State.DELIVERED


def test_failure_counts_only_while_the_entry_is_ours(outbox: Outbox, clock: Clock) -> None:
    """A drain that was overtaken cannot push back what another one is sending."""
    put(outbox, "A")
    slow = claimed(outbox)
    clock.advance(61)
    quick = claimed(outbox)
    outbox.record_result(slow, Attempt(state=State.PARKED, stage=Stage.DOT, code="554"))
    assert only(outbox).state is State.QUEUED
    outbox.record_result(quick, SENT)
    outbox.record_result(slow, Attempt(state=State.QUEUED, stage=Stage.DOT, code="451"))
    assert only(outbox).state is State.DELIVERED


def test_a_failed_entry_comes_back_after_its_delay(outbox: Outbox, clock: Clock) -> None:
    """What failed is due again after the delay, with stage, code and doubt written down."""
    put(outbox, "A")
    failed = Attempt(state=State.QUEUED, stage=Stage.DOT, code="timeout", delay=30, possibly_delivered=True)
    outbox.record_result(claimed(outbox), failed)
    entry = only(outbox)
    assert (entry.last_stage, entry.last_code, entry.possibly_delivered, entry.unfinished_attempts) == (
        "dot",
        "timeout",
        True,
        0,
    )
    assert outbox.claim(60) is None
    clock.advance(31)
    outbox.record_result(claimed(outbox), Attempt(state=State.QUEUED, stage=Stage.MAIL, code="451"))
    assert only(outbox).possibly_delivered  # a doubt is never taken back


def test_an_entry_that_takes_the_process_down_ten_times_is_parked(outbox: Outbox, clock: Clock) -> None:
    """Claims that are never settled are counted; at ten the entry waits for a person, its content kept."""
    put(outbox, "A")
    for _ in range(10):
        assert outbox.park_crashing() == 0
        claimed(outbox)
        clock.advance(61)
    assert outbox.claim(60) is None
    assert outbox.park_crashing() == 1
    entry = only(outbox)
    assert (entry.state, entry.last_stage, entry.size) == (State.PARKED, "crash", len(b"sealed A"))


def test_an_entry_in_its_tenth_claim_is_not_parked_under_it(outbox: Outbox, clock: Clock) -> None:
    """While the tenth claim is still at work, nobody parks its entry."""
    put(outbox, "A")
    for _ in range(9):
        claimed(outbox)
        clock.advance(61)
    claimed(outbox)
    assert outbox.park_crashing() == 0


def test_any_settling_forgives_the_crashes(outbox: Outbox, clock: Clock) -> None:
    """Nine crashes and one plain failure are no reason to park."""
    put(outbox, "A")
    for _ in range(9):
        claimed(outbox)
        clock.advance(61)
    outbox.record_result(claimed(outbox), Attempt(state=State.QUEUED, stage=Stage.MAIL, code="451"))
    claimed(outbox)
    clock.advance(61)
    assert outbox.park_crashing() == 0


def test_age_alarms_once_for_each_threshold(outbox: Outbox, clock: Clock) -> None:
    """An entry that waits is counted once at 15 minutes, at 4 hours and at 24 hours; a delivered one never."""
    put(outbox, "A", at=datetime.fromtimestamp(clock.now, UTC))
    counts = []
    for advance in (899, 1, 60, 4 * 3600 - 960, 60, 20 * 3600 - 60, 7 * DAY):
        clock.advance(advance)
        counts.append([outbox.overdue(age) for age in (900, 4 * 3600, DAY)])
    assert counts == [[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]]
    put(outbox, "B", at=datetime.fromtimestamp(clock.now, UTC))
    for _ in range(2):
        outbox.record_result(claimed(outbox), SENT)
    clock.advance(7 * DAY)
    assert outbox.overdue(900) == 0


def test_statistics_count_and_name_nobody(outbox: Outbox, clock: Clock) -> None:
    """The statistics are counts, ages, and what stopped the last drain."""
    now = datetime.fromtimestamp(clock.now, UTC)
    for name in "ABC":
        put(outbox, name, at=now)
    outbox.record_result(claimed(outbox), SENT)
    outbox.record_result(claimed(outbox), Attempt(state=State.PARKED, stage=Stage.DOT, code="554"))
    clock.advance(100)
    outbox.log_drain(success=True, stage=None, code=None)
    clock.advance(50)
    outbox.log_drain(success=False, stage="rcpt", code="550")
    clock.advance(7)
    stats = outbox.stats()
    assert (stats.queued, stats.delivered, stats.parked) == (1, 1, 1)
    assert stats.oldest == pytest.approx(157)
    assert not stats.at_work
    assert stats.last_drain == pytest.approx(7)
    assert stats.last_success == pytest.approx(57)
    assert (stats.stopped_stage, stats.stopped_code) == ("rcpt", "550")


def test_an_empty_outbox_has_no_ages(outbox: Outbox) -> None:
    """Before the first referral and the first drain there is nothing to tell."""
    stats = outbox.stats()
    assert (stats.queued, stats.oldest, stats.last_drain, stats.last_success) == (0, None, None, None)


def test_a_parked_entry_can_be_tried_again_or_deleted_for_good(outbox: Outbox) -> None:
    """Retry makes it due with its counts at zero; only what is parked can be discarded."""
    put(outbox, "A")
    outbox.record_result(
        claimed(outbox), Attempt(state=State.PARKED, stage=Stage.DOT, code="554", delay=1200, permanent_rejections=3)
    )
    assert outbox.retry("A")
    entry = claimed(outbox)
    assert (entry.permanent_rejections, entry.unfinished_attempts) == (0, 1)
    assert not outbox.retry("A")  # it is being sent
    assert not outbox.discard("A")
    outbox.record_result(entry, Attempt(state=State.PARKED, stage=Stage.DOT, code="554"))
    assert outbox.discard("A")
    assert not outbox.discard("A")
    assert list(outbox.entries()) == []


def test_only_what_was_refused_and_waits_can_be_parked(outbox: Outbox) -> None:
    """An operator gives up what the relay refused at the final dot, not what only waits, is being sent, or is parked."""
    for name in "AB":
        put(outbox, name)
    entry = claimed(outbox)
    assert not outbox.park("A")
    outbox.record_result(entry, Attempt(state=State.QUEUED, stage=Stage.DOT, code="554", permanent_rejections=1))
    assert [outbox.park(name) for name in ("B", "unknown", "A", "A")] == [False, False, True, False]
    assert {entry.reference: entry.state for entry in outbox.entries()} == {"A": State.PARKED, "B": State.QUEUED}


def test_an_entry_can_be_read_alone_until_it_is_delivered(outbox: Outbox) -> None:
    """It comes with its ciphertext and MAC; a retry replaces the MAC if it brings one."""
    for name in "AB":
        put(outbox, name)
    assert outbox.retry("B", b"vouched for")
    assert outbox.retry("B")
    entry = outbox.entry("B")
    assert entry
    assert (entry.reference, entry.ciphertext, entry.mac) == ("B", b"sealed B", b"vouched for")
    assert outbox.entry("unknown") is None
    for _ in "AB":
        outbox.record_result(claimed(outbox), SENT)
    assert outbox.entry("B") is None


def test_what_is_delivered_is_not_tried_again(outbox: Outbox) -> None:
    """An operator cannot send a tombstone."""
    put(outbox, "A")
    outbox.record_result(claimed(outbox), SENT)
    assert not outbox.retry("A")
    assert not outbox.retry("unknown")


def test_trying_whether_a_referral_could_be_stored_stores_none(outbox: Outbox) -> None:
    """The probe writes and takes it back."""
    outbox.probe()
    assert list(outbox.entries()) == []
    assert put(outbox, "A").reference == "A"


def test_the_outbox_opens_again_after_it_was_closed(outbox: Outbox) -> None:
    """Closing lets go of the storage and loses nothing."""
    put(outbox, "A")
    outbox.close()
    outbox.close()
    assert only(outbox).reference == "A"


STAGES = st.sampled_from(Stage)
CODES = st.sampled_from(["421", "450", "451", "452", "timeout", "closed", "garbled", "key"])
COUNTS = st.integers(min_value=0, max_value=5000)
JITTER = st.floats(min_value=0, max_value=1)


@given(STAGES, CODES, COUNTS, COUNTS, JITTER)
def test_weeks_of_temporary_failures_park_nothing(
    stage: Stage, code: str, attempts: int, permanent_rejections: int, jitter: float
) -> None:
    """After any number of temporary failures the entry is queued, due within the hour, its permanent_rejections unchanged."""
    after = next_attempt(
        TemporaryFailure(stage, code), attempts=attempts, permanent_rejections=permanent_rejections, jitter=jitter
    )
    assert after.state is State.QUEUED
    assert 15 <= after.delay <= 3600
    assert after.permanent_rejections == permanent_rejections


@pytest.mark.parametrize(
    ("attempts", "published"),
    [(0, 30), (1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1920), (8, 3600), (9, 3600), (5000, 3600)],
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, published: float) -> None:
    """The jitter takes off up to half of the published figure."""
    failure = TemporaryFailure(Stage.DOT, "451")
    waits = [
        next_attempt(failure, attempts=attempts, permanent_rejections=0, jitter=jitter).delay for jitter in (0, 0.5, 1)
    ]
    assert waits == [published * 0.5, published * 0.75, published]


def test_the_third_refusal_at_the_final_dot_parks_the_message() -> None:
    """Two may be a mistake of the relay."""
    failure = PermanentFailure(Stage.DOT, "554")
    attempts = [next_attempt(failure, attempts=1, permanent_rejections=before, jitter=0) for before in range(4)]
    assert [attempt.state for attempt in attempts] == [State.QUEUED, State.QUEUED, State.PARKED, State.PARKED]


@pytest.mark.parametrize("kind", [TemporaryFailure, PermanentFailure])
def test_a_failure_is_recorded_with_its_stage_and_code(kind: type[Failure]) -> None:
    """Whether the relay said it for now or for good; its text says the same."""
    failure = kind(Stage.RCPT, "450")
    after = next_attempt(failure, attempts=1, permanent_rejections=0, jitter=0)
    assert (after.stage, after.code) == (failure.stage, failure.code)
    assert str(failure) == "rcpt: 450"


@given(STAGES, st.sampled_from(["500", "535", "550", "554"]), COUNTS, COUNTS, JITTER)
def test_a_refusal_is_held_against_the_message_at_the_final_dot_alone(
    stage: Stage, code: str, attempts: int, permanent_rejections: int, jitter: float
) -> None:
    """A 5xx before the final dot is our configuration: the entry stays due and is not to blame."""
    after = next_attempt(
        PermanentFailure(stage, code), attempts=attempts, permanent_rejections=permanent_rejections, jitter=jitter
    )
    if stage is Stage.DOT:
        assert after.permanent_rejections == permanent_rejections + 1
        assert after.delay == 20 * 60
        assert (after.state is State.PARKED) == (after.permanent_rejections >= 3)
    else:
        state = State.PARKED if stage is Stage.VERIFY else State.QUEUED
        assert (after.state, after.delay, after.permanent_rejections) == (state, 0, permanent_rejections)
    assert not after.possibly_delivered


@pytest.mark.parametrize(
    ("stage", "code", "doubt"),
    [
        (Stage.DOT, "timeout", True),
        (Stage.DOT, "closed", True),
        (Stage.DOT, "garbled", True),
        (Stage.DOT, "451", False),
        (Stage.BODY, "closed", False),
        (Stage.DATA, "timeout", False),
    ],
)
def test_only_silence_after_the_final_dot_leaves_doubt(stage: Stage, code: str, doubt: bool) -> None:  # noqa: FBT001
    """A message may have been sent only if its dot was sent and no clear answer came."""
    after = next_attempt(TemporaryFailure(stage, code), attempts=1, permanent_rejections=0, jitter=0.5)
    assert after.possibly_delivered is doubt


def test_what_is_about_one_message_and_what_about_all() -> None:
    """The seal, the body, the final dot and our own fault are about one message; every other stage is about all."""
    assert set(MESSAGE_SPECIFIC_STAGES) == {Stage.VERIFY, Stage.DECRYPT, Stage.BODY, Stage.DOT, Stage.PROGRAM}


def test_statistics_say_whether_a_message_is_on_its_way(outbox: Outbox, clock: Clock) -> None:
    """From the claim until it is settled or the lease lapses, somebody is at work."""
    put(outbox, "A")
    assert not outbox.stats().at_work
    entry = claimed(outbox, lease=60)
    assert outbox.stats().at_work
    clock.advance(61)
    assert not outbox.stats().at_work
    outbox.record_result(entry, SENT)
    assert not outbox.stats().at_work
