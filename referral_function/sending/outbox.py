"""The outbox: where encrypted messages wait until the relay has accepted them.

POST ─commit─► queued ─claim: lease─► leased ─250─► delivered: content erased ─30 days─► deleted
                 ▲          │ temporary failure: back off      │
                 ├──────────┘ process died: the lease expires  │ three 5xx to the final dot
                 └──── operator: retry ──── parked ◄───────────┘

With `REFERRAL_KEEP_KEY`, what was delivered is kept for some days, encrypted with that key, whose private half the
manager of the service has. What bounced stays marked until an operator resends it (it is queued again) or settles it.
"""

import contextlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime

from referral_function.sending import statements
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.counters import Counters
from referral_function.sending.entry import (
    Entry,
    KeptCopy,
    NotStored,
    OutboxError,
    Receipt,
    ReferenceTaken,
    Stats,
    Unconfirmed,
)

MAX_UNFINISHED_ATTEMPTS = 10  # then the entry is parked: it seems to end the process
ALARM_AGES = (15 * 60, 4 * 60 * 60, 24 * 60 * 60)  # seconds
MIB = 1024 * 1024
MIN_FREE_BYTES = 50 * MIB
TOMBSTONE_AGE = 30 * 24 * 60 * 60  # seconds


class Outbox(Counters):
    """What both engines share, on the connection of `Storage`; every method raises OutboxError if that does not answer."""

    def accept(  # noqa: PLR0913 - the columns of an entry
        self,
        *,
        reference: str,
        idempotency_key: bytes,
        nonce_hash: bytes,
        token_hash: bytes,
        ciphertext: bytes,
        key_id: str,
        mac: bytes,
        created_at: datetime,
    ) -> Receipt:
        """Store an encrypted message in one durable commit; a known `idempotency_key` returns the stored receipt.

        A repeat is written too, so that it takes as long as a first. Raises ReferenceTaken, NotStored, Unconfirmed.
        """
        of_review = {"idempotency_key": idempotency_key, "nonce_hash": nonce_hash}
        values = of_review | {"reference": reference, "ciphertext": ciphertext, "key_id": key_id, "mac": mac}
        values |= {"token_hash": token_hash}
        with self._exclusive(), contextlib.ExitStack() as undo:
            self._verify_file()
            undo.callback(self.close)  # an open transaction would show its row to the next query, and then lose it
            try:
                self._run(self.begin)
                inserted = self._execute(statements.INSERT, values | {"created_at": created_at.timestamp()})
                known = [] if inserted else self._execute(statements.REPEAT, of_review)
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
            return Receipt.of_repeat(known[0])
        raise ReferenceTaken(reference)

    def find(self, idempotency_key: bytes, nonce_hash: bytes) -> Receipt | None:
        """Look up what was stored from this review. Raises NotStored."""
        try:
            found = self._run(statements.FIND, idempotency_key=idempotency_key, nonce_hash=nonce_hash)
        except OutboxError as error:
            raise NotStored from error
        return Receipt.of_repeat(found[0]) if found else None

    @abstractmethod
    def drain_lock(self) -> AbstractContextManager[bool]:
        """Hold the lock of a drain; False if another drain holds it."""

    def claim(self, lease: float) -> Entry | None:
        """Lease the entry that has been due longest, for `lease` seconds."""
        rows = self._run(statements.CLAIM, lease=lease, max_unfinished=MAX_UNFINISHED_ATTEMPTS)
        return Entry.from_row(rows[0]) if rows else None

    def renew_lease(self, entry: Entry, lease: float) -> bool:
        """Extend the lease by `lease` seconds from now; False if it has expired or another drain has the entry."""
        return bool(self._run(statements.RENEW_LEASE, lease=lease, reference=entry.reference, attempts=entry.attempts))

    def record_result(self, entry: Entry, attempt: Attempt, kept: KeptCopy | None = None) -> None:
        """Store the result of a claim: a delivery always, a failure only if nobody has claimed the entry since.

        The copy of a delivered message, if it is kept, is stored in the same commit.
        """
        statement = statements.DELIVERED if attempt.state is State.DELIVERED else statements.FAILED
        values = asdict(attempt) | {"possibly_delivered": int(attempt.possibly_delivered)}
        values |= {"reference": entry.reference, "attempts": entry.attempts}
        if kept:
            self._run_together((statement, values), (statements.KEEP, asdict(kept)))
        else:
            self._run(statement, **values)

    def kept(self, reference: str) -> KeptCopy | None:
        """Return the kept copy of a delivered message, if there is one."""
        rows = self._run(statements.KEPT, reference=reference)
        return KeptCopy(**dict(zip(KeptCopy.__slots__, rows[0], strict=True))) if rows else None

    def kept_keys(self) -> Mapping[str, int]:
        """Count the kept copies by the id of the key that they are encrypted with."""
        return dict(self._run(statements.KEPT_KEYS))

    def resend(self, reference: str, *, ciphertext: bytes, key_id: str, mac: bytes) -> bool:
        """Queue a delivered message again, due now, and forget its bounce; False if it is not delivered."""
        values = {"ciphertext": ciphertext, "key_id": key_id, "mac": mac}
        return bool(self._run(statements.RESEND, reference=reference, **values))

    def mark_bounced(self, reference: str, token_hash: bytes, code: str) -> bool:
        """Mark a delivered message as bounced, with the status code of its report; False if there is none with this token."""
        values = {"reference": reference, "token_hash": token_hash}
        return bool(self._run(statements.MARK_BOUNCED, stage=Stage.BOUNCE, code=code, **values))

    def settle(self, reference: str) -> bool:
        """Forget a bounce and erase the kept copy; False if it is not marked as bounced."""
        settled = bool(self._run(statements.SETTLE, reference=reference))
        if settled:
            self._run(statements.ERASE_ONE_KEPT, reference=reference)
        return settled

    def park_crashing(self) -> int:
        """Park the entries whose attempts ended the process too often, and count them."""
        return len(self._run(statements.PARK_CRASHING, stage=Stage.CRASH, max_unfinished=MAX_UNFINISHED_ATTEMPTS))

    def overdue(self, age: float) -> int:
        """Count the entries that became older than `age` seconds since the last call, so that each alarms once."""
        return len(self._run(statements.OVERDUE, age=age))

    def log_drain(self, *, success: bool, stage: str | None, code: str | None) -> None:
        """Store that a drain ran, whether it delivered, and the failure that stopped it."""
        self._run(statements.LOG_DRAIN, success=int(success), stage=stage, code=code)

    def purge(self) -> int:
        """Erase the kept copies whose time is over, delete tombstones older than 30 days, and count these.

        What bounced stays until it is resent or settled.
        """
        self._run(statements.ERASE_KEPT)
        return len(self._run(statements.PURGE, age=TOMBSTONE_AGE))

    def stats(self) -> Stats:
        """Count the entries by state, and read the ages of the oldest entry and the last drain."""
        counts, [drain] = self._run(statements.COUNTS), self._run(statements.DRAINS)
        return Stats.from_rows(counts, drain, free_bytes=self.free_bytes(), replaced=self.replaced())

    @abstractmethod
    def free_bytes(self) -> int | None:
        """Return the free space of the disk, None where it is another machine's."""

    def probe(self) -> None:
        """Write and roll back, to show that a referral could be stored: what readiness and the command `check` ask."""
        self._verify_file()
        if (free := self.free_bytes()) is not None and free < MIN_FREE_BYTES:
            raise OutboxError(f"{free // MIB} MB free in {self.place}, {MIN_FREE_BYTES // MIB} MB are needed")
        with self._exclusive():
            self._run(self.begin)
            self._run(statements.PROBE)
            self._run("ROLLBACK")

    def entries(self) -> Iterator[Entry]:
        """Iterate over all entries, the oldest first."""
        return map(Entry.from_row, self._run(statements.ENTRIES))

    def entry(self, reference: str) -> Entry | None:
        """Return an entry that is not delivered, with its ciphertext."""
        rows = self._run(statements.ENTRY, reference=reference)
        return Entry.from_row(rows[0]) if rows else None

    def retry(self, reference: str, mac: bytes | None = None) -> bool:
        """Make a queued or parked entry due now, its counts at zero, its MAC replaced; False if none, or it is leased."""
        return bool(self._run(statements.RETRY, reference=reference, mac=mac))

    def park(self, reference: str) -> bool:
        """Park a queued entry that was refused at the final dot; False if there is none, or it is leased."""
        return bool(self._run(statements.PARK, reference=reference))

    def discard(self, reference: str) -> bool:
        """Delete a parked entry; False if there is none."""
        return bool(self._run(statements.DISCARD, reference=reference))
