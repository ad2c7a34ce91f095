"""The form over HTTP: CPU time of a page, of errors and of an accepted referral, and memory after all of them."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.measure import Row, cpu_ms, interleave, memory_mb
from bench.questions import write_form
from bench.servers import Server, Work, ours, peer, send, started

_PAGE, _ERRORS, _ACCEPTED = "GET of the form page, CPU ms", "POST with errors, CPU ms", "POST accepted, CPU ms"
_COMPARED = (  # with the most that the ratio may be
    (_PAGE, Work.PAGE, "Flask hello", Work.PAGE, None),
    (_ERRORS, Work.ERRORS, "Django", Work.ERRORS, 0.25),
    (_ERRORS, Work.ERRORS, "FastAPI", Work.ERRORS, None),
    (_ACCEPTED, Work.ACCEPTED, "Django", Work.ACCEPTED, 1.4),
    (_ACCEPTED, Work.ACCEPTED, "FastAPI", Work.ACCEPTED, None),
    (_ACCEPTED, Work.ACCEPTED, "Flask hello", Work.PAGE, None),
)


def measure(folder: Path, rounds: int, seconds: float = 0.4) -> list[Row]:
    """Send each kind of request to every server, for so many seconds in each round."""
    write_form(folder)
    modules = {"Flask hello": "flask_hello", "Django": "django_form", "FastAPI": "fastapi_form"}
    servers = {"ours": ours(folder, folder / "site")} | {name: peer(folder, modules[name]) for name in modules}
    works = {("ours", work): None for work in Work} | {(name, work): None for _, _, name, work, _ in _COMPARED}
    with ExitStack() as stack:
        running = {name: stack.enter_context(started(server, folder)) for name, server in servers.items()}
        jobs = {(name, work): partial(_cpu, servers[name], *running[name], work, seconds) for name, work in works}
        interleave(1, jobs)  # fills the caches
        found = interleave(rounds, jobs)
        memory = {name: [memory_mb(pid)] for name, (_, pid) in running.items()}
    rows = [
        Row.compare(title, found["ours", our], name, found[name, its], at_most)
        for title, our, name, its, at_most in _COMPARED
    ]
    return [*rows, Row.compare("memory after load, MB", memory["ours"], "Flask hello", memory["Flask hello"])]


def _cpu(server: Server, port: int, pid: int, work: Work, seconds: float) -> float:
    """Return the CPU milliseconds of one request."""
    before = cpu_ms(pid)
    count = send(server, port, work, seconds)
    return (cpu_ms(pid) - before) / count
