"""Slow clients: however many there are and whatever they are slow at, everybody else is answered."""

import contextlib
import resource
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from referral_function.commands import http_server
from referral_function.web.app import MAX_BODY_BYTES
from tests.security.running_server import CHUNKED, LARGE, POST, WHOLE, Server, answer, running, wait_until
from tests.security.slow_clients import PATH, SlowClients, one_byte_chunks, posts
from tests.test_serve import Service

SLOW = {"idle": 200, "slow head": 300, "slow body": 300, "slow reader": 100}


@pytest.mark.asvs("15.4.4", "15.2.2", "13.1.3")
def test_900_slow_clients_hold_nobody_up(environ: dict[str, str], site: Path) -> None:
    """While 900 connections idle, send heads or bodies byte by byte, or read slowly, `serve` answers an honest client."""
    service = Service(environ | {"REFERRAL_DRAIN": "off"}, site)
    service.start()
    try:
        with SlowClients(("127.0.0.1", service.port), SLOW) as slow:
            for _ in range(3):
                assert posts(("127.0.0.1", service.port)) == 200
            assert len(slow.open) == 900
    finally:
        service.kill()


def test_no_thread_waits_for_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """More clients than there are threads leave 10 MB each unread, and an honest one is answered."""
    monkeypatch.setattr(http_server, "MAX_HELD_BYTES", 20 * LARGE)
    with running() as server:
        for _ in range(12):
            server.connects(WHOLE.replace(b"/ ", b"/large ", 1), buffer=4096)
        wait_until(lambda: sum(channel.total_outbufs_len > 1_000_000 for channel in server.channels()) == 12)
        wait_until(lambda: not any(channel.requests for channel in server.channels()))
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")


def test_beyond_the_limit_a_client_waits_until_another_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with a limit of 20 connections, 20 idle ones close the form, and their end opens it."""
    monkeypatch.setattr(http_server, "MAX_CONNECTIONS", 20)
    with running() as server:
        idle = [server.connects() for _ in range(20)]
        wait_until(lambda: server.waitress.in_connection_overflow)
        honest = server.connects(POST)
        accepted = len(server.channels())
        assert accepted < 21
        for client in idle:
            client.close()
        assert answer(honest, b"=hello").startswith(b"HTTP/1.1 200")


def test_all_connections_that_wait_are_accepted_in_one_turn() -> None:
    """An honest client behind many new connections does not wait for a turn of the loop for each of them."""
    accepted: list[int] = []

    def accept_fifty(server: Server) -> None:
        for _ in range(50):
            server.connects()
        server.http._accept_all()  # noqa: SLF001 - what each turn ends with
        accepted.append(len(server.channels()))

    with running(before=accept_fifty) as server:
        assert accepted == [50]
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("soft", "connections"), [(1000, 4000), (4200, 4000), (4199, 4000)])
def test_the_limit_on_open_files_is_raised_as_far_as_needed(soft: int, connections: int) -> None:
    """A soft limit too low for all connections is raised, a higher one stays."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
        assert http_server._connection_limit() == connections  # noqa: SLF001 - what depends on the machine
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (4200, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_hard_limit_on_open_files_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where fewer files may be open, fewer connections are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(http_server, "MAX_CONNECTIONS", hard)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert http_server._connection_limit() == hard - 200  # noqa: SLF001 - the same
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.asvs("15.2.2", "15.4.4")
@pytest.mark.parametrize(
    "held",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000,
        POST.replace(b"5", b"20000", 1) + b"x" * 19_000,
        CHUNKED.partition(b"5")[0] + b"1\r\na\r\n" * 3500,
        POST.replace(b"5", b"20000", 1) + b"x" * 19_995,
    ],
    ids=["heads", "bodies", "chunks", "answers"],
)
def test_all_connections_together_hold_no_more_than_a_budget(monkeypatch: pytest.MonkeyPatch, held: bytes) -> None:
    """What is gathered, and what was answered, is given up where it began first; an honest client is answered.

    A connection that has not sent anything yet is not closed: it holds nothing.
    """
    monkeypatch.setattr(http_server, "MAX_HELD_BYTES", 200_000)
    with running() as server:
        silent = server.connects().getsockname()[1]
        clients = [server.connects(held) for _ in range(19)]
        wait_until(lambda: not any(channel.requests for channel in server.channels()))  # these are not closed
        clients.append(server.connects(held))
        first, last = (client.getsockname()[1] for client in (clients[0], clients[-1]))
        wait_until(lambda: last in (ports := {channel.addr[1] for channel in server.channels()}) and first not in ports)
        wait_until(lambda: 90_000 < sum(channel.held_bytes() for channel in server.channels()) <= 200_000)
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")
        assert {silent, last} <= {channel.addr[1] for channel in server.channels()}


def test_an_answer_is_forgotten_with_the_next_request() -> None:
    """A connection that is kept for request after request holds one answer at most."""
    with running() as server:
        client = server.connects()
        for _ in range(3):
            client.sendall(POST)
            assert answer(client, b"=hello").endswith(b"=hello")
        (channel,) = server.channels()
        wait_until(lambda: not channel.requests)
        assert 0 < channel.held_bytes() < 1000
        assert len(channel.outbufs) == 1


@pytest.mark.parametrize("sent", [b"", WHOLE[:-2], POST[:-2]], ids=["nothing", "half a head", "half a body"])
def test_a_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """A client from which nothing comes any more is let go without an answer."""
    monkeypatch.setattr(http_server, "IDLE_TIMEOUT", 1)
    with running() as server:
        assert answer(server.connects(sent)) == b""


