"""The outbox in a file: what SQLite alone must show."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from referral_function.sending import statements
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.entry import KeptCopy, NotStored, OutboxError, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox
from tests.conftest import Clock
from tests.test_outbox import AT, SENT, check_that_nothing_is_stored, claimed, put

SECRET = b"sealed \xffbytes that must not stay"


@pytest.fixture
def file(tmp_path: Path, clock: Clock) -> Iterator[SqliteOutbox]:
    """Open an outbox whose file we look at."""
    opened = SqliteOutbox(tmp_path / "outbox.db", clock)
    yield opened
    opened.close()


def bytes_on_disk(outbox: SqliteOutbox) -> bytes:
    """Return every byte of the database, its WAL and whatever else lies there."""
    return b"".join(path.read_bytes() for path in sorted(outbox.path.parent.iterdir()) if path.is_file())


def test_the_file_is_for_its_owner_alone(file: SqliteOutbox) -> None:
    """Nobody else on the machine can read the database or its WAL."""
    put(file, "A")
    for path in file.path.parent.iterdir():
        if path.name.startswith("outbox"):
            assert path.stat().st_mode & 0o077 == 0


def test_every_commit_is_on_the_disk_before_it_is_answered(file: SqliteOutbox) -> None:
    """WAL, FULL, secure delete and a busy timeout are set on the connection that accepts."""
    for after in (lambda: put(file, "A"), lambda: claimed(file)):  # a lease needs no fsync; what follows it does
        after()
        connection = file._connection  # noqa: SLF001 - the pragmas belong to this very connection
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "busy_timeout")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "busy_timeout": 5000}


@pytest.mark.asvs("14.2.4")
def test_no_sealed_byte_is_left_after_a_drain(file: SqliteOutbox) -> None:
    """After delivery neither database nor WAL holds any of the sealed bytes, in pages of any kind."""
    for number in range(20):
        content = SECRET + os.urandom(20_000) + SECRET
        file.accept(
            reference=f"R{number}",
            idempotency_key=bytes([number]),
            ciphertext=content,
            nonce_hash=b"",
            token_hash=b"",
            mac=b"",
            key_id="k",
            created_at=AT,
        )
    assert bytes_on_disk(file).count(SECRET) >= 40
    with file.drain_lock() as alone:
        assert alone
        for _ in range(20):
            file.record_result(claimed(file), SENT)
        assert SECRET in bytes_on_disk(file)  # the control: until the WAL is cut off, they are there
    assert SECRET not in bytes_on_disk(file)


def test_a_delivery_whose_copy_cannot_be_kept_is_not_recorded(file: SqliteOutbox) -> None:
    """Both stand in one commit; the error says in words what the storage answered."""
    put(file, "A")
    entry = claimed(file)
    file._run("DROP TABLE kept")  # noqa: SLF001 - the fault
    copy = KeptCopy(reference="A", seconds=1.0, key_id="k", mac=b"", ciphertext=b"")
    with pytest.raises(OutboxError, match=r"outbox\.db failed: OperationalError$"):
        file.record_result(entry, SENT, copy)
    assert [each.state for each in file.entries()] == [State.QUEUED]


def test_a_drain_frees_the_leases_of_a_process_that_died(file: SqliteOutbox, clock: Clock) -> None:
    """Whoever takes the lock knows that nobody is sending: a restart delivers at once."""
    put(file, "A")
    assert claimed(file, lease=1000).attempts == 1
    again = SqliteOutbox(file.path, clock)
    assert again.claim(60) is None
    with again.drain_lock():
        assert claimed(again).attempts == 2
    again.close()


def test_two_drains_never_overlap(file: SqliteOutbox, clock: Clock) -> None:
    """A second drain, in this process or another, is told that one is at work."""
    other = SqliteOutbox(file.path, clock)
    with file.drain_lock() as first, other.drain_lock() as second:
        assert (first, second) == (True, False)
    with other.drain_lock() as after:
        assert after
    other.close()


def test_the_lock_of_a_drain_that_failed_is_let_go(file: SqliteOutbox) -> None:
    """An error inside a drain does not lock the next one out."""
    with pytest.raises(ZeroDivisionError), file.drain_lock():
        raise ZeroDivisionError
    with file.drain_lock() as alone:
        assert alone


def test_several_processes_may_make_the_schema_at_once(tmp_path: Path) -> None:
    """However many start together on an empty folder, one schema comes about and all can write."""
    program = (
        "import sys, time; from datetime import datetime, UTC; from pathlib import Path\n"
        "from referral_function.sending.sqlite import SqliteOutbox\n"
        "o = SqliteOutbox(Path(sys.argv[1]), time.time)\n"
        "n = sys.argv[2]\n"
        "o.accept(reference=n, idempotency_key=n.encode(), ciphertext=b'x', nonce_hash=b'', token_hash=b'', mac=b'', key_id='k', created_at=datetime.now(UTC)); o.close()\n"
    )
    path = tmp_path / "outbox.db"
    processes = [subprocess.Popen([sys.executable, "-c", program, path, str(n)]) for n in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6
    outbox = SqliteOutbox(path, Clock())
    assert sorted(entry.reference for entry in outbox.entries()) == list("012345")
    outbox.close()


def test_a_claim_that_always_fails_is_an_error_of_the_storage(file: SqliteOutbox) -> None:
    """A statement that needs no fsync is tried twice as any other, and no more."""
    put(file, "A")
    file._run("ALTER TABLE outbox RENAME TO elsewhere")  # noqa: SLF001 - the fault
    with pytest.raises(OutboxError):
        file.claim(60)


def test_a_new_version_migrates_with_entries_queued(
    file: SqliteOutbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema that gained a column finds what an older version left, and an older version is not thrown off."""
    put(file, "A")
    file.close()
    newer = (*statements.MIGRATIONS, ("ALTER TABLE outbox ADD COLUMN novelty text",))
    with monkeypatch.context() as patched:
        patched.setattr("referral_function.sending.sqlite.MIGRATIONS", newer)
        migrated = SqliteOutbox(file.path, clock)
        assert claimed(migrated).ciphertext == b"sealed A"
        assert migrated._run("SELECT novelty FROM outbox") == [(None,)]  # noqa: SLF001 - no other reader yet
        migrated.close()
    put(file, "B")


