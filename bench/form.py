"""The form: a page, errors, an accepted referral; ours beside the same questions in other frameworks."""

import contextlib
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bench import client
from bench.measure import Figure, cpu_seconds, in_turn, pss, ratio
from bench.places import FOLDER, say
from bench.report import Section, Table
from bench.servers import ACCEPTED, DEFRA, ERRORS, GET, HELLO, OUR_FORM, Peer, peers, started

_SHARE = 0.4  # seconds of each server and kind of work in a round
_SEALED = 6000  # bytes of one sealed referral, about
_FLOOR = "the floor: write and fsync of as many bytes"
_UNEQUAL = [
    (
        f"{OUR_FORM}: waitress as `serve` runs it; a page is a file with a brotli twin; what is accepted is "
        "written as a letter, sealed and committed; no thread delivers."
    ),
    "Flask hello answers eleven bytes from one address; it is the least that our framework can do, and no form.",
    (
        "WTForms’ widgets and Django render the same questions into the same page, and store JSON in SQLite (WAL, FULL): not "
        "written as a letter, not sealed, not looked up as a repeat, not judged by criteria, no token of a review."
    ),
    "FastAPI answers a GET with the ready page as text, and errors with JSON, not a page; it stores JSON as above.",
    (
        f"{DEFRA} (2.1.7: newer ones could not be installed where this was measured): all questions on one page, a "
        "session in memory instead of Redis; an accepted page is kept in that session, **not durably**; the page around the "
        "form is GOV.UK's template."
    ),
    (
        f"The client is a Python program on the same machine with {client.CONNECTIONS} connections; its own time is in p50, "
        "p99 and requests a second, and not in the processor time."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One round of one kind of work at one server: processor seconds of a request, and how long each took."""

    cpu: float
    took: Sequence[float]


Samples: TypeAlias = dict[tuple[str, str], list[Sample]]


def measure(rounds: int) -> Section:
    """Ask every server for every kind of work in turn, for about as long each."""
    section = Section(title="Form", unequal=_UNEQUAL)
    with contextlib.ExitStack() as stack:
        running = [(peer, *stack.enter_context(started(peer))) for peer in peers()]
        jobs = {}
        for peer, port, pids in running:
            for work in peer.works:
                client.send(port, peer.requests(work, 16), peer.statuses[work])  # caches fill; a wrong answer shows
                took = statistics.mean(client.send(port, peer.requests(work, 16), peer.statuses[work]))
                count = min(max(int(_SHARE * client.CONNECTIONS / took), 40), 1000)
                jobs[peer.name, work] = partial(_ask, peer, port, pids, work, count)
        memory = {peer.name: [pss(pids)] for peer, _port, pids in running}
        say(f"  {rounds} rounds of {len(jobs)} kinds of work at {len(running)} servers ...")
        jobs[_FLOOR, ACCEPTED] = partial(_floor, 200)
        found = in_turn(rounds, jobs)
        for peer, _port, pids in running:
            memory[peer.name] += [pss(pids), pss(pids[-1:])]
    for work in (GET, ERRORS, ACCEPTED):
        _compare(section, found, work)
    _remember(section, memory)
    return section


def _ask(peer: Peer, port: int, pids: list[int], work: str, count: int) -> Sample:
    requests = peer.requests(work, count)
    before = cpu_seconds(pids)
    took = client.send(port, requests, peer.statuses[work])
    return Sample(cpu=(cpu_seconds(pids) - before) / count, took=took)


def _floor(count: int) -> Sample:
    """Write as many bytes as a sealed referral has, durably, so many times."""
    took, sealed = [], os.urandom(_SEALED)
    handle = os.open(FOLDER / "floor", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    before = time.process_time()
    for _ in range(count):
        began = time.perf_counter()
        os.write(handle, sealed)
        os.fsync(handle)
        took.append(time.perf_counter() - began)
    cpu = time.process_time() - before
    os.close(handle)
    return Sample(cpu=cpu / count, took=took)


def _compare(section: Section, found: Samples, work: str) -> None:
    """Write one table, and the ratios of ours to each peer."""
    rounds = {name: samples for (name, done), samples in found.items() if done == work}
    rounds[HELLO] = found[HELLO, GET]
    cpu = {name: [sample.cpu for sample in samples] for name, samples in rounds.items()}
    rows = []
    for name, samples in rounds.items():
        took = [second for sample in samples for second in sample.took]
        at_once = 1 if name == _FLOOR else client.CONNECTIONS
        rows.append(
            [
                name,
                f"{Figure.of(cpu[name]).median * 1000:.2f} ms",
                ratio(cpu[OUR_FORM], cpu[name]).said(),
                *(f"{_percentile(took, share) * 1000:.1f} ms" for share in (50, 99)),
                f"{at_once / statistics.mean(took):,.0f}",
            ]
        )
        if name not in {OUR_FORM, _FLOOR}:
            section.figures[f"{work} / {name}"] = ratio(cpu[OUR_FORM], cpu[name])
    header = ["", "CPU per request", "ours ÷ it", "p50", "p99", "requests a second"]
    section.tables.append(Table(title=work, header=header, rows=rows))


def _remember(section: Section, memory: dict[str, list[float]]) -> None:
    """Write the table of memory."""
    ours = memory[OUR_FORM]
    rows = [
        [name, *(f"{size:.0f} MB" for size in sizes), f"{ours[1] / sizes[1]:.2f}", f"{ours[2] / sizes[2]:.2f}"]
        for name, sizes in memory.items()
    ]
    for name, sizes in memory.items():
        if name != OUR_FORM:
            section.figures[f"memory of the whole server / {name}"] = Figure.of([ours[1] / sizes[1]])
    header = ["", "first answers given", "after load", "its worker alone", "ours ÷ it", "ours ÷ it, worker alone"]
    section.tables.append(Table(title="Memory (PSS of all processes of a server)", header=header, rows=rows))


def _percentile(values: Sequence[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]
