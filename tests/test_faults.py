"""The fault matrix: what happens when something breaks. One test for each row, by the row's own name."""

import ast
import contextlib
import json
import resource
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from referral_function.sending.entry import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox
from tests.campaign import power_cuts
from tests.conftest import Clock
from tests.smtp_server import Certificate, SmtpServer
from tests.test_delivery import delivery_of, mailer_to, put
from tests.test_outbox import AT

ROOT = Path(__file__).resolve().parents[1]

MATRIX = {  # each fault that delivery must survive, and the tests that show it
    "kill -9 the web process at any point from accept to answer; client retries": [
        "test_kill_9_of_the_web_process_at_any_point_of_an_accept",
        "test_a_kill_at_any_moment_of_sending_leaves_one_referral",
    ],
    "kill -9 the drain after claim / mid-DATA / after 250": ["test_kill_9_of_the_drain"],
    "a drain that stalls past its lease before the check ahead of DATA, while another delivers": [
        "test_a_drain_that_stalls_past_its_lease_sends_nothing"
    ],
    "relay down for minutes, hours, days (clock moved)": [
        "test_after_an_outage_of_any_length_everything_is_delivered",
        "test_alarms_are_raised_by_age_even_while_the_round_is_paused",
    ],
    "relay hangs: no banner, mid-EHLO, after STARTTLS, in DATA, after the dot": [
        "test_silence_a_drop_and_garbage_are_temporary_at_every_stage",
        "test_a_handshake_that_ends_nowhere_gets_no_byte_of_a_message",
        "test_a_relay_that_goes_away_in_the_middle_of_the_message_has_not_got_it",
        "test_silence_after_the_final_dot_is_remembered_as_doubt",
    ],
    "421, 450, 451, 452; 550 at RCPT; 535 at AUTH; 554 at DATA; drop mid-DATA; drop after the dot": [
        "test_a_week_of_4xx_to_the_final_dot_parks_nothing",
        "test_a_5xx_before_the_final_dot_stops_the_round_and_parks_nothing",
        "test_three_refusals_at_the_final_dot_park_the_message_and_raise_the_alarm",
        "test_a_relay_that_goes_away_in_the_middle_of_the_message_has_not_got_it",
        "test_silence_after_the_final_dot_is_remembered_as_doubt",
    ],
    "TLS stripped, plain text, self-signed, wrong name, expired, unknown CA, TLS 1.1, closes in the handshake": [
        "test_a_relay_that_cannot_prove_who_it_is_is_an_alarm_that_names_the_cause",
        "test_a_relay_that_cannot_prove_who_it_is_gets_no_byte_of_a_message",
        "test_a_relay_without_starttls_gets_no_byte_of_a_message",
        "test_a_relay_that_speaks_plain_text_where_tls_belongs_gets_no_byte",
        "test_old_tls_gets_no_byte_of_a_message",
        "test_a_handshake_that_ends_nowhere_gets_no_byte_of_a_message",
    ],
    "disk full at insert, commit, WAL (small tmpfs); EIO on fsync (strace inject)": [
        "test_a_disk_that_is_full_is_told_truly_and_loses_nothing",
        "test_a_full_disk_means_not_stored_and_leaves_the_database_whole",
        "test_a_file_that_may_not_grow_never_loses_what_was_acknowledged",
        "test_a_failed_write_or_fsync_on_the_way_of_an_accept_never_loses_what_was_acknowledged",
    ],
    "two drains and two web processes on PostgreSQL under random kills": [
        "test_a_short_campaign_loses_nothing",
        "test_a_short_campaign_with_a_server_that_crashes_loses_nothing",
    ],
    "double click, 20 threads with the same answers, re-post after delivery": [
        "test_a_double_click_sends_once",
        "test_twenty_threads_with_the_same_answers_get_one_reference",
        "test_delivery_erases_the_content_and_keeps_a_tombstone",
        "test_a_referral_sent_again_after_delivery_is_recognised",
    ],
    "key rotated, schema migrated, new version deployed with entries queued": [
        "test_keys_can_be_rotated_with_entries_queued",
        "test_a_new_version_migrates_with_entries_queued",
        "test_what_waits_is_delivered_at_the_start_and_sigterm_ends_all",
    ],
}


