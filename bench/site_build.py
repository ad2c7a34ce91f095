"""A build of many generated pages: our whole build beside stock Material for MkDocs and Zensical."""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.measure import Row, clean_environ, interleave
from bench.paths import ROOT

_TEXT: Final = (
    "Restorative Justice brings together people harmed by crime and the people responsible, if both of them choose it. "
    "It is voluntary, it is confidential, and nobody has to decide at once. A facilitator talks with each person first. "
)
_PEER_CONFIG: Final = "site_name: Generated pages\nsite_url: https://www.example.org/\ntheme:\n  name: material\n"
_OUR_BUILD: Final = (
    "import pathlib, website.build.site as site; site.build(pathlib.Path.cwd(), pathlib.Path.cwd() / 'site')"
)
_LEFT_OUT: Final = shutil.ignore_patterns(".*", "__pycache__", "bench", "node_modules", "site", "tests", "var")


def measure(folder: Path, rounds: int, pages: int = 1000) -> list[Row]:
    """Build with all three in each round; in two rounds at most, because one takes more than a minute."""
    python = sys.executable
    commands = {
        "ours": [python, "-c", _OUR_BUILD],
        "stock Material": [python, "-m", "mkdocs", "build", "--quiet"],
        "Zensical": [str(Path(python).with_name("zensical")), "build"],
    }
    jobs = {name: partial(_build, _project(folder / name, pages), commands[name]) for name in commands}
    found = interleave(min(rounds, 2), jobs)
    wall, cpu = ({name: [build[index] for build in builds] for name, builds in found.items()} for index in (0, 1))
    return [
        Row.compare(f"build of {pages:,} pages, {kind} s", seconds["ours"], name, seconds[name])
        for kind, seconds in {"wall": wall, "CPU": cpu}.items()
        for name in ("stock Material", "Zensical")
    ]


def _build(project: Path, command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds on the wall and of CPU of one build."""
    for left in ("site", ".cache"):  # Zensical would build from its cache
        shutil.rmtree(project / left, ignore_errors=True)
    cpu, wall = _children_cpu(), time.perf_counter()
    ran = subprocess.run(command, cwd=project, env=clean_environ(), capture_output=True, text=True, check=False)
    took = time.perf_counter() - wall, _children_cpu() - cpu
    if ran.returncode or not (project / "site" / "index.html").exists():
        raise RuntimeError(f"{project.name} did not build: {ran.stderr[-2000:]}{ran.stdout[-2000:]}")
    return took


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _project(project: Path, count: int) -> Path:
    """Write generated pages of about 400 words, in a copy of this project or in a new one of stock Material."""
    shutil.rmtree(project, ignore_errors=True)
    paths = [f"generated/{number // 50:02}/page-{number:04}.md" for number in range(count)]
    docs, config = project / "docs", project / "mkdocs.yml"
    if project.name == "ours":
        shutil.copytree(ROOT, project, ignore=_LEFT_OUT)
        entries = "".join(f"      - {path}\n" for path in paths)
        text = config.read_text("utf-8").replace("\nnav:\n", f"\nnav:\n  - Generated:\n{entries}", 1)
    else:
        paths, text = ["index.md", *paths], _PEER_CONFIG
        docs.mkdir(parents=True)
    config.write_text(text, "utf-8")
    for path in paths:
        front = f"title: Page {path}\ndescription: The generated page {path}.\nlast_reviewed: 2026-11-23\n"
        parts = "".join(f"## Part {part} of {path}\n\n{_TEXT * 2}\n\n" for part in range(4))
        table = f"- one\n- **two**\n\n| Left | Right |\n| --- | --- |\n| {path} | b |\n"
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_text(f"---\n{front}---\n\n# Page {path}\n\n{parts}{table}", "utf-8")
    return project
