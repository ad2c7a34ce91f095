"""The HTTP server of `serve` in a thread of this process, around an application that answers with what was posted."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from referral_function.commands.http_server import HttpServer

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
LARGE = 10_000_000  # bytes: more than the kernel takes for a client that does not read
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer with what was posted, with much, or break."""
    if environ["PATH_INFO"] == "/broken":
        raise KeyError("Zebra")
    body = b"=" * LARGE if environ["PATH_INFO"] == "/large" else b"=" + environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class Server:
    """A server and its clients."""

    def __init__(self, application: Any) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        self.http = HttpServer(application, listener, phone="0800 783 1583", behind_proxy=False)
        self.waitress: Any = self.http._server  # noqa: SLF001 - to see its connections
        self.thread = threading.Thread(target=self.http.run)
        self.clients: list[socket.socket] = []

    def connects(self, data: bytes = b"", buffer: int = 0) -> socket.socket:
        """Open a connection, which may have a small receive buffer, and send something."""
        client = socket.socket()
        self.clients.append(client)
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(60)
        client.connect(self.address)
        client.sendall(data)
        return client

    def channels(self) -> list[Any]:
        """Return the connections as the server sees them."""
        return list(self.waitress.active_channels.values())


@contextlib.contextmanager
def running(application: Any = echo, before: Callable[[Server], object] = repr) -> Iterator[Server]:
    """Run a server; `before` is done to it before its loop begins."""
    server = Server(application)
    try:
        before(server)
    finally:
        server.thread.start()
    try:
        yield server
    finally:
        for client in server.clients:
            client.close()
        server.http.stop()
        server.thread.join(60)
        assert not server.thread.is_alive()


def answer(client: socket.socket, end: bytes = b"never") -> bytes:
    """Read until an end, or until the connection is closed."""
    received = b""
    with contextlib.suppress(ConnectionResetError):  # closed with something unread, after all was answered
        while not received.endswith(end) and (more := client.recv(65536)):
            received += more
    return received


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come about, a minute at most."""
    for _ in range(6000):
        if is_so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it has not come about")
