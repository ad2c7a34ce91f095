"""What a monitor is told."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from referral_function.sending import health
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.encryption import PublicKey, keygen
from referral_function.sending.entry import Stats
from referral_function.sending.health import alarms, ready, status
from referral_function.sending.outbox import Outbox
from referral_function.sending.sqlite import SqliteOutbox
from tests.conftest import Clock
from tests.test_outbox import claimed, put

KEY = PublicKey.from_text(keygen()[0])
WELL = Stats(
    queued=3,
    delivered=9,
    parked=0,
    oldest=899.0,
    at_work=False,
    last_drain=90.0,
    last_success=9000.0,
    stopped_stage=None,
    stopped_code=None,
)


def with_changes(**changes: float | None) -> Stats:
    """Return good statistics with one figure changed."""
    values = {each.name: getattr(WELL, each.name) for each in fields(Stats)} | changes
    return Stats(**values)


@pytest.mark.parametrize(
    ("stats", "found"),
    [
        (WELL, ()),
        (with_changes(parked=1), ("parked",)),
        (with_changes(oldest=900.0), ("overdue",)),
        (with_changes(oldest=None), ()),
        (with_changes(last_drain=90.1), ("drains_missed",)),
        (with_changes(last_drain=90.1, at_work=True), ()),  # a message is on its way: the relay may take its time
        (with_changes(last_drain=None), ("never_drained",)),
        (with_changes(last_drain=None, queued=0), ()),
        (with_changes(parked=2, oldest=90000.0, last_drain=900.0), ("parked", "overdue", "drains_missed")),
    ],
)
def test_each_reason_to_look_has_its_name(stats: Stats, found: tuple[str, ...]) -> None:
    """Something parked, something older than 15 minutes, three drains missed: nothing else alarms."""
    assert alarms(stats, interval=30) == found


def test_the_status_page_counts_and_turns_503_when_a_person_has_to_look(outbox: Outbox, clock: Clock) -> None:
    """Counts, ages, the last stop and the alarms: no reference, no content."""
    at = datetime.fromtimestamp(clock.now, UTC)
    put(outbox, "RJ-2222-2222", at=at)
    outbox.log_drain(success=False, stage="rcpt", code="550")
    code, found = status(outbox, interval=30)
    assert (code, found["queued"], found["alarms"]) == (200, 1, [])
    assert (found["stopped_stage"], found["stopped_code"]) == ("rcpt", "550")
    assert "RJ-2222-2222" not in str(found)
    outbox.record_result(claimed(outbox), Attempt(state=State.PARKED, stage=Stage.DOT, code="554"))
    code, found = status(outbox, interval=30)
    assert (code, found["parked"], found["alarms"]) == (503, 1, ["parked"])


def test_an_outbox_that_does_not_answer_is_an_alarm(tmp_path: Path, clock: Clock) -> None:
    """The status page itself goes on answering."""
    assert status(SqliteOutbox(tmp_path / "missing" / "x.db", clock), interval=30) == (503, {"alarms": ["outbox"]})


def test_ready_means_that_a_referral_could_be_accepted(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage that writes, and room on its disk; whether the relay is up has no part in it."""
    assert ready(outbox, KEY, tmp_path)
    assert ready(outbox, KEY, None)
    assert not ready(outbox, KEY, tmp_path / "missing")
    monkeypatch.setattr(health, "_MIN_FREE_BYTES", 1 << 60)
    assert not ready(outbox, KEY, tmp_path)
    assert ready(outbox, KEY, None)


def test_not_ready_without_storage(tmp_path: Path, clock: Clock) -> None:
    """A storage that cannot be written means that the form should not be offered."""
    assert not ready(SqliteOutbox(tmp_path / "missing" / "x.db", clock), KEY, None)
