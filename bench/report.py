"""The report: one table of ratios, what makes a comparison unequal, and the machine."""

import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.measure import Row

_TEMPLATE: Final = """\
# The benchmark

Written by `make bench` on {today:%d %B %Y}, on {machine}, {seconds:.0f} seconds.
No test passes or fails by it.

Each ratio is ours ÷ the peer's: the median of paired, interleaved rounds, with the smallest and the largest in brackets.
Times of servers are CPU time, because other work may share the machine; the load at the end was {load}.

| Work | Ours | Peer | Ours ÷ peer | At most |
| --- | ---: | --- | ---: | ---: |
{table}

## What is not equal

- **Flask hello** answers a GET with eleven bytes: the least that our framework can do, and no form.
- **Django** renders the same questions into the same page. It stores JSON in SQLite (WAL, FULL): no rules between answers, no criteria, no letter, no encryption, no search for a repeat, no review token.
- **FastAPI** stores JSON in the same way, and answers errors with JSON instead of a page.
- Flask hello and Django are served by waitress, FastAPI by uvicorn; the client has four kept connections.
- **Cold start** is the CPU time from the first import to the end of the first answer; the start of Python itself is left out. Modules are compiled before.
- **Memory** is the proportional set size of a server after its last round, measured once.
- **Claim** compares our outbox with itself; PostgreSQL runs on the same machine with its defaults.
- **smtp-source** speaks plain text over one kept connection and stores nothing; `drain` starts, decrypts, speaks TLS and commits each delivery. Both send to the same Postfix, timed on the wall.
- **Build**: ours is the whole site with the generated pages, form, paper forms, search index and compressed twins; stock Material (with its search) and Zensical build the generated pages alone and compress nothing. CPU counts all processes, on every core.
"""


def write(rows: Sequence[Row], seconds: float) -> str:
    """Return the report as Markdown."""
    cpus = [line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name")]
    machine = f"{len(cpus)} cores ({cpus[0].partition(': ')[2]}), Python {platform.python_version()}"
    load = Path("/proc/loadavg").read_text("utf-8").split()[0]
    table = "\n".join(_line(row) for row in rows)
    return _TEMPLATE.format(today=datetime.now(UTC), machine=machine, seconds=seconds, load=load, table=table)


def _line(row: Row) -> str:
    ratio = f"{statistics.median(row.ratios):.2f}" if row.ratios else "–"
    spread = f" ({min(row.ratios):.2f} to {max(row.ratios):.2f})" if len(row.ratios) > 1 else ""
    return f"| {row.work} | {row.ours} | {row.peer} | {ratio}{spread} | {row.at_most or ''} |"
