"""The fault matrix: what happens when something breaks. One test for each row, by the row's own name."""

import ast
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from referral_function.sending.outbox import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox
from tests.campaign import power_cuts
from tests.conftest import Clock
from tests.post_office import Certificate, PostOffice
from tests.test_delivery import delivery_of, mailer_to, put
from tests.test_outbox import AT

ROOT = Path(__file__).resolve().parents[1]

MATRIX = {
    "kill -9 the web process at any point from accept to answer; client retries": [
        "test_kill_9_of_the_web_process_at_any_point_of_an_accept"
    ],
    "kill -9 the drain after claim / mid-DATA / after 250": ["test_kill_9_of_the_drain"],
    "a drain that stalls past its lease": ["test_a_drain_that_stalls_past_its_lease_sends_nothing"],
    "relay down for minutes, hours, days": [
        "test_after_an_outage_of_any_length_everything_is_delivered",
        "test_alarms_are_raised_by_age_even_while_the_round_is_paused",
    ],
    "relay hangs": [
        "test_silence_a_drop_and_garbage_are_temporary_at_every_stage",
        "test_silence_after_the_final_dot_is_remembered_as_doubt",
    ],
    "4xx; 5xx; drops": [
        "test_a_week_of_4xx_to_the_final_dot_parks_nothing",
        "test_a_5xx_before_the_final_dot_stops_the_round_and_parks_nothing",
        "test_three_refusals_at_the_final_dot_park_the_message_and_raise_the_alarm",
        "test_a_relay_that_goes_away_in_the_middle_of_the_message_has_not_got_it",
    ],
    "TLS": ["test_a_relay_that_cannot_prove_who_it_is_is_an_alarm_that_names_the_cause"],
    "disk full; EIO on fsync": [
        "test_a_full_disk_means_not_stored_and_leaves_the_database_whole",
        "test_a_file_that_may_not_grow_never_loses_what_was_acknowledged",
        "test_a_failed_write_or_fsync_on_the_way_of_an_accept_never_loses_what_was_acknowledged",
    ],
    "two drains and two web processes under random kills": ["test_a_short_campaign_loses_nothing"],
    "double click, 20 threads with the same answers, re-post after delivery": [
        "test_twenty_threads_with_the_same_answers_get_one_reference",
        "test_delivery_erases_the_content_and_keeps_a_tombstone",
    ],
    "key rotated, schema migrated, new version deployed with entries queued": [
        "test_keys_can_be_rotated_with_entries_queued",
        "test_a_new_version_migrates_with_entries_queued",
        "test_what_waits_is_delivered_at_the_start_and_sigterm_ends_all",
    ],
}


def test_every_row_of_the_matrix_has_its_tests() -> None:
    """Each row names tests that exist."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").glob("test_*.py")]
    known = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for names in MATRIX.values() for name in names} <= known


KILLED = """
import json, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from referral_function.sending.outbox import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox

folder, results = Path(sys.argv[1]), []
OURS = ("sending/sql.py", "sending/sqlite.py", "sending/statements.py")


def post(path, reference, step=None):
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        if not frame.f_code.co_filename.endswith(OURS):
            return None
        if event == "line":
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    outbox = SqliteOutbox(path, lambda: 1.0)
    sys.settrace(watch if step else None)
    at = datetime.fromtimestamp(1, UTC)
    receipt = outbox.accept(reference=reference, key=b"same", sealed=b"x" * 9000, key_id="k", created_at=at)
    sys.settrace(None)
    return receipt.reference, outbox


for step in range(1, 1000):
    path = folder / f"{step}.db"
    child = os.fork()
    if child == 0:
        post(path, "first", step)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    told, outbox = post(path, "second")
    rows = [entry.reference for entry in outbox.entries()]
    outbox.close()
    results.append([os.WIFSIGNALED(status), told, rows])
    if not os.WIFSIGNALED(status):
        break
print(json.dumps(results))
"""


@pytest.mark.asvs("2.3.3")
def test_kill_9_of_the_web_process_at_any_point_of_an_accept(tmp_path: Path) -> None:
    """Killed at every line of an accept, from opening the file on; the retry ends with one entry and one reference."""
    ran = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    results = json.loads(ran.stdout)
    assert len(results) > 40
    assert [killed for killed, _, _ in results] == [True] * (len(results) - 1) + [False]
    assert all(rows == [told] for _, told, rows in results)
    assert {told for _, told, _ in results} == {"first", "second"}  # both sides of the commit were hit


@pytest.mark.asvs("12.3.2")
@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        (Certificate.SELF_SIGNED, "self-signed"),
        (Certificate.WRONG_NAME, "wrong-name"),
        (Certificate.EXPIRED, "expired"),
        (Certificate.UNKNOWN_AUTHORITY, "unknown-authority"),
    ],
)
def test_a_relay_that_cannot_prove_who_it_is_is_an_alarm_that_names_the_cause(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, certificate: Certificate, cause: str
) -> None:
    """The message stays, the round stops, and the alarm says what is wrong with the certificate."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)
    put(outbox, clock)
    with PostOffice(folder=tmp_path, certificate=certificate) as office:
        done = delivery_of(outbox, mailer_to(office), clock).drain(60)
    assert done is not None
    assert done.stopped is not None
    (alarm,) = [vars(record)["fields"] for record in caplog.records if record.levelname == "ERROR"]
    assert (alarm["stage"], alarm["code"]) == ("tls", cause)
    assert b"SECRET" not in office.received
    assert outbox.stats().queued == 1
    outbox.close()


