"""The report: the figures to reach with what was measured, then every table, what is not equal, and where we lose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.measure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the report."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one part of the benchmark found.

    `figures` are ratios of ours to a peer by the name of the two, and `unequal` says what makes a comparison unfair.
    """

    title: str
    tables: list[Table] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    unequal: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One row of the figures to reach: the name of each figure, and the most that it may be."""

    work: str
    figures: Mapping[str, float]
    unit: str = "×"


TARGETS: Final = (
    Target(work="GET of a form page, served by `serve`", figures={"GET of the form page / Flask hello": 1.15}),
    Target(
        work="POST with errors",
        figures={"POST with errors / Flask, WTForms’ widgets": 0.3, "POST with errors / Django": 0.15},
    ),
    Target(
        work="POST accepted, durable and sealed",
        figures={"POST accepted, durable / Flask hello": 9, "POST accepted, durable / Django": 0.9},
    ),
    Target(
        work="cold start, import and first POST",
        figures={"cold start, errors / Flask hello": 1.4, "cold start, sent / Flask hello": 1.4},
    ),
    Target(work="memory after load (PSS, one process)", figures={"memory after load / Flask hello": 1.6}),
    Target(
        work="claim with 100,000 queued",
        figures={"claim on SQLite, 100,000 / 10 queued": 1.5, "claim on PostgreSQL, 100,000 / 10 queued": 1.5},
    ),
    Target(
        work="build, 1,000 pages",
        figures={"build of 1,000 pages / Material, wall": 0.35, "build of 1,000 pages / Material, CPU": 0.35},
    ),
    Target(work="home page, first view", figures={"home page in kB": 18}, unit="kB"),
    Target(work="home page, first view, beside stock Material", figures={"home page / Material": 0.15}),
)
REACHED, MISSED, UNKNOWN = "reached", "**missed**", "not measured"


def verdict(measured: Figure | None, most: float) -> str:
    """Say whether a figure was reached; the median counts."""
    if measured is None:
        return UNKNOWN
    return REACHED if measured.median <= most else MISSED


def write(sections: Sequence[Section], machine: Sequence[str], profiles: str) -> str:
    """Write the report as Markdown."""
    figures = {name: figure for section in sections for name, figure in section.figures.items()}
    parts = [
        "# The benchmark",
        (
            "Written by `make bench`; it never passes or fails by time.\n"
            "Figures are medians of paired rounds, with the smallest and the largest in brackets; "
            "in each round everything is measured once, beginning with another one each time, and a ratio compares the two "
            "within one round.\n"
            "Times of servers are processor time of all their processes, because the machine is shared."
        ),
        "## Figures to reach",
        _table(["Work", "At most", "Measured", ""], _targets(figures)),
        profiles.strip(),
        "## The machine and the commands",
        _list(machine),
        "## What could not be had",
        _list([line for section in sections for line in section.missing] or ["Every peer could be had."]),
        "## Where we lose",
        _list(_lost(figures) or ["Nowhere, against these peers."]),
    ]
    for section in sections:
        if section.tables:
            parts.append(f"## {section.title}")
        for table in section.tables:
            parts += [f"### {table.title}", _table(table.header, table.rows)]
        if section.picture:
            parts.append(f"![{section.title}]({section.picture})")
        if section.unequal:
            parts += ["### What is not equal", _list(section.unequal)]
    return "\n\n".join(parts) + "\n"


def _targets(figures: Mapping[str, Figure]) -> Iterable[Sequence[str]]:
    for target in TARGETS:
        for name, most in target.figures.items():
            found = figures.get(name)
            said = found.said() if found else "–"
            yield target.work, f"{most:g} {target.unit}: {name}", said, verdict(found, most)


def _lost(figures: Mapping[str, Figure]) -> list[str]:
    wins = {name: figure for name, figure in figures.items() if " / " in name and "queued" not in name}
    return [f"{name}: {figure.said()} ×" for name, figure in wins.items() if figure.median > 1]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