def test_a_client_that_does_not_read_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that nobody reads is not kept for ever."""
    monkeypatch.setattr(http_server, "IDLE_TIMEOUT", 1)
    with running() as server:
        server.connects(WHOLE.replace(b"/ ", b"/large ", 1), buffer=4096)
        wait_until(lambda: any(channel.total_outbufs_len > 1_000_000 for channel in server.channels()))
        wait_until(lambda: not server.channels())


@pytest.mark.parametrize("whole", [WHOLE, POST, CHUNKED], ids=["GET", "POST", "chunked"])
def test_a_request_may_come_byte_by_byte_and_twice(whole: bytes) -> None:
    """However it is cut, a request is answered when it is whole, also on a kept connection and when two come at once."""
    end = b"=" if whole is WHOLE else b"=hello"
    with running() as server:
        client = server.connects()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in whole:
            client.sendall(bytes([byte]))
        assert answer(client, end).endswith(end)
        client.sendall(whole + whole)
        assert answer(client, end).endswith(end)


@pytest.mark.asvs("15.2.2")
def test_a_megabyte_in_chunks_of_one_byte_is_answered() -> None:
    """180,000 chunks are read as one body, and an honest client is answered meanwhile."""
    with running() as server:
        client = server.connects()
        sending = threading.Thread(
            target=client.sendall, args=(one_byte_chunks(1_000_000).replace(PATH.encode(), b"/"),)
        )
        sending.start()
        assert answer(server.connects(POST), b"=hello").startswith(b"HTTP/1.1 200")
        sending.join()
        assert answer(client, b"=" + b"a" * 166_666).startswith(b"HTTP/1.1 200")


def test_a_client_that_expects_100_continue_gets_it() -> None:
    """A body that waits for leave is asked for."""
    head, body = POST.replace(b"Content", b"Expect: 100-continue\r\nContent").split(b"\r\n\r\n")
    with running() as server:
        client = server.connects(head + b"\r\n\r\n")
        assert answer(client, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert answer(client, b"=hello").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("limit", ["ours", "the library's own"])
def test_no_body_is_written_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str) -> None:
    """The largest body and its answer stay in memory; the control: with the library's own limits a file is wanted."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    body = b"x" * MAX_BODY_BYTES
    with running() as server:
        if limit != "ours":
            server.waitress.adj.inbuf_overflow = type(server.waitress.adj).inbuf_overflow
        client = server.connects(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body))
        client.sendall(body[:1000])
        threading.Thread(target=_send, args=(client, body[1000:])).start()
        assert answer(client, b"=" + body).startswith(b"HTTP/1.1 200") is (limit == "ours")


def _send(client: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        client.sendall(data)


def test_a_connection_that_breaks_is_forgotten() -> None:
    """A client that closes or resets in the middle is no longer held."""
    with running() as server:
        server.connects(WHOLE[:-2]).close()
        reset = server.connects(WHOLE[:-2])
        reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        reset.close()
        last = server.connects(WHOLE)
        assert answer(last, b"=").endswith(b"=")
        wait_until(lambda: len(server.channels()) == 1)


def test_a_server_that_is_stopped_while_it_turns_ends_without_an_error() -> None:
    """The loop may see that it has to end before `stop`, in another thread, has woken it: it waits for that."""
    with running() as server:
        pull = server.waitress.pull_trigger

        def pull_late() -> None:
            server.thread.join(2)  # a turn of the loop takes one second at most
            pull()

        server.waitress.pull_trigger = pull_late
        server.http.stop()
        server.thread.join(60)


class Held:
    """An application whose answers wait until they may go."""

    def __init__(self) -> None:
        self.reached, self.may_go = threading.Semaphore(0), threading.Event()

    def __call__(self, _environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer when it may go."""
        self.reached.release()
        assert self.may_go.wait(60)
        start_response("200 OK", [("Content-Length", "1")])
        return [b"="]


def test_stop_finishes_what_has_begun() -> None:
    """Requests that run, wait for a thread or are still arriving are answered; idle ones are closed, new ones refused."""
    application = Held()
    with running(application) as server:
        idle = server.connects()
        begun = [server.connects(POST) for _ in range(10)]  # more than there are threads
        half = server.connects(POST[:-1])
        wait_until(lambda: len(server.channels()) == 12 and sum(len(each.requests) for each in server.channels()) == 10)
        wait_until(lambda: any(channel.request for channel in server.channels()))
        server.http.stop()
        server.http.stop()
        assert answer(idle) == b""
        half.sendall(POST[-1:])
        application.may_go.set()
        assert [answer(client)[-1:] for client in [*begun, half]] == 11 * [b"="]
        with pytest.raises(ConnectionRefusedError):
            server.connects()
        server.thread.join(60)
        assert not server.thread.is_alive()


def test_stop_does_not_wait_for_slow_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is still sending or reading after a while is cut off."""
    monkeypatch.setattr(http_server, "_LINGER_TIMEOUT", 0.1)
    with running() as server:
        half = server.connects(POST[:-1])
        reader = server.connects(WHOLE.replace(b"/ ", b"/large ", 1), buffer=4096)
        wait_until(lambda: any(channel.total_outbufs_len > 1_000_000 for channel in server.channels()))
        server.http.stop()
        server.thread.join(60)
        assert not server.thread.is_alive()
        assert answer(half) == b""
        assert len(answer(reader)) < LARGE


def test_stop_gives_up_on_a_request_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that does not end is left behind."""
    monkeypatch.setattr(http_server, "_STOP_TIMEOUT", 0.1)
    application = Held()
    with running(application) as server:
        client = server.connects(POST)
        assert application.reached.acquire(timeout=60)
        server.http.stop()
        server.thread.join(60)
        application.may_go.set()
        assert not server.thread.is_alive()
        assert answer(client) == b""
