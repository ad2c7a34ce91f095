"""The benchmark: each measurement runs on a tiny size, and a wrong answer stops it. No figure passes or fails by time."""

import mmap
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench import cold_start, delivery, form, report, servers, site_build
from bench.measure import Row, cpu_ms, interleave, memory_mb

BENCH = Path(__file__).resolve().parents[1] / "bench"
MEASUREMENTS: dict[str, Callable[[Path, int], list[Row]]] = {
    "form": partial(form.measure, seconds=0.01),
    "cold": cold_start.measure,
    "delivery": partial(delivery.measure, queued=20, seconds=0.01),
    "build": partial(site_build.measure, pages=3),
}


@pytest.fixture
def folder(tmp_path: Path, site: Path) -> Path:
    """Return a folder with the built site, as the benchmark uses it."""
    (tmp_path / "site").symlink_to(site)
    return tmp_path


@pytest.mark.slow("starts every peer, and installs them once")
@pytest.mark.parametrize("measure", MEASUREMENTS.values(), ids=MEASUREMENTS)
def test_each_measurement_runs(measure: Callable[[Path, int], list[Row]], folder: Path) -> None:
    """One round of each measurement yields one positive ratio to each peer that is there."""
    rows = measure(folder, 1)
    assert rows
    for row in rows:
        assert len(row.ratios) == ("not measured" not in row.ours)
        assert min(row.ratios, default=1) > 0


def test_a_wrong_answer_stops_a_measurement(folder: Path) -> None:
    """The control: a server that answers quickly, but with another status, is not measured."""
    service = servers.ours(folder, folder / "site", REFERRAL_CLOSED="yes")
    with servers.started(service, folder) as (port, _), pytest.raises(RuntimeError, match="instead of 303"):
        servers.send(service, port, servers.Work.ACCEPTED, 0)


def test_a_server_that_does_not_start_stops_a_measurement(folder: Path) -> None:
    """The control: a server that ends by itself is named."""
    service = servers.ours(folder, folder / "missing")
    with pytest.raises(RuntimeError, match="has ended; see"), servers.started(service, folder):
        pass


def test_rounds_are_interleaved_and_ratios_paired() -> None:
    """Every round starts with another job, and a ratio compares two results of the same round."""
    order: list[str] = []
    interleave(3, {name: partial(order.append, name) for name in "abc"})
    assert "".join(order) == "abcbcacab"
    assert Row.compare("work", [2, 8], "peer", [1, 2]).ratios == [2, 4]


def test_a_ratio_is_written_with_its_spread() -> None:
    """The report has the median of the rounds, the smallest, the largest, and the most it may be."""
    text = report.write([Row.compare("work, ms", [2, 8, 9], "peer", [1, 2, 3], 1.5)], 1)
    assert "| work, ms | 8 | peer | 3.00 (2.00 to 4.00) | 1.5 |" in text


def test_cpu_time_and_memory_are_read() -> None:
    """The CPU time of a process grows with its work, and its memory with what it holds."""
    before, held = cpu_ms(os.getpid()), memory_mb(os.getpid())
    with mmap.mmap(-1, 50_000_000) as kept:  # of the system, not of what this process has at hand
        kept.write(bytes(range(250)) * 200_000)
        assert cpu_ms(os.getpid()) > before
        assert memory_mb(os.getpid()) - held > len(kept) / 2e6


def test_the_lock_file_of_the_peers_names_no_index() -> None:
    """The peers are locked by hashes, without the address of an index."""
    text = (BENCH / "requirements.txt").read_text("utf-8")
    assert "://" not in text
    assert 0 < text.count("==") <= text.count("--hash=sha256:")
