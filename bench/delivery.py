"""Delivery: how fast referrals are accepted and drained on both engines, and whether a claim grows with the queue."""

import secrets
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.measure import Figure, in_turn, ratio
from bench.places import postfix, say
from bench.report import Section, Table
from dev.postfix import Postfix, installed
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.outbox import Outbox
from referral_function.sending.postgres import PostgresOutbox
from referral_function.sending.reference import new_reference
from referral_function.sending.sqlite import SqliteOutbox
from tests.campaign.figures import KEY, delivery_to, put
from tests.engines import new_schema, postgres_address

QUEUED = (10, 1_000, 100_000)
_CLAIMS = 40  # in each round
_MESSAGES = 200  # in each round
_LEASE = 3600.0
_DELIVERED = Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250")
_SEALED = 1000  # bytes of an entry of a long queue: smaller than a real one, so that filling it takes seconds
_UNEQUAL = [
    (
        "Ours speaks TLS, one message after the other over one kept connection, and commits each delivery before the next; "
        "smtp-source speaks plain text and remembers nothing: one connection kept, as ours, or four at once."
    ),
    "Accepting is counted without the web: message, seal, commit. PostgreSQL runs on the same machine with its defaults.",
    f"The entries of the long queues have {_SEALED} bytes each.",
]


def measure(rounds: int) -> Section:
    """Measure accepting, draining and claiming."""
    section = Section(title="Delivery", unequal=_UNEQUAL)
    with tempfile.TemporaryDirectory(prefix="delivery", dir="/var/tmp") as place:
        _rates(section, Path(place), min(rounds, 5))
        _claims(section, Path(place), rounds)
    return section


def _engines(folder: Path, name: str) -> dict[str, Outbox]:
    return {
        "SQLite": SqliteOutbox(folder / f"{name}.db", time.time),
        "PostgreSQL": PostgresOutbox(postgres_address(new_schema())),
    }


def _rates(section: Section, folder: Path, rounds: int) -> None:
    """Accept and drain so many messages on both engines, beside smtp-source to the same Postfix."""
    say(f"  {rounds} rounds of {_MESSAGES} messages ...")
    outboxes = _engines(folder, "rates")
    accepting = {f"accept, {name}": partial(_accept, outbox) for name, outbox in outboxes.items()}
    if not installed() or postfix():
        section.missing.append("Drain rates: they need Postfix and root.")
        _table(section, in_turn(rounds, accepting))
        return
    folder.chmod(0o755)  # Postfix gives up its rights, and must still find its files
    (folder / "postfix").mkdir()
    with Postfix(folder=folder / "postfix", transport="discard") as relay:
        work = dict(accepting)
        for name, outbox in outboxes.items():
            delivery = delivery_to(outbox, relay.port, relay.authorities, time.time)  # type: ignore[arg-type] # a clock
            work[f"drain, {name}"] = partial(_drain, delivery, outbox)
        for sessions in (1, 4):
            work[f"smtp-source, connections: {sessions}"] = partial(_source, relay.plain_port, sessions)
        found = in_turn(rounds, work)
    _table(section, found)
    theirs = found["smtp-source, connections: 1"]
    for name in outboxes:
        section.figures[f"seconds to drain from {name} / smtp-source"] = ratio(found[f"drain, {name}"], theirs)


def _table(section: Section, found: dict[str, list[float]]) -> None:
    rows = [[name, Figure.of(_MESSAGES / one for one in seconds).said(0)] for name, seconds in found.items()]
    section.tables.append(Table(title="Rates", header=["", "messages a second"], rows=rows))


def _accept(outbox: Outbox) -> float:
    began = time.perf_counter()
    put(outbox, _MESSAGES, time.time())
    took = time.perf_counter() - began
    while entry := outbox.claim(_LEASE):  # what was accepted to be measured is not drained
        outbox.record_result(entry, _DELIVERED)
    return took


def _drain(delivery: "object", outbox: Outbox) -> float:
    put(outbox, _MESSAGES, time.time())
    began = time.perf_counter()
    done = delivery.drain(1e9)  # type: ignore[attr-defined] # a Delivery
    took = time.perf_counter() - began
    if not done or done.delivered != _MESSAGES:
        raise RuntimeError(f"{done} instead of {_MESSAGES} delivered")
    return took


def _source(port: int, sessions: int) -> float:
    names = ["-f", "a@example.org", "-t", "inbox@example.org", f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(["smtp-source", "-d", "-s", str(sessions), "-m", str(_MESSAGES), "-l", "3000", *names], check=True)
    return time.perf_counter() - began


def _claims(section: Section, folder: Path, rounds: int) -> None:
    """Claim from queues of different lengths in turn; each claim is settled and replaced, so that no length changes."""
    say("  filling queues ...")
    outboxes: dict[tuple[str, int], Outbox] = {}
    for size in QUEUED:
        for name, outbox in _engines(folder, f"queue-{size}").items():
            _fill(outbox, size)
            outboxes[name, size] = outbox
    say(f"  {rounds} rounds of {_CLAIMS} claims from {len(outboxes)} queues ...")
    found = in_turn(rounds, {key: partial(_claim, outbox) for key, outbox in outboxes.items()})
    rows = []
    for name in ("SQLite", "PostgreSQL"):
        for size in QUEUED:
            growth = ratio(found[name, size], found[name, QUEUED[0]])
            rows.append([name, f"{size:,}", f"{Figure.of(found[name, size]).median * 1000:.2f} ms", growth.said()])
        section.figures[f"claim on {name}, 100,000 / 10 queued"] = growth
    for outbox in outboxes.values():
        outbox.close()
    header = ["", "queued", "one claim", "÷ one of 10"]
    section.tables.append(Table(title="Claim", header=header, rows=rows))


def _fill(outbox: Outbox, count: int) -> None:
    """Put in so many entries, quickly: the commits are not what is measured."""
    outbox.stats()  # opens it, and makes the table
    connection = outbox._connection  # noqa: SLF001 - one commit for all of them
    now = time.time() - 60
    mark = "%s" if isinstance(outbox, PostgresOutbox) else "?"
    sealed = secrets.token_bytes(_SEALED)
    insert = (
        "INSERT INTO outbox (reference, key, state, sealed, key_id, created_at, next_at) "  # noqa: S608 - no value in it
        f"VALUES ({mark}, {mark}, 'queued', {mark}, {mark}, {mark}, {mark})"
    )
    connection.execute("BEGIN")
    entries = ((f"Q{number}", str(number).encode(), sealed, KEY.id, now, now) for number in range(count))
    connection.cursor().executemany(insert, entries)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")  # as both engines do by themselves, a little later


def _claim(outbox: Outbox) -> float:
    """Give the median seconds of a claim."""
    took = []
    for _ in range(_CLAIMS):
        began = time.perf_counter()
        entry = outbox.claim(_LEASE)
        took.append(time.perf_counter() - began)
        if entry is None:
            raise RuntimeError("nothing was queued")
        outbox.record_result(entry, _DELIVERED)
        reference = new_reference(secrets.randbelow)
        at = datetime.now(UTC)
        outbox.accept(
            reference=reference, key=reference.encode(), ciphertext=entry.ciphertext, key_id=entry.key_id, created_at=at
        )
    return statistics.median(took)
