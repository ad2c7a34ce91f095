"""Cold start: CPU time of a new process that imports its application and answers one request."""

import json
import subprocess
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Row, clean_environ, interleave
from bench.paths import ROOT
from bench.servers import Server, Work, ours, peer


def measure(folder: Path, rounds: int) -> list[Row]:
    """Start our service with a POST of either kind, and Flask hello with a GET."""
    with TemporaryDirectory() as outbox:
        service, hello = ours(Path(outbox), folder / "site"), peer(folder, "flask_hello")
        starts = {"errors": (service, Work.ERRORS), "sent": (service, Work.ACCEPTED), "hello": (hello, Work.PAGE)}
        jobs = {name: partial(_start, *start) for name, start in starts.items()}
        interleave(1, jobs)  # compiles the modules
        found = interleave(rounds, jobs)
    titles = {kind: f"cold start to the first answer ({kind}), CPU ms" for kind in ("errors", "sent")}
    return [Row.compare(title, found[kind], "Flask hello", found["hello"], 1.5) for kind, title in titles.items()]


def _start(server: Server, work: Work) -> float:
    command = [server.command[0], "bench/first_request.py", server.module, json.dumps(server.request(work))]
    environ = clean_environ(**{"PYTHONPATH": str(ROOT), **server.environ})
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True)
    status, seconds = json.loads(ran.stdout)
    if status != work.value:
        raise RuntimeError(f"{server.module}, {work.name}: {status} instead of {work.value}")
    return float(seconds) * 1000
