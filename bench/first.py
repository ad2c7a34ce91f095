"""Runs in each process of a cold start: import an application, give it one request, say what that took.

Where there are more requests in the file, it answers them too, and says how much memory it holds after that.
"""

# ruff: noqa: E402 - nothing is imported before the clock is read
import time

began = time.process_time()

import sys

name, _, attribute = sys.argv[1].partition(":")
__import__(name)
application = getattr(sys.modules[name], attribute)
imported = time.process_time()

import io
from urllib.parse import urlsplit


def environ(raw: bytes) -> dict[str, object]:
    """Make the environment of a WSGI server from the bytes of a request."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _version = first.split()
    found: dict[str, object] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": urlsplit(target).path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for line in lines:
        key, _, value = line.partition(": ")
        key = key.upper().replace("-", "_")
        found[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return found


def over_wsgi(raw: bytes) -> int:
    """Answer as a WSGI server would, and give the status."""
    statuses: list[str] = []
    b"".join(application(environ(raw), lambda status, _headers: statuses.append(status)))
    return int(statuses[0].split()[0])


async def over_asgi(raw: bytes) -> int:
    """Answer as an ASGI server would, and give the status."""
    known = environ(raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    pairs = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
    statuses = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        statuses.append(message.get("status"))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": known["REQUEST_METHOD"],
        "path": known["PATH_INFO"],
        "raw_path": b"/",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.lower(), value) for name, _, value in pairs],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await application(scope, receive, send)
    return int(str(statuses[0]))


first, *more = open(sys.argv[2], "rb").read().split(b"\0")  # noqa: SIM115, PTH123 - one import less in what is measured
if "fastapi" in sys.modules:
    import asyncio


def answer(raw: bytes) -> int:
    """Give one request to the application."""
    return asyncio.run(over_asgi(raw)) if "fastapi" in sys.modules else over_wsgi(raw)


answered = answer(first)
took = time.process_time() - began
for each in more:
    answer(each)
with open("/proc/self/smaps_rollup", encoding="ascii") as rollup:  # noqa: PTH123 - the same
    held = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
print([answered, took, imported - began, held / 1024])
