"""The table of OWASP ASVS requirements in handbook/asvs.md, made from a run of the tests that carry their ids.

`python -m tests.asvs` runs them and writes the table; a test in every full run sees that it is still true.
"""

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "handbook" / "asvs.md"
OPENING, CLOSING = "<!-- asvs: written by `make asvs` -->", "<!-- /asvs -->"
Facts: TypeAlias = Mapping[str, frozenset[tuple[str, str]]]
"""Requirement id to the facts that show it: the file of a test and its one sentence."""


def checks() -> dict[str, dict[str, str]]:
    """Read what must hold, by id, and why something is not shown by a test."""
    return tomllib.loads((ROOT / "tests" / "security" / "asvs.toml").read_text("utf-8"))


def facts_of(items: Iterable[pytest.Item]) -> Facts:
    """Gather what each id is shown by."""
    facts = defaultdict(set)
    for item in items:
        for marker in item.iter_markers("asvs"):
            sentence = " ".join((getattr(item, "function").__doc__ or "").split())  # noqa: B009 - a plain Item has none
            for each in marker.args:
                facts[each].add((item.path.relative_to(ROOT).as_posix(), sentence))
    return {each: frozenset(shown) for each, shown in facts.items()}


def problems(facts: Facts, known: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Name each requirement without a test or a reason, each with both, and each id that is in no list."""
    return [
        *(f"{each}: no test and no reason" for each in known if each not in facts and not known[each].get("reason")),
        *(f"{each}: a test and a reason why there is none" for each in facts if known.get(each, {}).get("reason")),
        *(f"{each}: not in asvs.toml" for each in facts if each not in known),
    ]


def table(facts: Facts, known: Mapping[str, Mapping[str, str]]) -> str:
    """Write the table: one requirement a line."""
    lines = ["| ASVS 5.0 | What must hold | Shown by |", "|---|---|---|"]
    for each, check in known.items():
        shown = "<br>".join(f"{sentence} (`{file}`)" for file, sentence in sorted(facts.get(each, ())))
        lines.append(f"| {each} | {check['holds']} | {(shown or check['reason']).replace('|', '&#124;')} |")
    return "\n".join(lines)


def written(paper: str, new: str) -> str:
    """Put a table between its marks."""
    before, rest = paper.split(OPENING)
    return f"{before}{OPENING}\n\n{new}\n\n{CLOSING}{rest.split(CLOSING)[1]}"


class _Run:
    """Remembers which tests passed."""

    def __init__(self) -> None:
        self.items: dict[str, pytest.Item] = {}
        self.passed: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take what will run."""
        self.items = {item.nodeid: item for item in session.items}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what came of it."""
        if report.when == "call" and report.passed:
            self.passed.add(report.nodeid)


def main() -> int:
    """Run what carries an id, and write the table; the exit code of the run if anything failed."""
    run = _Run()
    code = pytest.main(["-q", "-m", "asvs"], plugins=[run])
    facts = facts_of(item for name, item in run.items.items() if name in run.passed)
    wrong = problems(facts, checks())
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if code or wrong:
        return int(code) or 1
    PAPER.write_text(written(PAPER.read_text("utf-8"), table(facts, checks())), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