def test_a_folder_that_is_not_there_means_not_stored(tmp_path: Path, clock: Clock) -> None:
    """A database that cannot be opened is a certain no; nothing else is claimed."""
    outbox = SqliteOutbox(tmp_path / "missing" / "outbox.db", clock)
    check_that_nothing_is_stored(outbox)
    with pytest.raises(OutboxError), outbox.drain_lock():
        pass


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("folder", "there is no folder {folder}/missing"),
        ("is a folder", "{folder} cannot be opened or made by this user"),
        ("text", "{folder}/outbox.db is not a database"),
        ("SQLITE_BUSY_SNAPSHOT", "{folder}/outbox.db is held by another program"),
        ("SQLITE_CORRUPT", "{folder}/outbox.db is broken"),
        ("SQLITE_FULL", "{folder}/outbox.db has no room left on its disk"),
        ("SQLITE_IOERR_WRITE", "{folder}/outbox.db cannot be read or written: its disk fails or is full"),
        ("SQLITE_READONLY", "{folder}/outbox.db cannot be written by this user"),
        ("SQLITE_MISUSE", "{folder}/outbox.db failed: OperationalError"),
    ],
)
def test_a_fault_of_the_storage_says_what_it_is(tmp_path: Path, clock: Clock, fault: str, words: str) -> None:
    """A person reads which file or folder it is about, and what is wrong with it."""
    path = {"folder": tmp_path / "missing" / "outbox.db", "is a folder": tmp_path}.get(fault, tmp_path / "outbox.db")
    if fault == "text":
        path.write_bytes(b"this is no database, and was not made by us" * 100)
    outbox = (refusing(fault, "BEGIN IMMEDIATE") if fault.startswith("SQLITE") else SqliteOutbox)(path, clock)
    with pytest.raises(OutboxError) as told:
        outbox.probe()
    assert str(told.value) == words.format(folder=tmp_path)


def test_a_folder_of_another_user_is_named(tmp_path: Path, clock: Clock) -> None:
    """A command typed by the wrong user says so in words, whatever it wants of the outbox."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    outbox = SqliteOutbox(folder / "outbox.db", clock)
    user = os.geteuid()
    os.chmod(folder, 0o000)  # noqa: PTH101 - closed to its owner too, where the test is not root's
    if user == 0:
        os.seteuid(65534)
    try:
        for act in (outbox.stats, outbox.probe, outbox.drain_lock().__enter__):
            with pytest.raises(OutboxError, match=f"this user may not open {outbox.path}"):
                act()
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


def test_a_file_that_is_no_database_means_not_stored(tmp_path: Path, clock: Clock) -> None:
    """A broken file is a certain no, and is left as it is."""
    path = tmp_path / "outbox.db"
    path.write_bytes(b"this is no database, and was not made by us" * 100)
    with pytest.raises(NotStored):
        put(SqliteOutbox(path, clock), "A")
    assert path.read_bytes().startswith(b"this is no database")


def test_a_locked_database_means_not_stored(file: SqliteOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another process holds the lock for too long, the referrer hears a certain no."""
    monkeypatch.setattr("referral_function.sending.sqlite._PRAGMAS", ("busy_timeout = 10",))
    put(file, "A")
    other = sqlite3.connect(file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotStored):
        put(file, "B")
    with pytest.raises(OutboxError):
        file.probe()
    other.execute("ROLLBACK")
    other.close()
    assert put(file, "B").reference == "B"
    assert file.find(b"B", b"") is not None


