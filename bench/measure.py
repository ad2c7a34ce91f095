"""What every measurement shares: figures of paired rounds, the processor time and the memory of other processes."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_K = TypeVar("_K")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The median of some rounds, with the smallest and the largest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Figure":
        """Take the median of some values; there must be one at least."""
        found = sorted(values)
        return cls(median=statistics.median(found), low=found[0], high=found[-1])

    def said(self, digits: int = 2) -> str:
        """Write the median and the spread."""
        if self.low == self.high:
            return f"{self.median:,.{digits}f}"
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f} to {self.high:,.{digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """Compare two that were measured in turn, round by round: what slowed a round slowed both."""
    return Figure.of(one / other for one, other in zip(ours, theirs, strict=True))


def in_turn(rounds: int, work: Mapping[_K, Callable[[], _T]]) -> dict[_K, list[_T]]:
    """Do all of some work in every round, each time beginning with another."""
    names = list(work)
    found: dict[_K, list[_T]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(work[name]())
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Add up the processor time of processes, their threads that have ended included."""
    clocks = [(~pid << 3) | 2 for pid in pids]  # CPUCLOCK_SCHED of a process, as clock_getcpuclockid(3) makes it
    return sum(time.clock_gettime(clock) for clock in clocks)


def family(pid: int) -> list[int]:
    """Give a process and all its descendants."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text("ascii").split())
    return found


def pss(pids: Iterable[int]) -> float:
    """Add up the memory of processes in MB; what several share counts once (proportional set size)."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def environ(**more: str) -> dict[str, str]:
    """Give the environment of every process that is measured: compiled modules are kept, as on any machine."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    found = {name: value for name, value in os.environ.items() if name not in dropped}
    return {name: value for name, value in found.items() if not name.startswith("REFERRAL_")} | more
