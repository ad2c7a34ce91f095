"""`python -m bench`: measure everything side by side, and write the report."""

import argparse
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import cold, delivery, form, growth, pages, places, questions
from bench.places import FOLDER, HERE, ROOT, say
from bench.report import Section, write
from website.build.site import build

PARTS: Final[dict[str, Callable[[int], Section]]] = {
    "pages": pages.measure,
    "build": growth.measure,
    "form": form.measure,
    "cold": cold.measure,
    "delivery": delivery.measure,
}


def main() -> int:
    """Measure what is asked for; only a whole run is kept as `bench/REPORT.md`."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", help=f"what to measure, of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=9, help="how often everything is measured (default: %(default)s)")
    arguments = parser.parse_args()
    chosen = arguments.parts or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"There is no part called {unknown[0]}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = [f"{names}: {reason}." for names, reason in places.missing().items()]
    for leftover in [*FOLDER.glob("*.db*")]:
        leftover.unlink()
    build(ROOT, FOLDER / "site")
    questions.write(FOLDER / "site", FOLDER)
    began, found = time.monotonic(), [Section(title="Peers", missing=missing)]
    for name in chosen:
        say(f"Measuring: {name}")
        found.append(PARTS[name](arguments.rounds))
        say(f"  after {time.monotonic() - began:.0f} seconds")
    path = FOLDER / "REPORT.md" if arguments.parts else HERE / "REPORT.md"
    profiles = (HERE / "profiles.md").read_text("utf-8")
    path.write_text(write(found, _machine(time.monotonic() - began), profiles), "utf-8")
    say(f"Written: {path.relative_to(ROOT)}")
    return 0


def _machine(seconds: float) -> list[str]:
    cores = Path("/proc/cpuinfo").read_text("utf-8").count("processor\t")
    model = next(
        line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name")
    )
    memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) // 1024**2
    load = Path("/proc/loadavg").read_text("utf-8").split()[0]
    return [
        f"{platform.platform()}, {cores} cores ({model.partition(': ')[2]}), {memory} GiB, Python {platform.python_version()}.",
        f"{datetime.now(UTC):%d %B %Y}, `make bench`, {seconds:.0f} seconds; load at its end {load}: other work shares it.",
    ]


if __name__ == "__main__":
    sys.exit(main())
