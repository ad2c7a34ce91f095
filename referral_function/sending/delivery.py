"""Delivery from the outbox to the relay: claim, send and record the result, until nothing is due."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from referral_function import events
from referral_function.sending import message
from referral_function.sending.attempt import (
    MESSAGE_SPECIFIC_STAGES,
    Attempt,
    Failure,
    PermanentFailure,
    Stage,
    State,
    TemporaryFailure,
    next_attempt,
)
from referral_function.sending.encryption import DecryptionError, PrivateKeys, PublicKey, entry_mac, is_ours
from referral_function.sending.entry import Entry, KeptCopy, OutboxError
from referral_function.sending.letter import SUBJECT_WORDS
from referral_function.sending.mailer import LeaseLost, Mailer
from referral_function.sending.outbox import ALARM_AGES, Outbox

_SUBJECT_WORDS = ("", *SUBJECT_WORDS.values())  # the first of `send-test`, and of the release 0.1.0
_ALARMING_STAGES = (Stage.TLS, Stage.DECRYPT)  # also where the next try may succeed
_FIRST_PAUSE, _MAX_PAUSE = 30.0, 15 * 60.0  # seconds, after a drain that was stopped
_LEASE_MARGIN = 20.0  # seconds by which a lease outlasts the timeouts of what it covers


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """The result of one drain."""

    delivered: int = 0
    failed: int = 0
    stopped: Attempt | None = None
    unfinished: bool = False  # the time was over first


@dataclass(slots=True, kw_only=True)
class Delivery:
    """Delivers what is due, one message at a time."""

    outbox: Outbox
    private_keys: PrivateKeys
    public_key: PublicKey
    secret: bytes
    sender: str
    inbox: str
    mailer: Mailer
    figures_age: float  # seconds after which counters are erased
    keep_key: PublicKey | None  # the manager's; None where what is delivered is erased at once
    keep_days: int
    clock: Callable[[], float]  # monotonic, in seconds
    jitter: Callable[[], float]  # from 0 to 1
    _draining: Lock = field(init=False, default_factory=Lock)
    _delivered_unrecorded: dict[str, tuple[Entry, Attempt, KeptCopy | None]] = field(init=False, default_factory=dict)
    _stopped: Attempt | None = field(init=False, default=None)
    _pause: float = field(init=False, default=0.0)
    _resume_at: float = field(init=False, default=-math.inf)

    @property
    def paused(self) -> bool:
        """Whether the last drain was stopped so recently that an accept need not start another."""
        return self.clock() < self._resume_at

    def drain(self, seconds: float, stopping: Callable[[], bool] = lambda: False) -> Drained | None:
        """Deliver until nothing is due, the seconds are over or `stopping` is true; None if another drain is running.

        Raises OutboxError.
        """
        if not self._draining.acquire(blocking=False):
            return None
        try:
            with self.outbox.drain_lock() as acquired:
                return self._drain(self.clock() + seconds, stopping) if acquired else None
        finally:
            self.mailer.close()
            self._draining.release()

    def _drain(self, end: float, stopping: Callable[[], bool]) -> Drained:
        self._record_deliveries()
        self._housekeeping()
        states: list[State] = []
        in_time = True
        if not self.paused:
            self._stopped = self._check_key()
            while not self._stopped and (in_time := self.clock() < end) and not stopping():
                entry = self.outbox.claim(self.mailer.before_body_timeout + _LEASE_MARGIN)
                if entry is None:
                    break
                attempt = self._attempt(entry)
                if attempt:
                    states.append(attempt.state)
                    self._stopped = None if attempt.stage in MESSAGE_SPECIFIC_STAGES else attempt
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _MAX_PAUSE) if self._stopped else 0.0
            self._resume_at = self.clock() + self._pause
        delivered = states.count(State.DELIVERED)
        stage, code = (self._stopped.stage, self._stopped.code) if self._stopped else (None, None)
        self.outbox.log_drain(success=delivered > 0, stage=stage, code=code)
        return Drained(
            delivered=delivered, failed=len(states) - delivered, stopped=self._stopped, unfinished=not in_time
        )

    def _housekeeping(self) -> None:
        """Park, alarm and purge, even while deliveries are paused."""
        if count := self.outbox.park_crashing():
            events.alarm("parked", stage=Stage.CRASH, count=count)
        for age in reversed(ALARM_AGES):  # an entry that passed several since the last drain alarms for the highest
            if count := self.outbox.overdue(age):
                events.alarm("overdue", age=age, count=count)
        self.outbox.purge()
        self.outbox.erase_counters(self.figures_age)

    def _check_key(self) -> Attempt | None:
        try:
            self.private_keys.self_test(self.public_key)
        except DecryptionError:
            events.alarm("key_missing", key_id=self.public_key.id)
            return Attempt(state=State.QUEUED, stage=Stage.DECRYPT, code="key")
        return None

    def _attempt(self, entry: Entry) -> Attempt | None:
        """Send one entry and record the result; None if its lease was lost before the message was sent."""
        lease = self.mailer.body_timeout + _LEASE_MARGIN
        try:
            wire = self._verify_and_decrypt(entry)
            copy = self._kept_copy(wire, entry.reference)
            code = self.mailer.send(wire, message.envelope_id(wire), lambda: self.outbox.renew_lease(entry, lease))
        except OutboxError:
            raise
        except LeaseLost:
            events.record("overtaken", reference=entry.reference)
            return None
        except Failure as failure:
            return self._record_failure(entry, failure)
        except Exception as error:  # noqa: BLE001 - one bad entry must not stop the drain
            return self._record_failure(entry, TemporaryFailure(Stage.PROGRAM, type(error).__name__))
        attempt = Attempt(state=State.DELIVERED, stage=Stage.DOT, code=code)
        self._delivered_unrecorded[entry.reference] = (entry, attempt, copy)
        self._record_deliveries()
        events.record("delivered", reference=entry.reference, attempts=entry.attempts)
        return attempt

    def _verify_and_decrypt(self, entry: Entry) -> bytes:
        """Return the message, if we made it."""
        if not is_ours(entry, self.secret):
            raise PermanentFailure(Stage.VERIFY, "mac")
        try:
            wire = self.private_keys.decrypt(entry.ciphertext, entry.reference, entry.key_id)
        except DecryptionError:
            raise TemporaryFailure(Stage.DECRYPT, "key") from None
        accepted_at = datetime.fromtimestamp(entry.created_at, UTC)
        names = {"sender": self.sender, "inbox": self.inbox}
        if not message.has_our_head(
            wire, entry.reference, accepted_at=accepted_at, subject_words=_SUBJECT_WORDS, **names
        ):
            raise PermanentFailure(Stage.VERIFY, "head")
        message.check(wire)
        return wire

    def _kept_copy(self, wire: bytes, reference: str) -> KeptCopy | None:
        """Encrypt a copy in case the message bounces; the private key is not on this machine."""
        if self.keep_key is None:
            return None
        ciphertext, key_id = self.keep_key.encrypt(wire, reference), self.keep_key.id
        mac = entry_mac(self.secret, reference=reference, key_id=key_id, ciphertext=ciphertext)
        seconds = self.keep_days * 24 * 60 * 60.0
        return KeptCopy(reference=reference, key_id=key_id, mac=mac, ciphertext=ciphertext, seconds=seconds)

    def _record_deliveries(self) -> None:
        """Record deliveries, first those that the outbox did not answer to last time."""
        for reference, (entry, attempt, copy) in list(self._delivered_unrecorded.items()):
            self.outbox.record_result(entry, attempt, copy)
            del self._delivered_unrecorded[reference]

    def _record_failure(self, entry: Entry, failure: Failure) -> Attempt:
        rejections = entry.permanent_rejections
        attempt = next_attempt(failure, attempts=entry.attempts, permanent_rejections=rejections, jitter=self.jitter())
        self.outbox.record_result(entry, attempt)
        parked = attempt.state is State.PARKED
        alarming = parked or isinstance(failure, PermanentFailure) or failure.stage in _ALARMING_STAGES
        log = events.alarm if alarming else events.record
        fields = {"stage": failure.stage.value, "code": failure.code, "attempts": entry.attempts}
        log("parked" if parked else "failed", reference=entry.reference, **fields)
        return attempt
