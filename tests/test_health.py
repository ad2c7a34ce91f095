"""What a monitor is told."""

import re
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.encryption import PublicKey, keygen
from referral_function.sending.entry import NotStored, OutboxError, Stats
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
    bounced=0,
    oldest=899.0,
    newest=-60.0,
    unreadable=0,
    at_work=False,
    last_drain=90.0,
    last_success=9000.0,
    stopped_stage=None,
    stopped_code=None,
    free_bytes=1024**3,
    replaced=False,
)


def with_changes(**changes: float | str | None) -> Stats:
    """Return good statistics with one figure changed."""
    values = {each.name: getattr(WELL, each.name) for each in fields(Stats)} | changes
    return Stats(**values)


@pytest.mark.parametrize(
    ("stats", "found"),
    [
        (WELL, ()),
        (with_changes(parked=1), ("parked",)),
        (with_changes(unreadable=1), ("key_missing",)),
        (with_changes(stopped_stage="open", stopped_code="key"), ("key_missing",)),
        (with_changes(stopped_stage="mail", stopped_code="550"), ("relay_refuses",)),
        (with_changes(stopped_stage="rcpt", stopped_code="550"), ("relay_refuses",)),
        (with_changes(stopped_stage="tls", stopped_code="expired"), ("relay_refuses",)),
        (with_changes(stopped_stage="tls", stopped_code="closed"), ()),
        (with_changes(stopped_stage="tls", stopped_code="454"), ()),
        (with_changes(stopped_stage="connect", stopped_code="timeout"), ()),
        (with_changes(stopped_stage="rcpt", stopped_code="450"), ()),
        (with_changes(bounced=1), ("bounced",)),
        (with_changes(oldest=900.0), ("overdue",)),
        (with_changes(oldest=None), ()),
        (with_changes(last_drain=90.1), ("drains_missed",)),
        (with_changes(last_drain=90.1, at_work=True), ()),  # a message is on its way: the relay may take its time
        (with_changes(last_drain=None, queued=1), ("never_drained",)),
        (with_changes(last_drain=None, queued=0), ()),
        (with_changes(newest=-60.1), ("clock",)),
        (with_changes(newest=None), ()),
        (with_changes(last_drain=-3600.0), ("clock",)),
        (with_changes(last_success=-3600.0), ("clock",)),
        (with_changes(replaced=True), ("replaced",)),
        (with_changes(free_bytes=1024**3 - 1), ("disk",)),
        (with_changes(free_bytes=None), ()),  # another machine's
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
    outbox.log_drain(success=False, stage="rcpt", code="450")
    code, found = status(outbox, interval=30, limit_reached=False)
    assert (code, found["queued"], found["alarms"]) == (200, 1, [])
    assert (found["stopped_stage"], found["stopped_code"]) == ("rcpt", "450")
    assert "RJ-2222-2222" not in str(found)
    outbox.record_result(claimed(outbox), Attempt(state=State.PARKED, stage=Stage.DOT, code="554"))
    code, found = status(outbox, interval=30, limit_reached=False)
    assert (code, found["parked"], found["alarms"]) == (503, 1, ["parked"])


def test_an_outbox_that_does_not_answer_is_an_alarm(tmp_path: Path, clock: Clock) -> None:
    """The status page itself goes on answering."""
    assert status(SqliteOutbox(tmp_path / "missing" / "x.db", clock), interval=30, limit_reached=True) == (
        503,
        {"alarms": ["outbox"]},
    )


def test_an_outbox_that_can_be_read_alone_is_an_alarm(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk or a read-only file answers all questions, and takes no referral: the counts stand beside the alarm."""

    def full() -> None:
        raise OutboxError

    monkeypatch.setattr(outbox, "probe", full)
    code, found = status(outbox, interval=30, limit_reached=False)
    assert (code, found["alarms"], found["queued"]) == (503, ["outbox"], 0)


def test_an_outbox_that_was_replaced_is_named_even_if_it_does_not_answer(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file in its place is the cause that an operator has to know."""
    monkeypatch.setattr(SqliteOutbox, "replaced", lambda _: True)
    outbox = SqliteOutbox(tmp_path / "missing" / "x.db", clock)
    assert status(outbox, interval=30, limit_reached=False) == (503, {"alarms": ["replaced"]})


def test_an_outbox_that_takes_nothing_is_an_alarm_beside_others(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it can be read, its counts and the other alarms are still told."""

    def refuse(_: Outbox) -> None:
        raise OutboxError

    monkeypatch.setattr(type(outbox), "probe", refuse)
    code, found = status(outbox, interval=30, limit_reached=True)
    assert (code, found["alarms"], found["queued"]) == (503, ["limit", "outbox"], 0)


def test_a_limit_that_is_reached_is_an_alarm(outbox: Outbox) -> None:
    """From then on somebody honest may be refused, and a person has to know."""
    code, found = status(outbox, interval=30, limit_reached=True)
    assert (code, found["alarms"]) == (503, ["limit"])
    assert status(outbox, interval=30, limit_reached=False)[0] == 200


def test_a_disk_that_fills_is_an_alarm_long_before_it_is_full(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status page tells the free bytes of the disk, and alarms while referrals are still taken."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)
    assert status(outbox, interval=30, limit_reached=False)[1]["free_bytes"] == pytest.approx(
        shutil.disk_usage(tmp_path).free, rel=0.2
    )
    monkeypatch.setattr(SqliteOutbox, "free_bytes", lambda _: 1024**3 - 1)
    code, found = status(outbox, interval=30, limit_reached=False)
    assert (code, found["alarms"], ready(outbox, KEY)) == (503, ["disk"], True)
    outbox.close()


def test_ready_means_that_a_referral_could_be_accepted(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that writes, and room on its disk; whether the relay is up has no part in it."""
    assert ready(outbox, KEY)
    for free, is_ready in ((None, True), (50 * 1024 * 1024, True), (50 * 1024 * 1024 - 1, False), (0, False)):
        monkeypatch.setattr(type(outbox), "free_bytes", lambda _, free=free: free)
        assert ready(outbox, KEY) is is_ready
    place = str(outbox.path.parent) if isinstance(outbox, SqliteOutbox) else "the database"
    with pytest.raises(OutboxError, match=rf"^0 MB free in {re.escape(place)}, 50 MB are needed$"):
        outbox.probe()


@pytest.mark.parametrize(
    "ahead", [30 * 60, 3601, 24 * 60 * 60, 400 * 24 * 60 * 60], ids=["30min", "hour", "day", "year"]
)
def test_a_clock_that_was_ahead_is_an_alarm_until_it_has_no_effect(outbox: Outbox, clock: Clock, ahead: float) -> None:
    """What was accepted or tried then alarms; the next drain and delivery with the right time end it."""
    clock.advance(ahead)
    put(outbox, "A", at=datetime.fromtimestamp(clock.now, UTC))
    outbox.log_drain(success=True, stage=None, code=None)
    assert status(outbox, interval=30, limit_reached=False)[1]["alarms"] == []
    clock.advance(-ahead)
    assert status(outbox, interval=30, limit_reached=False)[1]["alarms"] == ["clock"]
    outbox.log_drain(success=True, stage=None, code=None)
    assert status(outbox, interval=30, limit_reached=False)[1]["alarms"] == ["clock"]
    clock.advance(ahead)
    outbox.record_result(claimed(outbox), Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
    clock.advance(-ahead)
    assert status(outbox, interval=30, limit_reached=False)[1]["alarms"] == []


@pytest.mark.parametrize("what", ["deleted", "replaced", "folder", "wal", "database alone"])
def test_a_file_that_was_deleted_or_replaced_is_seen(tmp_path: Path, clock: Clock, what: str) -> None:
    """Nothing more is accepted into it and an alarm names it, yet what it holds is delivered; a restart ends it."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    outbox = SqliteOutbox(folder / "outbox.db", clock)
    put(outbox, "A")
    assert ready(outbox, KEY)
    if what == "folder":
        folder.rename(tmp_path / "moved")
        folder.mkdir()
    elif what == "wal":
        (folder / "outbox.db-wal").unlink()
    else:
        for path in folder.glob("outbox.db" if what == "database alone" else "outbox.db*"):
            path.unlink()
    if what in {"replaced", "database alone"}:
        other = SqliteOutbox(outbox.path, clock)
        put(other, "B")
        other.close()
    for _ in range(2):
        assert not ready(outbox, KEY)
        with pytest.raises(NotStored, match=r"^its file was deleted or replaced while the form had it open$"):
            put(outbox, "C")
    code, found = status(outbox, interval=1000, limit_reached=False)
    assert (code, "replaced" in str(found["alarms"])) == (503, True)
    if what != "database alone":  # then SQLite has mixed two files in one, and reads what it can
        assert found["queued"] == 1
        outbox.record_result(claimed(outbox), Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
    outbox.close()
    assert ready(outbox, KEY)
    outbox.close()


def test_not_ready_without_storage(tmp_path: Path, clock: Clock) -> None:
    """A storage that cannot be written, or a disk that is gone, means that the form should not be offered."""
    outbox = SqliteOutbox(tmp_path / "missing" / "x.db", clock)
    assert not ready(outbox, KEY)
    with pytest.raises(OutboxError):
        outbox.free_bytes()
