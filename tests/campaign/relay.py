"""A relay that fails in every way it can, at random, and remembers what it answered."""

import random
import re
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dev.postfix import Postfix
from tests.campaign.crashes import Crashes
from tests.smtp_server import DROP, HANG, STORE_AND_DROP, SmtpServer, SmtpSession

_FAULTS: dict[str, tuple[tuple[float, str], ...]] = {  # at each stage, how often and what
    "banner": ((0.02, "421"), (0.01, DROP), (0.002, HANG)),
    "ehlo": ((0.005, DROP), (0.002, HANG)),
    "handshake": ((0.01, DROP),),
    "mail": ((0.004, "451"), (0.002, "421"), (0.002, DROP)),
    "rcpt": ((0.004, "450"), (0.002, "550"), (0.001, HANG)),
    "data": ((0.003, "451"), (0.001, "554"), (0.001, DROP)),
    "body": ((0.004, DROP), (0.001, HANG)),
    "dot": ((0.01, "451"), (0.01, "452"), (0.006, "554"), (0.004, DROP), (0.006, STORE_AND_DROP), (0.001, HANG)),
}
_REFERENCE = re.compile(rb"^Message-ID: <(([^.@]+)\.[^@]+)@", re.MULTILINE)


@dataclass(slots=True)
class Copy:
    """One copy that the relay has kept."""

    reference: str
    digest: int
    answered: bool  # it said 250
    name: str  # what a report of its delivery would call it
    heard_on: bool = False  # and heard the next command on the same connection, so the answer had arrived
    at: float = field(default_factory=time.monotonic)


class FaultyRelay(SmtpServer):
    """An SMTP server that fails at random, until it is calmed."""

    def __init__(self, *, seed: int, **how: object) -> None:
        super().__init__(**how)  # type: ignore[arg-type] # arguments of SmtpServer
        self.chance = random.Random(seed)  # noqa: S311 - faults, not secrets
        self.calm = False
        self.copies: list[Copy] = []
        self.counts: dict[str, int] = {}
        self.guard = threading.Lock()

    def next_answer(self, stage: str) -> str:
        """Draw what happens at a stage."""
        answer = super().next_answer(stage)
        if self.calm or stage not in _FAULTS:
            return answer
        with self.guard:
            drawn = self.chance.random()
            for share, fault in _FAULTS[stage]:
                drawn -= share
                if drawn < 0:
                    self.counts[f"{stage} {fault}"] = self.counts.get(f"{stage} {fault}", 0) + 1
                    return fault
        return answer

    def restart(self) -> None:
        """Nothing: it fails enough."""

    def all_copies(self) -> list[Copy]:
        """Return every copy in the order of arrival."""
        return self.copies

    def outside(self, repeats: Mapping[str, Sequence[Copy]], crashes: Crashes, _kills: int) -> int:
        """Count repeats of which an earlier copy was answered, the answer heard, and the storage there: the mark could be made."""
        marked = [
            [each.answered and each.heard_on and not crashes.spans(each.at) for each in found[:-1]]
            for found in repeats.values()
        ]
        return sum(any(each) for each in marked)

    def session(self, connection: socket.socket) -> "SmtpSession":
        """Serve one connection, and take note."""
        return _RecordedSession(self, connection)


class _RecordedSession(SmtpSession):
    server: FaultyRelay
    last: Copy | None = None

    def keep(self, wire: bytes, answer: str) -> None:
        """Remember a copy by its reference and a digest: a campaign has no room for the messages."""
        found = _REFERENCE.search(wire)
        assert found
        self.last = Copy(found[2].decode(), hash(wire), answered=answer == "250", name=found[1].decode())
        self.server.copies.append(self.last)

    def command(self, line: str) -> None:
        """Take note that the client has heard our last answer."""
        if self.last:
            self.last.heard_on = True
        super().command(line)

    def note(self, received: bytes) -> None:
        """Keep no bytes: there are too many."""


@dataclass(slots=True, kw_only=True)
class RestartedPostfix(Postfix):
    """A real Postfix whose only fault is that it is aborted and started again."""

    calm: bool = False
    restarts: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How often it was restarted."""
        return {"restart": self.restarts}

    def restart(self) -> None:
        """Abort it in whatever it does, and start it again."""
        self.stop()
        self.start()
        self.restarts += 1

    def all_copies(self) -> list[Copy]:
        """Wait until it has delivered all, and return every copy: our headers, without those that it put in front."""
        before, found = -1, self.messages()
        while before != len(found) or any((self.folder / "queue" / "active").rglob("*")):
            before = len(found)
            time.sleep(1)
            found = self.messages()
        wires = [b"From: " + wire.partition(b"\nFrom: ")[2] for wire in found]
        names = [_REFERENCE.search(wire) for wire in wires]
        return [
            Copy(found[2].decode(), hash(wire), answered=True, name=found[1].decode())
            for found, wire in zip(names, wires, strict=True)
            if found
        ]

    def outside(self, repeats: Mapping[str, Sequence[Copy]], crashes: Crashes, kills: int) -> int:
        """Count the repeats that are more than one for each kill of a drain and two (there are two) for each restart or crash."""
        extra = sum(len(found) - 1 for found in repeats.values())
        return max(0, extra - kills - 2 * (self.restarts + len(crashes.down)))
