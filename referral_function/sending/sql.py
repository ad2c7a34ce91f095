"""What both engines of the outbox share: one connection, and the commit whose answer decides what a referrer is told."""

# ruff: noqa: D102 - what each method does is said once, in the Outbox protocol

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from referral_function.sending import statements
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.outbox import (
    CRASHES,
    TOMBSTONE_AGE,
    Entry,
    NotStored,
    OutboxError,
    Receipt,
    ReferenceTaken,
    Stats,
    Unconfirmed,
)

_LONGEST_WAIT = 20.0  # seconds
_COLUMNS = [column.name for column in fields(Entry)[:-1]]  # all but the sealed bytes


class SqlOutbox(ABC):
    """What both engines share. One connection, opened when first needed and dropped after any error."""

    errors: type[Exception]
    begin = "BEGIN"

    def __init__(self) -> None:
        self._lock = RLock()
        self._connection: Any = None

    @abstractmethod
    def _opened(self) -> object:
        """Open a connection in autocommit, with the schema made or migrated."""

    @abstractmethod
    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        """Run one statement on the open connection and give its rows.

        They are read to their end at once: a cursor left open in one thread broke the COMMIT of another.
        """

    @abstractmethod
    def _commit_definitely_failed(self, error: Exception, /) -> bool:
        """Say whether this error of COMMIT proves that nothing was stored."""

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Keep other threads out; who waits in vain behind a storage that hangs has stored nothing."""
        if not self._lock.acquire(timeout=_LONGEST_WAIT):
            raise NotStored("Another thread is still waiting for the storage.")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._exclusive():
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(self.errors):
                    connection.close()

    def _run(self, statement: str, **values: object) -> Sequence[Any]:
        with self._exclusive():
            reused = self._connection is not None
            try:
                if not reused:
                    self._connection = self._opened()
                return self._execute(statement, values)
            except self.errors as error:
                self.close()
                if not reused:
                    raise OutboxError from error
            return self._run(statement, **values)

    def accept(self, *, reference: str, key: bytes, sealed: bytes, key_id: str, created_at: datetime) -> Receipt:
        values = {"reference": reference, "key": key, "sealed": sealed, "key_id": key_id}
        with self._exclusive(), contextlib.ExitStack() as undo:
            undo.callback(self.close)  # or the open transaction shows its row to the next question, and then loses it
            try:
                self._run(self.begin)
                inserted = self._execute(statements.INSERT, values | {"created_at": created_at.timestamp()})
                known = [] if inserted else self._execute(statements.FIND, {"key": key})
            except Exception as error:
                raise NotStored from error
            try:
                self._execute("COMMIT", {})
            except Exception as error:
                raise (NotStored if self._commit_definitely_failed(error) else Unconfirmed) from error
            undo.pop_all()
        if inserted:
            return Receipt(reference=reference, accepted_at=created_at, repeat=False)
        if known:
            return _receipt(known[0])
        raise ReferenceTaken(reference)

    def find(self, key: bytes) -> Receipt | None:
        try:
            found = self._run(statements.FIND, key=key)
        except OutboxError as error:
            raise NotStored from error
        return _receipt(found[0]) if found else None

    def claim(self, lease: float) -> Entry | None:
        for *columns, sealed in self._run(statements.CLAIM, lease=lease, crashes=CRASHES):
            return _entry(columns, sealed=bytes(sealed))
        return None

    def renew_lease(self, entry: Entry, lease: float) -> bool:
        return bool(self._run(statements.HOLD, lease=lease, reference=entry.reference, attempts=entry.attempts))

    def record_result(self, entry: Entry, attempt: Attempt) -> None:
        values: dict[str, object] = {"reference": entry.reference, "stage": attempt.stage.value, "code": attempt.code}
        if attempt.state is State.DELIVERED:
            self._run(statements.DELIVERED, **values)
            return
        values |= {"attempts": entry.attempts, "state": attempt.state.value, "delay": attempt.delay}
        self._run(statements.FAILED, refusals=attempt.refusals, maybe_sent=int(attempt.maybe_sent), **values)

    def park_crashing(self) -> int:
        return len(self._run(statements.PARK_CRASHING, stage=Stage.CRASH.value, crashes=CRASHES))

    def overdue(self, age: float) -> int:
        return len(self._run(statements.OVERDUE, age=age))

    def log_drain(self, *, success: bool, stage: str | None, code: str | None) -> None:
        self._run(statements.LOG_DRAIN, success=int(success), stage=stage, code=code)

    def purge(self) -> int:
        return len(self._run(statements.PURGE, age=TOMBSTONE_AGE))

    def stats(self) -> Stats:
        counts = {state: known for state, *known in self._run(statements.COUNTS)}
        ages = [counts[state][1] for state in (State.QUEUED, State.PARKED) if state in counts]
        last_drain, last_success, stage, code = self._run(statements.DRAINS)[0]
        return Stats(
            **{state.value: counts.get(state, [0])[0] for state in State},
            oldest=max(ages, default=None),
            at_work=any(leased for _count, _age, leased in counts.values()),
            last_drain=last_drain,
            last_success=last_success,
            stopped_stage=stage,
            stopped_code=code,
        )

    def probe(self) -> None:
        with self._exclusive():
            self._run(self.begin)
            self._run(statements.PROBE)
            self._run("ROLLBACK")

    def entries(self) -> Iterator[Entry]:
        for columns in self._run(statements.ENTRIES):
            yield _entry(columns)

    def retry(self, reference: str) -> bool:
        return bool(self._run(statements.RETRY, reference=reference))

    def discard(self, reference: str) -> bool:
        return bool(self._run(statements.DISCARD, reference=reference))


def _receipt(row: Sequence[Any]) -> Receipt:
    return Receipt(reference=row[0], accepted_at=datetime.fromtimestamp(row[1], UTC), repeat=True)


def _entry(row: Sequence[Any], sealed: bytes = b"") -> Entry:
    values = dict(zip(_COLUMNS, row, strict=True))
    values |= {"state": State(values["state"]), "maybe_sent": bool(values["maybe_sent"])}
    return Entry(**values, sealed=sealed)
