"""One try to send a message: how far it came, how it failed, and what follows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

REFUSALS = 3  # 5xx replies to the final dot, after which an entry is parked
AFTER_REFUSAL = 20 * 60.0  # seconds
FIRST_BACK_OFF, LONGEST_BACK_OFF = 30.0, 60 * 60.0  # seconds


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


MESSAGE_SPECIFIC_STAGES = frozenset({Stage.OPEN, Stage.BODY, Stage.DOT, Stage.PROGRAM})


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
class Attempt:
    """What came of one try, as `record_result` writes it down. The delay counts from now, in seconds."""

    state: State
    stage: Stage
    code: str
    delay: float = 0.0
    refusals: int = 0
    maybe_sent: bool = False


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
