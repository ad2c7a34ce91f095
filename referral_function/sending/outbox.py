"""Where messages wait: what an entry is, and what an outbox can do.

POST ─commit─► queued ─claim: lease─► leased ─250─► delivered: content erased ─30 days─► deleted
                 ▲          │ temporary failure: back off      │
                 ├──────────┘ process died: the lease lapses   │ three 5xx to the final dot
                 └──── operator: retry ──── parked ◄───────────┘
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from referral_function.sending.attempt import Attempt, State

CRASHES = 10  # claims never settled, after which an entry is parked: it takes the process down
ALARM_AGES = (15 * 60, 4 * 60 * 60, 24 * 60 * 60)  # seconds
TOMBSTONE_AGE = 30 * 24 * 60 * 60  # seconds


class OutboxError(Exception):
    """The outbox did not answer."""


class NotStored(OutboxError):
    """Certain: nothing was stored, the failure came before COMMIT was issued."""


class Unconfirmed(OutboxError):
    """COMMIT was issued and its answer lost: the referral may be stored."""


class ReferenceTaken(Exception):
    """Another referral has this reference: draw a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the referrer gets back."""

    reference: str
    accepted_at: datetime
    repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message that waits, or the tombstone of one that arrived. Times are seconds since 1970."""

    reference: str
    state: State
    key_id: str
    created_at: float
    next_at: float
    attempts: int
    unsettled: int
    refusals: int
    last_stage: str | None
    last_code: str | None
    maybe_sent: bool
    done_at: float | None
    size: int
    sealed: bytes = b""  # only in a claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts only, for the status page and the alarms. Ages in seconds."""

    queued: int
    delivered: int
    parked: int
    oldest: float | None
    at_work: bool  # a message is on its way now
    last_drain: float | None  # age
    last_success: float | None  # age
    stopped_stage: str | None
    stopped_code: str | None


class Outbox(Protocol):
    """Where messages wait. Every method raises OutboxError when the storage does not answer."""

    def accept(self, *, reference: str, key: bytes, sealed: bytes, key_id: str, created_at: datetime) -> Receipt:
        """Store a sealed message in one durable commit; the same key again is a repeat of the stored referral.

        Raises ReferenceTaken, NotStored, Unconfirmed.
        """

    def find(self, key: bytes) -> Receipt | None:
        """Look a repeat up before a message is made. Raises NotStored."""

    def drain_lock(self) -> AbstractContextManager[bool]:
        """Enter a drain; False if another one must finish first."""

    def claim(self, lease: float) -> Entry | None:
        """Take the entry that is due longest, for so many seconds."""

    def renew_lease(self, entry: Entry, lease: float) -> bool:
        """Prolong our lease; False if it has lapsed or the entry is no longer ours."""

    def record_result(self, entry: Entry, attempt: Attempt) -> None:
        """Write down what came of a claim. Success always counts; failure only while the entry is still ours."""

    def park_crashing(self) -> int:
        """Park the entries that took the process down again and again."""

    def overdue(self, age: float) -> int:
        """Count the entries that became older than this since it was last asked, so that each alarms once."""

    def log_drain(self, *, success: bool, stage: str | None, code: str | None) -> None:
        """Write down that a drain ran, and what stopped it."""

    def purge(self) -> int:
        """Delete the tombstones that are older than 30 days."""

    def stats(self) -> Stats:
        """Count."""

    def probe(self) -> None:
        """Try whether a referral could be stored now, without storing one."""

    def entries(self) -> Iterator[Entry]:
        """Go through all entries, the oldest first."""

    def retry(self, reference: str) -> bool:
        """Make a waiting or parked entry due now, its counts at zero."""

    def discard(self, reference: str) -> bool:
        """Delete a parked entry for good."""

    def close(self) -> None:
        """Let go of the storage."""
