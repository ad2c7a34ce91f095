"""A cold start: a new process imports its application and answers its first request; and what one process holds."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.measure import Figure, environ, in_turn, ratio
from bench.places import FOLDER, HERE, ROOT, SAME_SITE, VENV, python_peers, say
from bench.report import Section, Table
from bench.servers import (
    ACCEPTED,
    DJANGO,
    ERRORS,
    FASTAPI,
    GET,
    HELLO,
    OUR_FORM,
    WIDGETS,
    Ours,
    Peer,
    our_settings,
)

_LOAD = 100
_UNEQUAL = [
    "Compiled modules are kept for all peers, and our templates are compiled when the site is published, as on a host.",
    (
        "What is counted is processor time from the first import to the end of the first answer, in a process that has only "
        "started Python; the start of Python itself is the same for all and left out."
    ),
    "Flask hello answers a GET; each of the others a POST of the same referral.",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One way to start: which Python, which application, and its first request."""

    python: str
    application: str
    first: Callable[[], bytes]  # a new referral each time: a repeat is not stored again
    status: int
    environ: Mapping[str, str] = field(default_factory=dict)
    load: Sequence[Callable[[], bytes]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What a start took: processor seconds to the end of the first answer, those of the imports, MB held at the end."""

    whole: float
    imports: float
    held: float


def measure(rounds: int) -> Section:
    """Start every application in turn, in a process of its own."""
    section = Section(title="Cold start", unequal=_UNEQUAL)
    found = {name: partial(_start, name, start) for name, start in _starts().items()}
    for start in found.values():
        start()  # modules are compiled
    say(f"  {rounds} rounds of {len(found)} starts ...")
    took = in_turn(rounds, found)
    rows = []
    for name, seconds in took.items():
        of_all, imports = [one.whole for one in seconds], [one.imports for one in seconds]
        relative = [ratio([one.whole for one in took[f"{OUR_FORM}, {kind}"]], of_all) for kind in ("sent", "errors")]
        rows.append(
            [
                name,
                f"{Figure.of(of_all).median * 1000:.0f} ms",
                f"{Figure.of(imports).median * 1000:.0f} ms",
                *(figure.said() for figure in relative),
            ]
        )
        if not name.startswith(OUR_FORM):
            section.figures[f"cold start, sent / {name}"] = relative[0]
            section.figures[f"cold start, errors / {name}"] = relative[1]
    header = ["", "CPU to the first answer", "of it imports", "ours, sent ÷ it", "ours, errors ÷ it"]
    section.tables.append(Table(title="Import and first POST", header=header, rows=rows))
    _remember(section)
    return section


def _remember(section: Section) -> None:
    """Let one process of each application answer many requests, and see what it holds then."""
    say(f"  {_LOAD} requests to one process of each ...")
    held = {name: _start(name, start, load=_LOAD).held for name, start in _starts().items()}
    ours = held[f"{OUR_FORM}, sent"]
    rows = [[name, f"{memory:.0f} MB", f"{ours / memory:.2f}"] for name, memory in held.items()]
    for name, memory in held.items():
        if not name.startswith(OUR_FORM):
            section.figures[f"memory after load / {name}"] = Figure.of([ours / memory])
    title = f"Memory of one process after {_LOAD} requests of each kind (PSS)"
    section.tables.append(Table(title=title, header=["", "PSS", "ours ÷ it"], rows=rows))


def _starts() -> dict[str, Start]:
    settings = our_settings() | {"REFERRAL_OUTBOX": f"sqlite:///{FOLDER / 'cold.db'}"}
    ours, peer = Ours(name=OUR_FORM, command=()), Peer(name="", command=())
    every = [partial(ours.request, work) for work in (GET, ERRORS, ACCEPTED)]
    at = "referral_function.wsgi:application"
    known: dict[str, Any] = {"python": str(SAME_SITE), "application": at, "environ": settings, "load": every}
    found = {
        f"{OUR_FORM}, sent": Start(first=partial(ours.request, ACCEPTED), status=303, **known),
        f"{OUR_FORM}, errors": Start(first=partial(ours.request, ERRORS), status=422, **known),
    }
    hello = partial(peer.request, GET)
    at = "bench.peers.flask_hello:application"
    found[HELLO] = Start(python=str(SAME_SITE), application=at, first=hello, status=200, load=[hello])
    others: Sequence[tuple[str, str, str]] = [(WIDGETS, str(SAME_SITE), "wtforms_widgets")]
    if not python_peers():
        theirs = str(VENV / "python")
        others = [*others, (DJANGO, theirs, "django_form"), (FASTAPI, theirs, "fastapi_form")]
    for name, python, module in others:
        first, *load = (
            partial(Peer(name=name, command=()).request, work) for work in (ACCEPTED, GET, ERRORS, ACCEPTED)
        )
        at = f"bench.peers.{module}:application"
        found[name] = Start(python=python, application=at, first=first, status=303, load=load)
    return found


def _start(name: str, start: Start, load: int = 0) -> Started:
    """Start once, and let it answer more requests after its first."""
    path = FOLDER / "first.http"
    path.write_bytes(b"\0".join([start.first(), *(each() for each in start.load for _ in range(load))]))
    command = [start.python, str(HERE / "first.py"), start.application, str(path)]
    more = {"BENCH_FOLDER": str(FOLDER), "PYTHONPATH": str(ROOT)} | dict(start.environ)
    ran = subprocess.run(command, cwd=ROOT, env=environ(**more), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{name} did not start: {ran.stderr[-2000:]}")
    status, whole, imports, held = json.loads(ran.stdout.splitlines()[-1])
    if status != start.status:
        raise RuntimeError(f"{name} answered {status} instead of {start.status}.")
    return Started(whole=whole, imports=imports, held=held)
