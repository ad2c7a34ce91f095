"""What moves entries from the outbox to the relay: claim, send, record the result, until nothing is due."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from referral_function import events
from referral_function.sending import message
from referral_function.sending.attempt import (
    MESSAGE_SPECIFIC_STAGES,
    Attempt,
    Failure,
    Stage,
    State,
    TemporaryFailure,
    next_attempt,
)
from referral_function.sending.encryption import DecryptionError, PrivateKeys, PublicKey
from referral_function.sending.mailer import LeaseLost, Mailer
from referral_function.sending.outbox import ALARM_AGES, Entry, Outbox, OutboxError

_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 15 * 60.0  # seconds, after a round that was stopped
_MARGIN = 20.0  # seconds by which a lease outlasts every limit of what it covers


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one round did."""

    delivered: int = 0
    failed: int = 0
    stopped: Attempt | None = None
    unfinished: bool = False  # the time was over before the work was


class Delivery:
    """Delivers what is due, one message at a time."""

    def __init__(  # noqa: PLR0913 - the things that meet here, and nothing else
        self,
        *,
        outbox: Outbox,
        keys: PrivateKeys,
        seal_key: PublicKey,
        mailer: Mailer,
        clock: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        """Take a clock that never runs backwards, in seconds, and a source of jitter from 0 to 1."""
        self._outbox, self._keys, self._seal_key, self._mailer = outbox, keys, seal_key, mailer
        self._clock, self._jitter = clock, jitter
        self._at_work = Lock()
        self._delivered_unrecorded: dict[str, tuple[Entry, Attempt]] = {}  # delivered, and the outbox did not hear it
        self._stopped: Attempt | None = None
        self._pause, self._resume_at = 0.0, clock()

    @property
    def paused(self) -> bool:
        """Whether a round was stopped not long ago, so that an accept need not wake the drain."""
        return self._clock() < self._resume_at

    def drain(self, seconds: float, stopping: Callable[[], bool] = lambda: False) -> Drained | None:
        """Deliver until nothing is due, the seconds are over or we are told to stop; None if another drain is at work.

        Raises OutboxError.
        """
        if not self._at_work.acquire(blocking=False):
            return None
        try:
            with self._outbox.drain_lock() as alone:
                return self._round(self._clock() + seconds, stopping) if alone else None
        finally:
            self._mailer.close()
            self._at_work.release()

    def _round(self, end: float, stopping: Callable[[], bool]) -> Drained:
        for reference in list(self._delivered_unrecorded):
            self._outbox.record_result(*self._delivered_unrecorded[reference])
            del self._delivered_unrecorded[reference]
        self._housekeeping()
        delivered = failed = 0
        in_time = True
        if not self.paused:
            self._stopped = self._check_key()
            while not self._stopped and (in_time := self._clock() < end) and not stopping():
                entry = self._outbox.claim(self._mailer.before_body + _MARGIN)
                if entry is None:
                    break
                attempt = self._attempt(entry)
                delivered += attempt is not None and attempt.state is State.DELIVERED
                failed += attempt is not None and attempt.state is not State.DELIVERED
                if attempt and attempt.stage not in MESSAGE_SPECIFIC_STAGES:
                    self._stopped = attempt
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE) if self._stopped else 0.0
            self._resume_at = self._clock() + self._pause
        stage, code = (self._stopped.stage, self._stopped.code) if self._stopped else (None, None)
        self._outbox.log_drain(success=delivered > 0, stage=stage, code=code)
        return Drained(delivered=delivered, failed=failed, stopped=self._stopped, unfinished=not in_time)

    def _housekeeping(self) -> None:
        """Raise the alarms that are due, whatever the relay does, and let old tombstones go."""
        if count := self._outbox.park_crashing():
            events.alarm("parked", stage=Stage.CRASH, count=count)
        for age in reversed(ALARM_AGES):  # after a gap, the highest one speaks for all
            if count := self._outbox.overdue(age):
                events.alarm("overdue", age=age, count=count)
        self._outbox.purge()

    def _check_key(self) -> Attempt | None:
        try:
            self._keys.self_test(self._seal_key)
        except DecryptionError:
            events.alarm("key_missing", key_id=self._seal_key.id)
            return Attempt(state=State.QUEUED, stage=Stage.OPEN, code="key")
        return None

    def _attempt(self, entry: Entry) -> Attempt | None:
        """Send one entry and write down what came of it; None if it was no longer ours to send."""
        lease = self._mailer.from_body + _MARGIN
        try:
            wire = self._opened(entry)
            code = self._mailer.send(wire, entry.reference, lambda: self._outbox.renew_lease(entry, lease))
        except OutboxError:
            raise
        except LeaseLost:
            events.record("overtaken", reference=entry.reference)
            return None
        except Failure as failure:
            attempt = self._record_failure(entry, failure)
        except Exception as error:  # noqa: BLE001 - one bad entry must not stop the drain
            attempt = self._record_failure(entry, TemporaryFailure(Stage.PROGRAM, type(error).__name__))
        else:
            attempt = Attempt(state=State.DELIVERED, stage=Stage.DOT, code=code)
            self._delivered_unrecorded[entry.reference] = (entry, attempt)
            self._outbox.record_result(entry, attempt)
            del self._delivered_unrecorded[entry.reference]
            events.record("delivered", reference=entry.reference, attempts=entry.attempts)
        return attempt

    def _opened(self, entry: Entry) -> bytes:
        try:
            wire = self._keys.open(entry.sealed, entry.reference, entry.key_id)
            message.check(wire)
        except DecryptionError:
            raise TemporaryFailure(Stage.OPEN, "key") from None
        return wire

    def _record_failure(self, entry: Entry, failure: Failure) -> Attempt:
        attempt = next_attempt(failure, attempts=entry.attempts, refusals=entry.refusals, jitter=self._jitter())
        self._outbox.record_result(entry, attempt)
        parked = attempt.state is State.PARKED
        tell = events.alarm if failure.permanent or parked or failure.stage is Stage.TLS else events.record
        figures = {"stage": failure.stage.value, "code": failure.code, "attempts": entry.attempts}
        tell("parked" if parked else "failed", reference=entry.reference, **figures)
        return attempt
