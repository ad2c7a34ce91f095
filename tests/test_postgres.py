"""The outbox on PostgreSQL: what a shared server alone must show."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest

from referral_function.sending import postgres, statements
from referral_function.sending.attempt import State
from referral_function.sending.entry import NotStored, OutboxError, Unconfirmed
from referral_function.sending.postgres import _SCHEMA_LOCK, PostgresOutbox
from tests.engines import new_schema, own_server, postgres_address, postgres_server
from tests.test_outbox import SENT, check_that_nothing_is_stored, claimed, put, put_at_once


@pytest.fixture
def address() -> str:
    """Return the address of an empty outbox."""
    return postgres_address(new_schema())


@pytest.fixture
def shared(address: str) -> Iterator[PostgresOutbox]:
    """Open it."""
    opened = PostgresOutbox(address)
    yield opened
    opened.close()


def setting_of(outbox: PostgresOutbox, name: str) -> str:
    """Ask the server for a setting of the outbox's own connection."""
    outbox.probe()
    ((value,),) = outbox._run("SELECT current_setting(:name)", name=name)  # noqa: SLF001 - of this connection
    return str(value)


def test_a_commit_is_on_the_disk_before_it_is_answered(address: str) -> None:
    """Even where the server's default is to answer sooner, and to isolate otherwise."""
    careless = address.replace(
        "csearch_path", "csynchronous_commit%3Doff%20-cdefault_transaction_isolation%3Dserializable%20-csearch_path"
    )
    outbox = PostgresOutbox(careless)
    assert setting_of(outbox, "synchronous_commit") == "on"
    assert setting_of(outbox, "default_transaction_isolation") == "read committed"
    assert setting_of(outbox, "statement_timeout") == "10s"
    outbox.close()


def test_two_instances_never_claim_the_same_entry(address: str) -> None:
    """However many drains claim at once, each entry is claimed once."""
    outboxes = [PostgresOutbox(address) for _ in range(6)]
    for number in range(60):
        put(outboxes[0], f"R{number}")
    taken: list[str] = []

    def take(outbox: PostgresOutbox) -> None:
        while entry := outbox.claim(60):
            taken.append(entry.reference)

    threads = [threading.Thread(target=take, args=(outbox,)) for outbox in outboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"R{number}" for number in range(60))
    for outbox in outboxes:
        outbox.close()


def test_two_instances_give_one_reference_to_the_same_referral(address: str) -> None:
    """Two web processes that get the same answers at the same moment store them once."""
    outboxes = [PostgresOutbox(address) for _ in range(8)]
    receipts = put_at_once(outboxes)
    assert len({receipt.reference for receipt in receipts}) == 1
    assert [receipt.repeat for receipt in receipts].count(False) == 1
    for outbox in outboxes:
        outbox.close()


def test_drains_may_overlap(address: str) -> None:
    """There is no lock to wait for: leases keep drains apart."""
    one, two = PostgresOutbox(address), PostgresOutbox(address)
    with one.drain_lock() as first, two.drain_lock() as second:
        assert (first, second) == (True, True)


