"""A PostgreSQL server that is killed while everybody works with it, and started again."""

import contextlib
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field

from tests.engines import postgres_server

_PATIENCE = 60.0  # seconds until a server has to be back


@dataclass(slots=True, kw_only=True)
class Crashes:
    """Kills the server every so many seconds: with kill -9, or by an immediate stop; both are a crash to it."""

    every: float
    chance: random.Random
    next_at: float = field(default_factory=time.monotonic)
    down: list[tuple[float, float]] = field(default_factory=list)

    def spans(self, moment: float) -> bool:
        """Say whether the server was down at a moment, or about to be, so that no mark could be made."""
        return any(began - 1 <= moment <= ended + 1 for began, ended in self.down)

    def crash(self) -> None:
        """Kill the server if it is time to, and bring it back."""
        if not self.every or time.monotonic() < self.next_at:
            return
        server, began = postgres_server(), time.monotonic()
        process = server.get_postmaster_info().process
        backends = process.children(recursive=True)
        process.send_signal(self.chance.choice((signal.SIGKILL, signal.SIGQUIT)))
        for each in (process, *backends):  # those that are left see that their master is dead, and go
            each.wait(_PATIENCE)
        time.sleep(self.chance.uniform(0, 0.5))  # it stays away for a while
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(subprocess.SubprocessError, AssertionError):
                server.start()
                break
        self.down.append((began, time.monotonic()))
        self.next_at = time.monotonic() + self.chance.uniform(0.5, 1.5) * self.every
