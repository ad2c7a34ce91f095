"""Slow clients and odd requests: whoever dawdles is let go, and everybody else is answered meanwhile."""

import contextlib
import os
import re
import selectors
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from referral_function.commands import gathering
from referral_function.commands.gathering import LONGEST_HEAD, Gathering, Request
from referral_function.web import LONGEST_BODY

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer with what was posted."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body) + 1))])
    return [b"=" + body]


class App(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """gunicorn's own view of the application, with two threads."""

    def load_config(self) -> None:
        """Set what a test needs."""
        self.cfg.set("threads", 2)
        self.cfg.set("graceful_timeout", 3)

    def load(self) -> Any:
        """Give the application."""
        return echo


class Server:
    """A worker in a thread of this process."""

    def __init__(self, kind: type) -> None:
        app = App()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.worker = kind(0, os.getppid(), [self.listener], app, 30, app.cfg, Logger(app.cfg))
        self.worker.wsgi = app.wsgi()
        self.worker.tpool, self.worker.poller = self.worker.get_thread_pool(), selectors.DefaultSelector()
        self.worker.method_queue.init()
        self.thread = threading.Thread(target=self.worker.run)
        self.clients: list[socket.socket] = []

    def connects(self, data: bytes = b"") -> socket.socket:
        """Open a connection and send something."""
        client = socket.create_connection(self.listener.getsockname(), timeout=20)
        self.clients.append(client)
        client.sendall(data)
        return client

    def stop(self) -> None:
        """End everything."""
        self.worker.alive = False
        for client in self.clients:
            client.close()
        self.thread.join(30)
        self.worker.tmp.close()


@contextlib.contextmanager
def running(kind: type) -> Iterator[Server]:
    """Run a worker."""
    server = Server(kind)
    server.thread.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    """Run our worker."""
    with running(Gathering) as one:
        yield one


def answer(client: socket.socket, end: bytes) -> bytes:
    """Read until an end, or until the connection is closed."""
    received = b""
    while not received.endswith(end) and (more := client.recv(4096)):
        received += more
    return received


@pytest.mark.asvs("15.4.4", "15.2.2", "13.1.3")
def test_who_dawdles_holds_nobody_up(server: Server) -> None:
    """With two threads, forty clients that stop in the middle of a head or a body leave an honest one served at once."""
    for number in range(40):
        server.connects(POST[:-2] if number % 2 else WHOLE[:-2])
    for _ in range(3):
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")


def test_without_gathering_they_do() -> None:
    """The control: gunicorn's own worker is held up by as many dawdlers as it has threads."""
    with running(ThreadWorker) as server:
        for _ in range(4):
            server.connects(WHOLE[:-2])
        honest = server.connects(POST)
        honest.settimeout(1)
        with pytest.raises(TimeoutError):
            honest.recv(1)


@pytest.mark.parametrize("whole", [WHOLE, POST, CHUNKED], ids=["GET", "POST", "chunked"])
def test_a_request_may_come_byte_by_byte_and_twice(server: Server, whole: bytes) -> None:
    """However it is cut, a request is answered when it is whole, also on a kept connection and when two come at once."""
    end = b"=" if whole is WHOLE else b"=hello"
    client = server.connects()
    for byte in whole[:-1]:
        client.sendall(bytes([byte]))
    client.sendall(whole[-1:])
    assert answer(client, end).endswith(end)
    client.sendall(whole + whole)
    assert answer(client, end).endswith(end)


@pytest.mark.parametrize("sent", [b"", WHOLE[:-2], POST[:-2]], ids=["nothing", "half a head", "half a body"])
def test_who_is_late_is_let_go(server: Server, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """When the time to send a request is over, the connection is closed."""
    monkeypatch.setattr(gathering, "HEAD_IN", 0.1)
    monkeypatch.setattr(gathering, "BODY_IN", 0.1)
    assert answer(server.connects(sent), b"never") == b""


def test_who_leaves_is_forgotten(server: Server) -> None:
    """A connection that is closed or reset in the middle is no longer counted."""
    server.connects(WHOLE[:-2]).close()
    reset = server.connects(WHOLE[:-2])
    reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    reset.close()
    last = server.connects(WHOLE)
    assert answer(last, b"=").endswith(b"=")
    last.close()
    for _ in range(100):
        if server.worker.nr_conns <= 1:
            break
        server.worker.method_queue.defer(lambda: None)
        threading.Event().wait(0.05)
    assert server.worker.nr_conns <= 1


def test_nothing_to_read_is_no_end(server: Server) -> None:
    """A wake-up without a byte changes nothing."""

    class Silent:
        def recv(self, _size: int) -> bytes:
            raise BlockingIOError

    class Conn:
        sock = Silent()

    request = Request(Conn(), b"", 0.0)
    server.worker._readable(request, None)  # noqa: SLF001 - what the loop calls
    assert request.data == b""


@pytest.mark.asvs("15.2.2")
@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"x" * LONGEST_HEAD, False),
        (b"x" * (LONGEST_HEAD + 1), True),
        (WHOLE[:-1], False),
        (WHOLE, True),
        (POST[:-1], False),
        (POST, True),
        (CHUNKED[:-1], False),
        (CHUNKED, True),
        (re.sub(b": 5", f": {LONGEST_BODY}".encode(), POST), False),
        (re.sub(b": 5", f": {LONGEST_BODY + 1}".encode(), POST), True),
        (re.sub(b": 5", b": 5x", POST), True),
    ],
)
def test_when_a_request_is_whole(data: bytes, whole: bool) -> None:  # noqa: FBT001 - a table
    """A head is awaited up to its limit, a body as long as it says; what will be refused anyway is handed over at once."""
    request = Request(None, data, 0.0)
    assert request.is_whole() is whole
    assert request.is_whole() is whole


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
    ],
    ids=["length and chunks", "two lengths", "odd coding", "odd length", "odd header", "nonsense"],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused(server: Server, request_: bytes) -> None:
    """What a proxy and we could split differently gets one refusal and the end of the connection."""
    received = answer(server.connects(request_), b"never")
    assert received.count(b"HTTP/1.1 ") == 1
    assert re.match(rb"HTTP/1.1 (4|501)", received)
