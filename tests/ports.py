"""Ports for servers that a test starts, stops and starts again."""

import contextlib
import secrets
import socket


def free_port() -> int:
    """Return a port that nobody listens on, below those that the system gives out: no other process takes it by chance."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
