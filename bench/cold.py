"""A cold start: a new process imports its application and answers its first request."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.measure import Figure, environ, in_turn, ratio
from bench.places import FOLDER, HERE, OURS, ROOT, VENV, python_peers, say
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
        of_all, imports = [one[0] for one in seconds], [one[1] for one in seconds]
        relative = [ratio([one[0] for one in took[f"{OUR_FORM}, {kind}"]], of_all) for kind in ("sent", "errors")]
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
    return section


def _starts() -> dict[str, Start]:
    settings = our_settings() | {"REFERRAL_OUTBOX": f"sqlite:///{FOLDER / 'cold.db'}"}
    ours, peer = Ours(name=OUR_FORM, command=()), Peer(name="", command=())
    at = "referral_function.wsgi:application"
    found = {
        f"{OUR_FORM}, sent": Start(
            python=str(OURS), application=at, first=partial(ours.request, ACCEPTED), status=303, environ=settings
        ),
        f"{OUR_FORM}, errors": Start(
            python=str(OURS), application=at, first=partial(ours.request, ERRORS), status=422, environ=settings
        ),
        HELLO: Start(
            python=str(OURS),
            application="bench.peers.flask_hello:application",
            first=partial(peer.request, GET),
            status=200,
        ),
    }
    others: Sequence[tuple[str, str, str]] = [(WIDGETS, str(OURS), "wtforms_widgets")]
    if not python_peers():
        theirs = str(VENV / "python")
        others = [*others, (DJANGO, theirs, "django_form"), (FASTAPI, theirs, "fastapi_form")]
    for name, python, module in others:
        first = partial(Peer(name=name, command=()).request, ACCEPTED)
        at = f"bench.peers.{module}:application"
        found[name] = Start(python=python, application=at, first=first, status=303)
    return found


def _start(name: str, start: Start) -> tuple[float, float]:
    """Start once and give the processor seconds to the end of the first answer, and those of the imports."""
    path = FOLDER / "first.http"
    path.write_bytes(start.first())
    command = [start.python, str(HERE / "first.py"), start.application, str(path)]
    more = {"BENCH_FOLDER": str(FOLDER), "PYTHONPATH": str(ROOT)} | dict(start.environ)
    ran = subprocess.run(command, cwd=ROOT, env=environ(**more), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{name} did not start: {ran.stderr[-2000:]}")
    status, whole, imports = json.loads(ran.stdout.splitlines()[-1])
    if status != start.status:
        raise RuntimeError(f"{name} answered {status} instead of {start.status}.")
    return whole, imports
