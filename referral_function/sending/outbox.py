"""Where messages wait: what an entry is, what an outbox can do, and what follows a failed attempt.

POST ─commit─► queued ─claim: lease─► leased ─250─► delivered: content erased ─30 days─► deleted
                 ▲          │ temporary failure: back off      │
                 ├──────────┘ process died: the lease lapses   │ three 5xx to the final dot
                 └──── operator: retry ──── parked ◄───────────┘
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

CRASHES = 10  # claims never settled, after which an entry is parked: it takes the process down
REFUSALS = 3  # 5xx replies to the final dot, after which an entry is parked
AFTER_REFUSAL = 20 * 60.0  # seconds
FIRST_BACK_OFF, LONGEST_BACK_OFF = 30.0, 60 * 60.0  # seconds
ALARM_AGES = (15 * 60, 4 * 60 * 60, 24 * 60 * 60)  # seconds
TOMBSTONE_AGE = 30 * 24 * 60 * 60  # seconds


class State(StrEnum):
    """What became of an entry."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    PARKED = "parked"


class Stage(StrEnum):
    """How far an attempt came."""

    OPEN = "open"  # the seal
    CONNECT = "connect"
    EHLO = "ehlo"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the reply to the command
    BODY = "body"
    DOT = "dot"  # the reply to the final dot
    PROGRAM = "program"  # our own fault
    CRASH = "crash"


ABOUT_ONE_MESSAGE = frozenset({Stage.OPEN, Stage.BODY, Stage.DOT, Stage.PROGRAM})


class OutboxError(Exception):
    """The outbox did not answer."""


class NotStored(OutboxError):
    """Certain: nothing was stored, the failure came before COMMIT was issued."""


class Unconfirmed(OutboxError):
    """COMMIT was issued and its answer lost: the referral may be stored."""


class ReferenceTaken(Exception):
    """Another referral has this reference: draw a new one."""


class Failure(Exception):
    """An attempt failed: at this stage, with this SMTP code, or with a word for the cause."""

    permanent: ClassVar[bool]

    def __init__(self, stage: Stage, code: str) -> None:
        super().__init__(f"{stage}: {code}")
        self.stage = stage
        self.code = code


class TemporaryFailure(Failure):
    """Try again later."""

    permanent = False


class PermanentFailure(Failure):
    """Trying again will not help until a person has changed something."""

    permanent = True


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
class Attempt:
    """What came of one try, as `settle` writes it down. The delay counts from now, in seconds."""

    state: State
    stage: Stage
    code: str
    delay: float = 0.0
    refusals: int = 0
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts only, for the status page and the alarms. Ages in seconds."""

    queued: int
    delivered: int
    parked: int
    oldest: float | None
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

    def draining(self) -> AbstractContextManager[bool]:
        """Enter a drain; False if another one must finish first."""

    def claim(self, lease: float) -> Entry | None:
        """Take the entry that is due longest, for so many seconds."""

    def hold(self, entry: Entry, lease: float) -> bool:
        """Prolong our lease; False if it has lapsed or the entry is no longer ours."""

    def settle(self, entry: Entry, attempt: Attempt) -> None:
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


def next_attempt(failure: Failure, *, attempts: int, refusals: int, jitter: float) -> Attempt:
    """Say what follows a failed attempt: a later try, or a person. Age never ends it. `jitter` is from 0 to 1."""
    stage, code, state, delay, maybe_sent = failure.stage, failure.code, State.QUEUED, 0.0, False
    if failure.permanent and stage is Stage.DOT:
        refusals, delay = refusals + 1, AFTER_REFUSAL
        state = State.PARKED if refusals >= REFUSALS else State.QUEUED
    elif not failure.permanent:  # a permanent one elsewhere is not this entry's fault: it stays due
        back_off = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** min(max(attempts - 1, 0), 20))
        delay = back_off * (0.5 + jitter / 2)
        maybe_sent = stage is Stage.DOT and not code.isdecimal()  # a relay that did answer did not take it
    return Attempt(state=state, stage=stage, code=code, delay=delay, refusals=refusals, maybe_sent=maybe_sent)