def test_several_processes_may_make_the_schema_at_once(address: str, shared: PostgresOutbox) -> None:
    """However many start together on an empty database, one schema comes about and all can write."""
    program = (
        "import sys; from datetime import datetime, UTC\n"
        "from referral_function.sending.postgres import PostgresOutbox\n"
        "o = PostgresOutbox(sys.argv[1])\n"
        "n = sys.argv[2]\n"
        "o.accept(reference=n, idempotency_key=n.encode(), ciphertext=b'x', nonce_hash=b'', token_hash=b'', mac=b'', key_id='k', created_at=datetime.now(UTC)); o.close()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, address, str(n)]) for n in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6
    assert sorted(entry.reference for entry in shared.entries()) == list("012345")
    versions = shared._run("SELECT version FROM outbox_version")  # noqa: SLF001 - nothing else reads it
    assert versions == [(len(statements.MIGRATIONS),)]


def test_a_server_that_is_gone_is_noticed_within_seconds(shared: PostgresOutbox) -> None:
    """The driver and the kernel give up a connection that is not answered, new or open, after ten seconds."""
    shared.probe()
    found = shared._connection.info.get_parameters()  # noqa: SLF001 - of this very connection
    expected = {"connect_timeout": "10", "tcp_user_timeout": "10000", "keepalives_idle": "10"}
    assert {name: found.get(name) for name in expected} == expected


def test_only_one_makes_the_schema_at_a_time(address: str) -> None:
    """While another instance makes or migrates the tables, this one waits for it."""
    outbox = PostgresOutbox(address)
    with psycopg.connect(address) as another, psycopg.connect(address, autocommit=True) as looked:
        another.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        opening = threading.Thread(target=lambda: put(outbox, "A"))
        opening.start()
        waits: tuple[object, ...] | None = None
        while opening.is_alive() and not waits:
            waits = looked.execute("SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'").fetchone()
        another.rollback()
        opening.join()
    outbox.close()
    assert waits


def test_a_new_version_migrates_with_entries_queued(
    address: str, shared: PostgresOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema that gained a column finds what an older version left; an older version goes on beside it."""
    put(shared, "A")
    newer = (*statements.MIGRATIONS, ("ALTER TABLE outbox ADD COLUMN novelty text",))
    with monkeypatch.context() as patched:
        patched.setattr("referral_function.sending.postgres.MIGRATIONS", newer)
        migrated = PostgresOutbox(address)
        assert claimed(migrated).ciphertext == b"sealed A"
        migrated.close()
    put(shared, "B")
    again = PostgresOutbox(address)
    put(again, "C")
    again.close()


def test_a_connection_that_the_server_ended_is_opened_anew(address: str, shared: PostgresOutbox) -> None:
    """After the server ended every connection, the next statement of each kind works without an error to anyone."""
    put(shared, "A")
    for _ in range(2):
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'idle'"
            )
        assert put(shared, "B").reference == "B"
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'idle'"
        )
    assert claimed(shared).reference == "A"


def test_a_server_that_crashed_and_came_back_has_every_entry() -> None:
    """After an immediate stop, which is a crash to PostgreSQL, the same outbox goes on with all that was accepted."""
    server = own_server()
    outbox = PostgresOutbox(server.get_uri())
    put(outbox, "A")
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(30)
    with pytest.raises(NotStored):
        put(outbox, "B")
    server.start()
    assert put(outbox, "B").reference == "B"
    assert {claimed(outbox).reference, claimed(outbox).reference} == {"A", "B"}
    outbox.close()
    server.cleanup()


def test_an_address_of_two_servers_goes_on_with_the_one_that_can_be_written(address: str) -> None:
    """When the first server has crashed, or is a replica by now, the next referral is stored in the second one at once."""
    first, second = own_server(), urlsplit(address)
    folders = ",".join(parse_qs(urlsplit(each).query)["host"][0] for each in (first.get_uri(), address))
    options = parse_qs(second.query)["options"][0]
    both = f"postgresql://postgres@/postgres?host={folders}&target_session_attrs=read-write"
    outbox = PostgresOutbox(f"{both}&options={quote(options)}")
    with psycopg.connect(first.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {options.removeprefix('-csearch_path=').partition(',')[0]}")
    put(outbox, "A")
    process = first.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(30)
    assert put(outbox, "B").reference == "B"
    found = PostgresOutbox(address)
    assert [entry.reference for entry in found.entries()] == ["B"]
    outbox.close()
    found.close()
    first.cleanup()


def test_a_server_that_is_not_there_means_not_stored(tmp_path: Path) -> None:
    """Without a server the referrer hears a certain no."""
    outbox = PostgresOutbox(f"postgresql://postgres@/postgres?host={tmp_path}")
    check_that_nothing_is_stored(outbox)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("postgresql://u:SECRET@127.0.0.1:1/x", "server does not run, or not on that port"),
        ("postgresql://postgres@/x?host=/nowhere", "server does not run, or not on that socket"),
        ("postgresql://u:SECRET@nobody.invalid/x", "has a server name that is not known"),
        ("postgresql://u:SECRET@[::1/x", "has an address that cannot be read"),
        ("SERVER&dbname=missing", "or its user does not exist on that server"),
        ("SERVER&options=-cdefault_transaction_read_only%3Don", "is a replica that cannot be written"),
        ("postgresql://u:SECRET@127.0.0.1:PLAIN/x?sslmode=require", "server did not prove who it is: TLS failed"),
        ("postgresql://u:SECRET@127.0.0.1:PLAIN/x?sslmode=disable", "failed: OperationalError"),
    ],
)
def test_a_fault_of_the_storage_says_what_it_is(where: str, words: str) -> None:
    """A person reads whether it is the server, its name, its database or who we are; never the password."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer_no() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = plain.accept()
                    client.recv(100)
                    client.sendall(b"N")
                    client.close()

        threading.Thread(target=answer_no, daemon=True).start()
        address = where.replace("PLAIN", str(plain.getsockname()[1])).replace("SERVER", postgres_server().get_uri())
        with pytest.raises(OutboxError) as told:
            PostgresOutbox(address).probe()
        plain.shutdown(socket.SHUT_RDWR)
    assert str(told.value) == f"the database {words}"


def test_a_database_in_which_nothing_may_be_made_means_not_stored(address: str) -> None:
    """A schema that cannot be made leaves no open connection behind."""
    outbox = PostgresOutbox(address.replace("csearch_path", "cdefault_transaction_read_only%3Don%20-csearch_path"))
    with pytest.raises(NotStored):
        put(outbox, "A")
    assert outbox._connection is None  # noqa: SLF001 - it was closed


class Line:
    """A line to the server that is cut at a COMMIT, before it is passed on or after."""

    def __init__(self, folder: Path, *, passes_on: bool) -> None:
        self.path = folder / ".s.PGSQL.5432"
        self.target = next(Path(str(postgres_server().pgdata)).glob(".s.PGSQL.*[0-9]"))
        self.passes_on = passes_on
        self.cut = False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.target))
                threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if to_server and self.cut and b"COMMIT" in data:
                    self.cut = False
                    source.shutdown(socket.SHUT_RDWR)
                    if self.passes_on:
                        target.sendall(data)
                        threading.Event().wait(0.2)  # let the server work; it answers into nothing
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.mark.asvs("2.3.3")
@pytest.mark.parametrize("passes_on", [True, False], ids=["after", "before"])
def test_a_commit_whose_answer_is_lost_is_unconfirmed_and_the_retry_finds_out(
    address: str,
    passes_on: bool,  # noqa: FBT001
) -> None:
    """Whether the COMMIT arrived or not, the retry ends with one entry and one reference."""
    folder = Path(tempfile.mkdtemp(prefix="line"))
    line = Line(folder, passes_on=passes_on)
    schema = address.split("options=")[1]
    outbox = PostgresOutbox(f"postgresql://postgres@/postgres?host={folder}&options={schema}")
    outbox.probe()  # the schema is made; its own COMMIT is not the one to cut
    line.cut = True
    with pytest.raises(Unconfirmed):
        put(outbox, "A", key="same")
    assert not line.cut
    receipt = put(outbox, "B", key="same")
    assert (receipt.reference, receipt.repeat) == (("A", True) if passes_on else ("B", False))
    assert [entry.state for entry in outbox.entries()] == [State.QUEUED]
    outbox.close()
    line.listener.close()
    shutil.rmtree(folder)


