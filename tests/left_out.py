"""pytest plugin: list, at the end of a run, the marked tests that `-m` deselected, with the reason of each kind.

`@pytest.mark.slow("why")` and `@pytest.mark.needs("program")` give the reasons; workers of pytest-xdist send theirs up.
"""

from collections import Counter
from typing import Any

import pytest

_COUNTS = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start with nothing left out."""
    config.stash[_COUNTS] = Counter()


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count each deselected test under its reasons."""
    for item in items:
        reasons = [str(mark.args[0]) for mark in item.iter_markers("slow")]
        programs = sorted({name for mark in item.iter_markers("needs") for name in mark.args})
        reasons += [f"needs {', '.join(programs)}"] if programs else []
        if reasons:
            item.config.stash[_COUNTS]["; ".join(reasons)] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the counts of a worker to the controller."""
    counts = session.config.stash[_COUNTS]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(counts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the counts of a worker: each has collected the same tests."""
    counts: dict[str, int] = getattr(node, "workeroutput", {}).get("left_out", {})
    node.config.stash[_COUNTS] = Counter(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was left out."""
    counts = config.stash[_COUNTS]
    if counts:
        terminalreporter.section(f"{counts.total()} tests left to make check")
        for reason, count in sorted(counts.items()):
            terminalreporter.write_line(f"{count:4} {reason}")
