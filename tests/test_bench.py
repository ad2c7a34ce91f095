"""The benchmark: its report is whole, and its measures can fail. No figure here passes or fails by time."""

import http.server
import mmap
import os
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bench import client, servers
from bench.generators import HUGO, MATERIAL, STARLIGHT, ZENSICAL
from bench.measure import Figure, cpu_seconds, in_turn, pss, ratio
from bench.pages import GOVUK
from bench.picture import lines
from bench.report import MISSED, REACHED, TARGETS, UNKNOWN, Section, Table, verdict, write

BENCH = Path(__file__).resolve().parents[1] / "bench"
REPORT = (BENCH / "REPORT.md").read_text("utf-8")
PEERS = (
    *(servers.HELLO, servers.WIDGETS, servers.DJANGO, servers.FASTAPI, servers.DEFRA),
    *(MATERIAL, ZENSICAL, HUGO, STARLIGHT, GOVUK, "smtp-source", "Lighthouse"),
)
FIGURES: Mapping[str, Figure] = {name: Figure.of([most]) for target in TARGETS for name, most in target.figures.items()}


def rows(report: str) -> dict[str, str]:
    """Give the verdict on each figure to reach."""
    found = re.findall(
        r"^\| [^|]+ \| \S+ \S+ ([^|]+) \| [^|]+ \| ([^|]+) \|$", report.partition("\n## The machine")[0], re.MULTILINE
    )
    return dict(found)


def unexplained(report: str) -> list[str]:
    """Name every missed work that has no note below the table."""
    missed = re.findall(rf"^\| ([^|]+) \|.*\| {re.escape(MISSED)} \|$", report, re.MULTILINE)
    return [work for work in missed if f"\n### {work}\n" not in report]


def a_report(figures: Mapping[str, Figure]) -> str:
    """Write the report of an invented run."""
    table = Table(title="Some", header=["", "ratio"], rows=[["a peer", "2.00"]])
    section = Section(title="Invented", tables=[table], figures=dict(figures), missing=["A peer: none here."])
    return write([section], ["An invented machine."], "")


def test_the_report_has_every_row() -> None:
    """Each figure to reach stands in the committed report with a verdict, and none was left out of the run."""
    found = rows(REPORT)
    assert found.keys() == FIGURES.keys()
    assert set(found.values()) <= {REACHED, MISSED}


def test_what_is_missed_is_explained() -> None:
    """Each missed figure has a note with its profile, and the report carries the notes as they are now."""
    assert unexplained(REPORT) == []
    assert (BENCH / "profiles.md").read_text("utf-8").strip() in REPORT


def test_a_row_that_is_not_there_is_caught() -> None:
    """The control: a figure that was not measured, one that is missed, and one without a note are all seen."""
    whole = a_report(FIGURES)
    assert set(rows(whole).values()) == {REACHED}
    name, figure = next(iter(FIGURES.items()))
    left = a_report({known: value for known, value in FIGURES.items() if known != name})
    assert rows(left)[name] == UNKNOWN
    over = a_report({**FIGURES, name: Figure.of([figure.median * 2])})
    assert rows(over)[name] == MISSED
    assert unexplained(over) == [TARGETS[0].work]


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_is_named(name: str) -> None:
    """Each peer stands in the report, measured or with the reason why it could not be had."""
    assert name in REPORT


def test_what_could_not_be_had_is_named() -> None:
    """A peer that is missing is a line of the report, and where we lose is said."""
    report = a_report({"work / a peer": Figure.of([1.2, 1.5, 1.1])})
    assert "A peer: none here." in report
    assert "- work / a peer: 1.20 (1.10 to 1.50) ×" in report


def test_a_figure_is_judged_by_its_median() -> None:
    """At the bound is reached, above it is missed, and nothing is not measured."""
    assert verdict(Figure.of([1.15]), 1.15) == REACHED
    assert verdict(Figure.of([1.1, 1.16, 9]), 1.15) == MISSED
    assert verdict(None, 1.15) == UNKNOWN


def test_rounds_are_paired() -> None:
    """Every round begins with another, and a ratio compares within a round."""
    seen: list[str] = []
    work = {name: (lambda name=name: seen.append(name)) for name in "abc"}
    in_turn(3, work)
    assert "".join(seen) == "abcbcacab"
    assert ratio([2, 8], [1, 2]) == Figure(median=3, low=2, high=4)


def test_processor_time_and_memory_are_read() -> None:
    """The processor time of a process grows with its work, and its memory with what it holds."""
    before, held = cpu_seconds([os.getpid()]), pss([os.getpid()])
    with mmap.mmap(-1, 50_000_000) as kept:  # of the system, not of what this process has at hand
        kept.write(bytes(range(250)) * 200_000)
        assert cpu_seconds([os.getpid()]) > before
        assert pss([os.getpid()]) - held > len(kept) / 2e6


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """Run a server that has nothing."""

    class Nothing(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_wrong_answer_stops_a_measure(elsewhere: int) -> None:
    """The control: a server that answers quickly, and wrongly, is not measured."""
    asked = [client.request("GET", "/")] * 8
    assert len(client.send(elsewhere, asked, 404)) == 8
    with pytest.raises(client.WrongAnswer, match="404 instead of 200"):
        client.send(elsewhere, asked, 200)


def test_growth_is_drawn() -> None:
    """The picture has a line and a name for each generator, none upon another."""
    drawn = lines({"a": [(20, 1), (200, 3)], "b <": [(20, 1), (200, 3)]}, "pages", "seconds")
    assert drawn.count('fill="none"') == 2
    assert "b &lt;" in drawn
    assert len(set(re.findall(r'<text x="\d+" y="(\d+)" fill="#', drawn))) == 2


def test_no_lock_file_of_the_benchmark_names_an_index() -> None:
    """What is installed for the benchmark is locked by hashes, without the address of an index."""
    python, npm = ((BENCH / name).read_text("utf-8") for name in ("requirements.txt", "package-lock.json"))
    assert "://" not in python
    assert python.count("==") <= python.count("--hash=sha256:")
    assert '"resolved"' not in npm
    assert npm.count('"integrity"') > 500


@pytest.mark.parametrize("path", sorted(BENCH.glob("*.py")) + sorted(BENCH.glob("peers/*")), ids=lambda path: path.name)
def test_a_module_of_the_benchmark_can_be_read_at_once(path: Path) -> None:
    """No module has more than 200 lines."""
    assert path.is_dir() or len(path.read_text("utf-8").splitlines()) <= 200