def test_what_is_delivered_is_erased_for_every_reader(shared: PostgresOutbox, address: str) -> None:
    """After delivery no query finds sealed content."""
    put(shared, "A")
    shared.record_result(claimed(shared), SENT)
    with psycopg.connect(address) as other:
        assert other.execute("SELECT count(sealed), count(*) FROM outbox").fetchall() == [(0, 1)]


def test_the_driver_is_loaded_with_the_first_connection() -> None:
    """A process that only shows pages of the form does without it; it takes as long to load as Flask."""
    script = (
        "import sys; from referral_function.sending.postgres import PostgresOutbox\n"
        "outbox = PostgresOutbox(sys.argv[1]); before = 'psycopg' in sys.modules\n"
        "outbox.probe(); print(before, 'psycopg' in sys.modules); outbox.close()"
    )
    said = subprocess.run([sys.executable, "-c", script, postgres_address()], capture_output=True, check=True)
    assert said.stdout.split() == [b"False", b"True"]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a stuck server for a second instead of fifteen."""
    monkeypatch.setattr(postgres, "_ANSWER_TIMEOUT", 1.0)
    monkeypatch.setattr("referral_function.sending.storage._LOCK_TIMEOUT", 1.0)


def _put_until_one_waits(outbox: PostgresOutbox) -> None:
    for number in range(600):  # until the server has read its configuration anew
        put(outbox, f"B{number}")
        time.sleep(0.05)


@pytest.mark.usefixtures("_quick")
def test_a_server_that_waits_for_its_replica_in_commit_holds_nobody_for_long() -> None:
    """Its own limits do not cover that wait; ours does, and what is said is that nobody knows."""
    server = own_server()
    outbox = PostgresOutbox(server.get_uri())
    put(outbox, "A")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'a_replica_that_is_down'")
        connection.execute("SELECT pg_reload_conf()")
        with pytest.raises(Unconfirmed):
            _put_until_one_waits(outbox)
        connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE TABLE committed_when_the_server_waits_no_longer ()")
    assert put(outbox, "C").reference == "C"
    outbox.close()


@pytest.mark.usefixtures("_quick")
def test_a_server_that_is_stuck_holds_nobody_for_long(shared: PostgresOutbox) -> None:
    """A server process that answers nothing more is given up, and the referral is stored on a new connection."""
    put(shared, "A")
    process = shared._connection.info.backend_pid  # noqa: SLF001 - of this very connection
    os.kill(process, signal.SIGSTOP)
    try:
        assert put(shared, "B").reference == "B"
        assert shared._connection.info.backend_pid != process  # noqa: SLF001 - the same
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.usefixtures("_quick")
def test_who_waits_in_vain_for_another_thread_has_stored_nothing(shared: PostgresOutbox) -> None:
    """A thread that holds the connection too long lets the others say so instead of waiting behind it."""
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with shared._exclusive():  # noqa: SLF001 - what a thread does while it waits for the storage
            held.set()
            enough.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    with pytest.raises(NotStored):
        put(shared, "A")
    with pytest.raises(OutboxError):
        shared.stats()
    enough.set()
    thread.join()
    assert put(shared, "A").reference == "A"
