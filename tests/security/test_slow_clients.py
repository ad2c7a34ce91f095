"""Slow clients: whoever dawdles is let go, and everybody else is answered meanwhile."""

import socket
import threading
from collections.abc import Iterator

import pytest
from gunicorn.workers.gthread import ThreadWorker

from referral_function.commands import arriving, gathering
from referral_function.commands.arriving import Request
from referral_function.commands.gathering import Gathering
from tests.security.worker import CHUNKED, POST, WHOLE, Server, answer, running


@pytest.fixture
def server() -> Iterator[Server]:
    """Run our worker."""
    with running(Gathering) as one:
        yield one


@pytest.mark.asvs("15.4.4", "15.2.2", "13.1.3")
def test_who_dawdles_holds_nobody_up(server: Server) -> None:
    """With two threads, forty clients that stop in the middle of a head or a body leave an honest one served at once."""
    for number in range(40):
        server.connects(POST[:-2] if number % 2 else WHOLE[:-2])
    for _ in range(3):
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "begun",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff0\r\na=b0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na=b0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0000000100000\r\n\r\na=b",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\na=b",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
    ids=["an end inside a chunk", "an end of a chunk", "a long length", "another coding", "a coding of nothing"],
)
def test_no_thread_waits_for_a_body(server: Server, begun: bytes) -> None:
    """What only looks whole holds no thread, however many send it and stop."""
    for _ in range(6):
        server.connects(begun)
    honest = server.connects(POST)
    honest.settimeout(2)
    assert answer(honest, b"=hello").startswith(b"HTTP/1.1 200")


def test_nobody_waits_for_who_has_been_answered(server: Server) -> None:
    """A client that has its answer and does not close keeps nobody waiting, and is let go after a while."""
    last = WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    waiting = [server.connects(last) for _ in range(6)]
    assert [answer(each, b"=")[-1:] for each in waiting] == 6 * [b"="]
    honest = server.connects(POST)
    honest.settimeout(1)
    assert answer(honest, b"=hello").startswith(b"HTTP/1.1 200")
    for _ in range(100):
        if server.worker.nr_conns <= 1:
            break
        threading.Event().wait(0.1)
    assert server.worker.nr_conns <= 1


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
    monkeypatch.setattr(arriving, "HEAD_IN", 0.1)
    monkeypatch.setattr(arriving, "BODY_IN", 0.1)
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


def test_a_body_may_follow_later() -> None:
    """A request of which the head is there is whole when its body is."""
    request = Request(None, POST[:-2], 0.0)
    assert not request.is_whole()
    request.data += POST[-2:]
    assert request.is_whole()


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


def test_who_wants_more_than_was_gathered_does_not_wait() -> None:
    """A thread that reads on where nothing more was gathered gets an error at once, not the client's next byte."""
    with pytest.raises(TimeoutError):
        gathering._no_more()  # noqa: SLF001 - what a parser reads from


def test_an_answered_client_may_send_on(server: Server) -> None:
    """What an answered client still sends is read and thrown away until it closes; nothing to read is no end."""
    client = server.connects(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer(client, b"=").endswith(b"=")
    client.sendall(b"more")
    threading.Event().wait(0.2)
    assert len(server.worker._leaving) == 1  # noqa: SLF001 - who is on the way out
    (conn,) = server.worker._leaving  # noqa: SLF001
    server.worker.method_queue.defer(server.worker._read_off, conn, None)  # noqa: SLF001 - woken for nothing
    threading.Event().wait(0.2)
    assert len(server.worker._leaving) == 1  # noqa: SLF001
    client.close()
