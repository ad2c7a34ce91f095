"""Builds of 20, 200 and 1,000 generated pages, beside other generators: time, memory, and how they grow."""

import subprocess
import sys
from dataclasses import dataclass
from functools import partial

from bench import generators
from bench.generators import HUGO, MATERIAL, OUR_SITE, STARLIGHT, ZENSICAL, Job
from bench.measure import Figure, environ, in_turn, ratio
from bench.picture import lines
from bench.places import FOLDER, HERE, say
from bench.report import Section, Table

SIZES = (20, 200, 1_000)
_UNEQUAL = [
    (
        f"{OUR_SITE} is built whole, as `make site` does: its own pages (about fifty) beside the generated ones, forms in "
        "their slots, paper forms, the search index, unused files dropped, a brotli and a gzip twin of each text file."
    ),
    (
        f"{MATERIAL} (stock, with its search plugin) and {ZENSICAL} (its own default theme): the generated pages alone, "
        "nothing compressed."
    ),
    f"{HUGO} has no theme of its own: one layout of a few lines, nothing else; it writes a tenth of the bytes.",
    f"{STARLIGHT}: its default, with its own Pagefind index; nothing compressed; 1,000 pages take too long to be built here.",
    (
        "Processor time of all processes of a build, several cores at once counted together; "
        "memory is that of its largest process."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One build: processor seconds, seconds on the wall, MB of its largest process."""

    cpu: float
    wall: float
    memory: float


def measure(rounds: int) -> Section:
    """Build every size with every generator in turn, in fewer rounds than what takes less time."""
    section = Section(title="Build", unequal=_UNEQUAL, picture="build.svg")
    found: dict[tuple[str, int], list[Built]] = {}
    for size in SIZES:
        say(f"  builds of {size} pages ...")
        for names, times in _rounds(size, rounds).items():
            jobs = {name: generators.prepare(name, size) for name in names}
            found |= in_turn(times, {(name, size): partial(_built, name, job) for name, job in jobs.items()})
    rows = []
    for (name, size), builds in found.items():
        ours = found[OUR_SITE, size][: len(builds)]
        relative = ratio([one.cpu for one in ours], [one.cpu for one in builds])
        walls = ratio([one.wall for one in ours], [one.wall for one in builds])
        rows.append(
            [
                name,
                f"{size:,}",
                f"{Figure.of(one.cpu for one in builds).median:.1f} s",
                f"{Figure.of(one.wall for one in builds).median:.1f} s",
                f"{max(one.memory for one in builds):.0f} MB",
                relative.said(),
                walls.said(),
            ]
        )
        if name != OUR_SITE:
            section.figures[f"build of {size:,} pages / {name}, CPU"] = relative
            section.figures[f"build of {size:,} pages / {name}, wall"] = walls
    header = ["", "pages", "CPU", "wall", "memory", "ours ÷ it, CPU", "ours ÷ it, wall"]
    section.tables.append(Table(title="Time and memory", header=header, rows=rows))
    points = {
        name: [
            (size, Figure.of(one.cpu for one in found[name, size]).median) for size in SIZES if (name, size) in found
        ]
        for name in generators.names()
    }
    whole = rounds >= 3
    (HERE if whole else FOLDER).joinpath("build.svg").write_text(lines(points, "pages", "seconds of CPU"), "utf-8")
    return section


def _rounds(size: int, rounds: int) -> dict[tuple[str, ...], int]:
    """Say which generators build in turn, and how often: the whole benchmark has ten minutes."""
    everyone = tuple(generators.names())
    if size < SIZES[-1]:
        return {everyone: min(rounds, 3 if size == SIZES[0] else 2)}
    others = tuple(name for name in everyone if name not in {OUR_SITE, MATERIAL, STARLIGHT})
    return {(OUR_SITE, MATERIAL): min(rounds, 2), others: 1}


def _built(name: str, job: Job) -> Built:
    """Build once."""
    log = FOLDER / "build.log"
    command = [sys.executable, str(HERE / "once.py"), *job.command]
    with log.open("wb") as said:
        ran = subprocess.run(
            command, cwd=job.folder, env=environ(**job.environ), stdout=subprocess.PIPE, stderr=said, check=False
        )
    if ran.returncode or not (job.site / "index.html").exists():
        raise RuntimeError(f"{name} did not build: {log.read_text('utf-8')[-2000:]}{ran.stdout.decode()[-2000:]}")
    wall, cpu, memory = map(float, ran.stdout.split()[-3:])
    return Built(cpu=cpu, wall=wall, memory=memory)
