"""The records and errors of the outbox: an entry, a receipt, the counts, and how storing can fail."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from referral_function.sending.attempt import State


class OutboxError(Exception):
    """The storage did not answer; the text says why, without a secret."""


class NotStored(OutboxError):
    """Nothing was stored: the failure came before COMMIT was issued, or COMMIT certainly failed."""


class Unconfirmed(OutboxError):
    """COMMIT was issued and its answer was lost: the referral may be stored."""


class ReferenceTaken(Exception):
    """Another referral has this reference: generate a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The reference and time of a stored referral; `repeat` if it was stored earlier.

    `same_review`: it was stored from the review that asks now, which alone may be told that it is a repeat.
    """

    reference: str
    accepted_at: datetime
    repeat: bool
    same_review: bool = True

    @classmethod
    def of_repeat(cls, row: Sequence[Any]) -> Self:
        """Build the receipt of a referral that was stored before, from the columns of `statements.FIND`."""
        return cls(
            reference=row[0], accepted_at=datetime.fromtimestamp(row[1], UTC), repeat=True, same_review=bool(row[2])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the outbox, with its message or, after delivery, without. Times are seconds since 1970."""

    reference: str
    state: State
    key_id: str
    created_at: float
    next_at: float
    attempts: int
    unfinished_attempts: int  # claims without a recorded result: the process ended, or the claim is still held
    permanent_rejections: int  # 5xx replies to the final dot
    last_stage: str | None
    last_code: str | None
    possibly_delivered: bool
    done_at: float | None
    bounced_at: float | None  # until it is resent or settled
    size: int
    ciphertext: bytes = b""  # only where an entry is read alone
    mac: bytes | None = None  # the same; None if a version without MACs stored it

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Build an entry from `statements.COLUMNS`, in the order of the fields; an entry read alone has all."""
        values = dict(zip((field.name for field in fields(cls)), row, strict=False))
        values |= {"state": State(values["state"]), "possibly_delivered": bool(values["possibly_delivered"])}
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """A delivered message, encrypted with `REFERRAL_KEEP_KEY` in case it bounces, and how long it is kept."""

    reference: str
    key_id: str
    mac: bytes
    ciphertext: bytes
    seconds: float  # from its delivery, or from now when it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts for the status page and the alarms. Ages are in seconds."""

    queued: int
    delivered: int
    parked: int
    bounced: int
    oldest: float | None  # age of the oldest entry that is not delivered
    newest: float | None  # age of the newest; negative if the clock was ahead when it was accepted
    unreadable: int  # entries that no private key here opened
    at_work: bool  # whether a lease is running; the status page calls it so
    last_drain: float | None  # age
    last_success: float | None  # age
    stopped_stage: str | None
    stopped_code: str | None
    free_bytes: int | None  # on the disk of the outbox, where it is ours
    replaced: bool  # whether the file of the outbox was deleted or replaced while it is open

    @classmethod
    def from_rows(
        cls, counts: Sequence[Sequence[Any]], drain: Sequence[Any], *, free_bytes: int | None, replaced: bool
    ) -> Self:
        """Build the counts from the rows of `statements.COUNTS` and the row of `statements.DRAINS`."""
        by_state = {state: known for state, *known in counts}
        waiting = [by_state[state] for state in (State.QUEUED, State.PARKED) if state in by_state]
        last_drain, last_success, stage, code = drain
        return cls(
            **{state.value: by_state.get(state, [0])[0] for state in State},
            bounced=sum(bounced for *_, bounced in by_state.values()),
            oldest=max((oldest for _, oldest, *_ in waiting), default=None),
            newest=min((newest for _, _, newest, *_ in waiting), default=None),
            unreadable=sum(unreadable for *_, unreadable, _, _ in waiting),
            at_work=any(leased for *_, leased, _ in by_state.values()),
            last_drain=last_drain,
            last_success=last_success,
            stopped_stage=stage,
            stopped_code=code,
            free_bytes=free_bytes,
            replaced=replaced,
        )
