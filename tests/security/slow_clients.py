"""Slow clients of several kinds, hundreds at once, and how long an honest client waits beside them.

`python -m tests.security.slow_clients` starts `serve`, and prints the figures of SECURITY.md (about four minutes).
"""

import contextlib
import http.client
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from referral_function.asking.questions import Route
from referral_function.sending.encryption import keygen
from tests.examples import a_referral
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATH = f"/referral/{Route.MYSELF.slug}/"
FORM = urlencode(a_referral(Route.MYSELF) | {"action": "review"}, doseq=True).encode()
_HEAD = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()
_LARGE = b"action=review&summary=" + b"'" * 100_000  # comes back as a page of 500 kB
KINDS = {
    "idle": b"",
    "slow head": _HEAD + b"X: ",
    "slow body": _HEAD + b"Content-Length: 100000\r\n\r\naction=",
    "slow reader": _HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(_LARGE), _LARGE),
}
Address = tuple[str, int]


class SlowClients:
    """Connections that send one byte, or read 2 kB, each second; use it in a `with`."""

    def __init__(self, address: Address, counts: dict[str, int], pause: float = 1.0) -> None:
        """Take how many of each of KINDS."""
        self._address, self._pause, self._over = address, pause, threading.Event()
        self._counts = counts
        self.open: dict[socket.socket, str] = {}
        self._thread = threading.Thread(target=self._dawdle)

    def __enter__(self) -> Self:
        raise_open_files(sum(self._counts.values()) + 200)
        for kind, count in self._counts.items():
            for _ in range(count):
                client = socket.socket()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.settimeout(60)
                client.connect(self._address)
                client.sendall(KINDS[kind])
                client.setblocking(False)  # noqa: FBT003 - as the library has it
                self.open[client] = kind
        readers = [client for client, kind in self.open.items() if kind == "slow reader"]
        self._thread.start()
        for client in readers:
            _wait_readable(client)  # the answer is made; what is measured is that it is not read
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for client in self.open:
            client.close()

    def _dawdle(self) -> None:
        while not self._over.wait(self._pause):
            for client, kind in list(self.open.items()):
                try:
                    if kind == "slow reader" and not client.recv(2048):
                        raise ConnectionResetError
                    if kind in {"slow head", "slow body"}:
                        client.send(b"x")
                except BlockingIOError:
                    continue
                except OSError:
                    client.close()
                    del self.open[client]


def _wait_readable(client: socket.socket) -> None:
    poll = select.poll()
    poll.register(client, select.POLLIN)
    if not poll.poll(120_000):
        raise TimeoutError


def raise_open_files(count: int) -> None:
    """Let this process have so many files and connections open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def posts(address: Address, body: bytes = FORM, timeout: float = 120, **headers: str) -> int:
    """Post a form as an honest client does, on a connection of its own; return the status."""
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=timeout)) as connection:
        known = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", PATH, body, known | headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def one_byte_chunks(size: int) -> bytes:
    """Return a post of so many bytes on the wire, in chunks of one byte."""
    return _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (size // 6) + b"0\r\n\r\n"


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[tuple[Address, int]]:
    """Run `serve` on the site that `make site` built; yield its address and the id of its process."""
    public, private = keygen()
    port = free_port()
    settings = {
        "REFERRAL_RELAY": "smtp://localhost:9",
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": f"sqlite:///{folder / 'outbox.db'}",
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": "an invented secret of the tests 0123456789",
        "REFERRAL_SITE": str(ROOT / "site"),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
        "REFERRAL_DRAIN": "off",
        "REFERRAL_LIMIT": "off",
    }
    command = [sys.executable, "-m", "referral_function", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | settings, cwd=ROOT, process_group=0)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        posts(("127.0.0.1", port))
        yield ("127.0.0.1", port), process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *map(int, children)]


def _cpu_seconds(pid: int) -> float:
    return sum(time.clock_gettime((~each << 3) | 2) for each in _family(pid))


def memory(pid: int) -> float:
    """Return the resident memory in MB."""
    return sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) * 4096 / 1e6 for each in _family(pid))


def _latencies(address: Address, count: int = 20) -> str:
    taken = []
    for _ in range(count + 1):
        began = time.perf_counter()
        try:
            posts(address, timeout=20)
        except OSError as error:
            return f"NOT ANSWERED: {error}"
        taken.append(time.perf_counter() - began)
        time.sleep(0.2)
    first, *more = taken
    return f"at once {first:.3f} s, then median {sorted(more)[count // 2]:.3f} s, longest {max(more):.3f} s"


def _with_slow_clients(counts: dict[str, int]) -> str:
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as (address, pid):
        began = time.perf_counter()
        with SlowClients(address, counts) as slow:
            opened, before, at = time.perf_counter() - began, _cpu_seconds(pid), time.perf_counter()
            said = _latencies(address)
            rate = (_cpu_seconds(pid) - before) / (time.perf_counter() - at)
            return f"opened in {opened:.1f} s, {len(slow.open)} still open; honest POST {said}; {rate:.2f} cores"


def _chunks() -> str:
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as (address, pid):
        before, began = _cpu_seconds(pid), time.perf_counter()
        client = socket.create_connection(address, timeout=600)
        sender = threading.Thread(target=client.sendall, args=(one_byte_chunks(1_000_000),))
        sender.start()
        time.sleep(0.1)
        beside = _latencies(address, 1)
        with contextlib.suppress(OSError):
            client.recv(1)
        sender.join()
        taken = time.perf_counter() - began
        return f"{_cpu_seconds(pid) - before:.1f} s of processor, {taken:.1f} s by the clock; honest POST {beside}"


def _unfinished(count: int, size: int) -> str:
    """Leave posts without their last byte."""
    head = _HEAD + b"Content-Length: %d\r\n\r\n" % (size + 1)
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder)) as (address, pid),
        contextlib.ExitStack() as all_,
    ):
        before = memory(pid)
        for _ in range(count):
            client = all_.enter_context(socket.create_connection(address, timeout=60))
            client.sendall(head + b"x" * size)
        time.sleep(2)
        said = _latencies(address)
        held = memory(pid) - before
        return f"{held:.0f} MB more than {before:.0f} MB, {held / count:.2f} MB each; honest POST {said}"


def main() -> int:
    """Measure, and print a line each."""
    kinds = [kind for kind in KINDS if kind != "idle"]
    tasks: dict[str, Callable[[], str]] = {
        "a megabyte in chunks of one byte": _chunks,
        "400 unfinished posts of 1 MB": lambda: _unfinished(400, 1024 * 1024 - 2),
        "900 clients of three kinds": lambda: _with_slow_clients(dict.fromkeys(kinds, 300)),
        "2,000 idle": lambda: _with_slow_clients({"idle": 2000}),
        "2,000 slow bodies": lambda: _with_slow_clients({"slow body": 2000}),
        "2,000 of three kinds": lambda: _with_slow_clients(dict.fromkeys(kinds, 667)),
        "16 slow readers": lambda: _with_slow_clients({"slow reader": 16}),
    }
    wanted = sys.argv[1:]
    for name, task in tasks.items():
        if not wanted or any(word in name for word in wanted):
            sys.stdout.write(json.dumps({name: task()}) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
