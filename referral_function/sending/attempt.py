"""One attempt to send a message: its stage, its failure, and the retry or parking that follows."""

from dataclasses import dataclass, replace
from enum import StrEnum

MAX_PERMANENT_REJECTIONS = 3  # 5xx replies to the final dot, then the entry is parked
REJECTION_DELAY = 20 * 60.0  # seconds
FIRST_BACK_OFF, MAX_BACK_OFF = 30.0, 60 * 60.0  # seconds


class State(StrEnum):
    """The state of an entry."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    PARKED = "parked"


class Stage(StrEnum):
    """The step at which an attempt ended."""

    VERIFY = "verify"  # the entry is not one of ours
    DECRYPT = "open"
    CONNECT = "connect"
    EHLO = "ehlo"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the reply to the command
    BODY = "body"
    DOT = "dot"  # the reply to the final dot
    PROGRAM = "program"  # an exception in our own code
    CRASH = "crash"
    BOUNCE = "bounce"  # after the delivery


_PASSING_CAUSES = frozenset({"closed", "timeout", "garbled", "unknown-host"})
MESSAGE_SPECIFIC_STAGES = frozenset({Stage.VERIFY, Stage.DECRYPT, Stage.BODY, Stage.DOT, Stage.PROGRAM})


class Failure(Exception):
    """An attempt failed at this stage; the code is an SMTP reply code or a word for the cause."""

    def __init__(self, stage: Stage, code: str) -> None:
        super().__init__(f"{stage}: {code}")
        self.stage = stage
        self.code = code


class TemporaryFailure(Failure):
    """A later attempt may succeed."""


class PermanentFailure(Failure):
    """A later attempt is not expected to succeed until somebody changes something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The result of one attempt, as `Outbox.record_result` stores it. The delay is in seconds from now."""

    state: State
    stage: Stage
    code: str
    delay: float = 0.0
    permanent_rejections: int = 0
    possibly_delivered: bool = False


def needs_operator(stage: str, code: str) -> bool:
    """Whether a drain that stopped here will stop again until somebody changes something, with us or at the relay."""
    return code.startswith("5") or (stage == Stage.TLS and code not in _PASSING_CAUSES and not code.startswith("4"))


def next_attempt(failure: Failure, *, attempts: int, permanent_rejections: int, jitter: float) -> Attempt:
    """Decide when to retry, or park the entry; its age never parks it. `jitter` is from 0 to 1."""
    stage, code, rejections = failure.stage, failure.code, permanent_rejections
    queued = Attempt(state=State.QUEUED, stage=stage, code=code, permanent_rejections=rejections)
    if not isinstance(failure, PermanentFailure):
        back_off = min(MAX_BACK_OFF, FIRST_BACK_OFF * 2 ** min(max(attempts - 1, 0), 20))
        unanswered = stage is Stage.DOT and not code.isdecimal()  # a relay that replied 4xx did not accept the message
        return replace(queued, delay=back_off * (0.5 + jitter / 2), possibly_delivered=unanswered)
    if stage is Stage.VERIFY:
        return replace(queued, state=State.PARKED)
    if stage is not Stage.DOT:
        return queued  # it concerns every entry: this one stays due
    state = State.PARKED if rejections + 1 >= MAX_PERMANENT_REJECTIONS else State.QUEUED
    return replace(queued, state=state, delay=REJECTION_DELAY, permanent_rejections=rejections + 1)