def test_a_stale_connection_is_replaced(file: SqliteOutbox, clock: Clock) -> None:
    """A connection that broke is opened anew for the next statement, without an error to anyone."""
    put(file, "A")
    other = SqliteOutbox(file.path, clock)  # or the WAL would be deleted with the last connection
    other.probe()
    file._connection.close()  # noqa: SLF001 - as a fault would
    assert put(file, "B").reference == "B"
    file._connection.close()  # noqa: SLF001 - the same
    assert file.find(b"B", b"") is not None
    other.close()


def test_a_connection_that_cannot_be_closed_either_is_replaced(file: SqliteOutbox) -> None:
    """What is broken is dropped, whatever closing it says."""

    class Broken:
        def __getattr__(self, _name: str) -> object:
            raise sqlite3.OperationalError

    file._connection = Broken()  # noqa: SLF001 - as a fault would
    assert put(file, "A").reference == "A"


def refusing(code: str, refused: str = "COMMIT") -> type[SqliteOutbox]:
    """Return an outbox whose COMMIT, or another statement, fails with this code."""

    class Refusing(SqliteOutbox):
        def _execute(self, statement: str, values):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            if statement == refused:
                error = sqlite3.OperationalError("no")
                error.sqlite_errorcode = getattr(sqlite3, code)
                raise error
            return super()._execute(statement, values)

    return Refusing


@pytest.mark.parametrize(
    ("code", "told"),
    [("SQLITE_FULL", NotStored), ("SQLITE_IOERR_FSYNC", Unconfirmed), ("SQLITE_IOERR_WRITE", Unconfirmed)],
)
def test_an_error_of_commit_is_a_certain_no_only_when_the_disk_was_full(
    tmp_path: Path, clock: Clock, code: str, told: type[Exception]
) -> None:
    """After a failed fsync nobody knows; the handle is dropped, and the next post finds out."""
    outbox = refusing(code)(tmp_path / "outbox.db", clock)
    with pytest.raises(told):
        put(outbox, "A")
    healthy = SqliteOutbox(tmp_path / "outbox.db", clock)
    assert not put(healthy, "A").repeat
    healthy.close()


def test_a_full_disk_means_not_stored_and_leaves_the_database_whole(tmp_path: Path, clock: Clock) -> None:
    """When no page is left the referrer hears a certain no, what was stored before is whole, and room brings it back."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)
    put(outbox, "A")
    connection = outbox._connection  # noqa: SLF001 - the limit belongs to this very connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotStored):
        outbox.accept(
            reference="B",
            idempotency_key=b"B",
            ciphertext=os.urandom(50_000),
            nonce_hash=b"",
            token_hash=b"",
            mac=b"",
            key_id="k",
            created_at=AT,
        )
    assert outbox.find(b"B", b"") is None
    assert outbox._run("PRAGMA integrity_check") == [("ok",)]  # noqa: SLF001 - SQLite's own word
    big = os.urandom(50_000)
    assert (
        outbox.accept(
            reference="B",
            idempotency_key=b"B",
            ciphertext=big,
            nonce_hash=b"",
            token_hash=b"",
            mac=b"",
            key_id="k",
            created_at=AT,
        ).reference
        == "B"
    )
    outbox.close()


def test_readers_and_writers_in_threads_share_one_outbox(file: SqliteOutbox) -> None:
    """Accepting and draining at once loses nothing, on one connection."""
    file.probe()
    connection = file._connection  # noqa: SLF001 - opened by this thread
    writer = threading.Thread(target=lambda: [put(file, f"R{number}") for number in range(50)])
    writer.start()
    done = 0
    while done < 50:
        entry = file.claim(60)
        if entry:
            file.record_result(entry, Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
            done += 1
    writer.join()
    assert {entry.state for entry in file.entries()} == {State.DELIVERED}
    assert file._connection is connection  # noqa: SLF001 - no thread had to open another


def test_a_file_without_a_write_ahead_log_takes_nothing(clock: Clock) -> None:
    """Where SQLite cannot do WAL it says so without an error; nothing may be accepted there, as in a database in memory."""
    outbox = SqliteOutbox(Path(":memory:"), clock)
    with pytest.raises(NotStored):
        put(outbox, "A")
    Path(":memory:").unlink()
