"""A real worker of gunicorn in this process, and what clients send to it."""

import contextlib
import logging
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer with what was posted, but break where that is wanted."""
    if environ["PATH_INFO"] == "/broken":
        raise KeyError("Zebra")
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body) + 1))])
    return [b"=" + body]


class App(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """gunicorn's own view of the application, with two threads."""

    phone = "0800 783 1583"

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
        for name in ("gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True  # gunicorn switched it off for the whole process


@contextlib.contextmanager
def running(kind: type) -> Iterator[Server]:
    """Run a worker."""
    server = Server(kind)
    server.thread.start()
    try:
        yield server
    finally:
        server.stop()


def answer(client: socket.socket, end: bytes) -> bytes:
    """Read until an end, or until the connection is closed."""
    received = b""
    while not received.endswith(end) and (more := client.recv(4096)):
        received += more
    return received
