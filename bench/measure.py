"""Shared by every measurement: interleaved rounds, paired ratios, CPU time and memory of other processes."""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

_K = TypeVar("_K")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the report: a measurement of ours, and its ratio to a peer's in each round."""

    work: str
    ours: str
    peer: str
    ratios: Sequence[float] = ()
    at_most: float | None = None

    @classmethod
    def compare(
        cls, work: str, ours: Sequence[float], peer: str, theirs: Sequence[float], at_most: float | None = None
    ) -> Self:
        """Pair two measurements round by round, so that what slowed a round slowed both. The unit ends `work`."""
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        return cls(work=work, ours=f"{statistics.median(ours):.3g}", peer=peer, ratios=ratios, at_most=at_most)


def interleave(rounds: int, jobs: Mapping[_K, Callable[[], _T]]) -> dict[_K, list[_T]]:
    """Run every job once in each round; each round starts with another job."""
    names = list(jobs)
    results: dict[_K, list[_T]] = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            results[name].append(jobs[name]())
    return results


def cpu_ms(pid: int) -> float:
    """Return the CPU time of a process in milliseconds, its ended threads included."""
    return time.clock_gettime((~pid << 3) | 2) * 1000  # CPUCLOCK_SCHED, as clock_getcpuclockid(3) makes it


def memory_mb(pid: int) -> float:
    """Return the proportional set size of a process in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def clean_environ(**more: str) -> dict[str, str]:
    """Return the environment of a measured process: it keeps compiled modules, and no setting of ours leaks in."""
    dropped = ("REFERRAL_", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | more