@contextlib.contextmanager
def no_file_beyond(size: int):  # type: ignore[no-untyped-def] # noqa: ANN201 - a generator of nothing
    """Let no file of this process grow beyond a size, as on a full disk."""
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, old)


@pytest.mark.parametrize("size", [4096, 30_000, 60_000, 100_000, 150_000])
def test_a_file_that_may_not_grow_never_loses_what_was_acknowledged(tmp_path: Path, clock: Clock, size: int) -> None:
    """Wherever the room ends, in the database or its WAL, each accept is a yes that lasts or an honest no."""
    path = tmp_path / "outbox.db"
    told = {}
    with no_file_beyond(size):
        outbox = SqliteOutbox(path, clock)
        for number in range(20):
            with contextlib.suppress(NotStored, Unconfirmed):
                receipt = outbox.accept(
                    reference=f"R{number}",
                    key=bytes([number]),
                    sealed=bytes([number]) * 9000,
                    key_id="k",
                    created_at=AT,
                )
                told[receipt.reference] = number
        outbox.close()
    assert len(told) < 20
    healthy = SqliteOutbox(path, clock)
    waiting = {}
    while entry := healthy.claim(60):
        waiting[entry.reference] = entry.sealed
    assert all(waiting[reference] == bytes([number]) * 9000 for reference, number in told.items())
    assert healthy._run("PRAGMA integrity_check").fetchall() == [("ok",)]  # noqa: SLF001 - SQLite's own word
    again = healthy.accept(reference="again", key=bytes([19]), sealed=b"x", key_id="k", created_at=AT)
    assert again.reference in {"again", "R19"}
    healthy.close()


FAILING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from referral_function.sending.outbox import OutboxError
from referral_function.sending.outbox import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox

outbox = SqliteOutbox(Path(sys.argv[1]), lambda: 1.0)
for number in range(6):
    try:
        outbox.accept(reference=f"R{number}", key=b"%d" % number, sealed=b"x" * 9000, key_id="k", created_at=datetime.now(UTC))
        print("yes", number, flush=True)
    except OutboxError as error:
        print(type(error).__name__, number, flush=True)
"""


@pytest.mark.needs("strace")
def test_a_failed_write_or_fsync_on_the_way_of_an_accept_never_loses_what_was_acknowledged(
    tmp_path: Path, clock: Clock
) -> None:
    """Each write, fsync and truncation in turn fails with EIO or ENOSPC: every yes lasts, every other answer is honest.

    The faults come from strace.
    """
    answers = set()
    for call, error in (("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "EIO"), ("ftruncate", "EIO")):
        for when in (1, 2, 4, 6, 8, 10):
            path = tmp_path / f"{call}-{error}-{when}.db"
            inject = f"-einject={call}:error={error}:when={when}"
            command = ["strace", "-f", "-o", "/dev/null", f"-etrace={call}", inject]
            ran = subprocess.run(
                [*command, sys.executable, "-c", FAILING, path], cwd=ROOT, capture_output=True, text=True, check=True
            )
            lines = [line.split() for line in ran.stdout.splitlines()]
            answers |= {answer for answer, _ in lines}
            healthy = SqliteOutbox(path, clock)
            stored = {entry.reference for entry in healthy.entries()}
            assert {f"R{number}" for answer, number in lines if answer == "yes"} <= stored
            assert not {f"R{number}" for answer, number in lines if answer == "NotStored"} & stored, (call, error, when)
            assert healthy._run("PRAGMA integrity_check").fetchall() == [("ok",)]  # noqa: SLF001 - SQLite's own word
            healthy.close()
    assert answers == {"yes", "NotStored", "Unconfirmed"}


@pytest.mark.needs("strace")
def test_power_cuts_lose_nothing_that_was_acknowledged(capsys: pytest.CaptureFixture[str]) -> None:
    """Sixty cuts lose nothing of ours, and the control, Python's default journal, loses."""
    assert power_cuts.main(["--cuts", "60"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_short_campaign_loses_nothing(engine: str, site: Path) -> None:
    """Two web and two drain processes, killed at random, before a relay that fails in every way: nothing is lost."""
    ran = campaign("--engine", engine, "--referrals", "100", "--seconds", "15", "--site", str(site))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing was lost." in ran.stdout


def test_a_build_that_marks_before_the_yes_is_caught(site: Path) -> None:
    """The control: marking as delivered before the relay's 250 loses, and the campaign says so."""
    ran = campaign("--referrals", "150", "--seconds", "15", "--site", str(site), "--control", "marks-early")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "FOUND: Lost" in ran.stdout


def campaign(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run a campaign in a process of its own."""
    command = [sys.executable, "-m", "tests.campaign", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