def test_every_row_of_the_matrix_has_its_tests() -> None:
    """Each row names tests that exist."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py")]
    known = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for names in MATRIX.values() for name in names} <= known


KILLED = """
import json, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from referral_function.sending.entry import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox

folder, results = Path(sys.argv[1]), []
OURS = ("sending/outbox.py", "sending/entry.py", "sending/sqlite.py", "sending/statements.py")


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
    receipt = outbox.accept(reference=reference, idempotency_key=b"same", ciphertext=b"x" * 9000, nonce_hash=b"", token_hash=b"", mac=b"", key_id="k", created_at=at)
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
    ("relay", "cause"),
    [
        ({"certificate": Certificate.SELF_SIGNED}, "self-signed"),
        ({"certificate": Certificate.WRONG_NAME}, "wrong-name"),
        ({"certificate": Certificate.EXPIRED}, "expired"),
        ({"certificate": Certificate.UNKNOWN_AUTHORITY}, "unknown-authority"),
        ({"offers_tls": False}, "502"),
        ({"newest_tls": ssl.TLSVersion.TLSv1_1}, "protocol"),
    ],
    ids=str,
)
def test_a_relay_that_cannot_prove_who_it_is_is_an_alarm_that_names_the_cause(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, relay: dict[str, Any], cause: str
) -> None:
    """The message stays, the round stops, and the alarm says what is wrong."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)
    put(outbox, clock)
    with SmtpServer(folder=tmp_path, **relay) as server:
        done = delivery_of(outbox, mailer_to(server), clock).drain(60)
    assert done is not None
    assert done.stopped is not None
    (alarm,) = [vars(record)["fields"] for record in caplog.records if record.levelname == "ERROR"]
    assert (alarm["stage"], alarm["code"]) == ("tls", cause)
    assert b"SECRET" not in server.received
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
                    idempotency_key=bytes([number]),
                    nonce_hash=b"",
                    token_hash=b"",
                    mac=b"",
                    ciphertext=bytes([number]) * 9000,
                    key_id="k",
                    created_at=AT,
                )
                told[receipt.reference] = number
        outbox.close()
    assert len(told) < 20
    healthy = SqliteOutbox(path, clock)
    waiting = {}
    while entry := healthy.claim(60):
        waiting[entry.reference] = entry.ciphertext
    assert all(waiting[reference] == bytes([number]) * 9000 for reference, number in told.items())
    assert healthy._run("PRAGMA integrity_check") == [("ok",)]  # noqa: SLF001 - SQLite's own word
    again = healthy.accept(
        reference="again",
        idempotency_key=bytes([19]),
        ciphertext=b"x",
        nonce_hash=b"",
        token_hash=b"",
        mac=b"",
        key_id="k",
        created_at=AT,
    )
    assert again.reference in {"again", "R19"}
    healthy.close()


FAILING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from referral_function.sending.entry import OutboxError
from referral_function.sending.entry import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox

outbox = SqliteOutbox(Path(sys.argv[1]), lambda: 1.0)
for number in range(6):
    try:
        outbox.accept(reference=f"R{number}", idempotency_key=b"%d" % number, ciphertext=b"x" * 9000, nonce_hash=b"", token_hash=b"", mac=b"", key_id="k", created_at=datetime.now(UTC))
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
            assert healthy._run("PRAGMA integrity_check") == [("ok",)]  # noqa: SLF001 - SQLite's own word
            healthy.close()
    assert answers == {"yes", "NotStored", "Unconfirmed"}


@pytest.mark.needs("strace")
def test_power_cuts_lose_nothing_that_was_acknowledged(capsys: pytest.CaptureFixture[str]) -> None:
    """Sixty cuts lose nothing of ours, and the control, Python's default journal, loses."""
    assert power_cuts.main(["--cuts", "60"]) == 0, capsys.readouterr().err
