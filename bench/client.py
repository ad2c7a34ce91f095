"""A client that sends prepared requests over a few kept connections, and times each answer."""

import socket
import threading
import time
from collections.abc import Sequence

CONNECTIONS = 4
_END = b"\r\n\r\n"


class WrongAnswer(Exception):
    """A server answered something else than what was to be measured."""


def request(method: str, path: str, body: str = "", **headers: str) -> bytes:
    """Prepare the bytes of one request."""
    known = {"Host": "127.0.0.1", "Accept-Encoding": "br, gzip"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    if method == "POST":
        known |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode()))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in known.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def send(port: int, requests: Sequence[bytes], status: int) -> list[float]:
    """Send all of them over four connections and give the seconds that each took. Raises `WrongAnswer`."""
    seconds: list[float] = []
    wrong: list[Exception] = []

    def share(number: int) -> None:
        try:
            with _connected(port) as connection:
                for each in requests[number::CONNECTIONS]:
                    began = time.perf_counter()
                    connection.sendall(each)
                    _read_answer(connection, each, status)
                    seconds.append(time.perf_counter() - began)
        except (OSError, WrongAnswer) as error:
            wrong.append(error)

    threads = [threading.Thread(target=share, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return seconds


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read_answer(connection: socket.socket, sent: bytes, status: int) -> None:
    """Read one answer to its end; it must have the status."""
    received = b""
    while _END not in received:
        received += _some(connection)
    head, _, rest = received.partition(_END)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    left = int(fields.get(b"content-length", b"0")) - len(rest)
    if fields.get(b"transfer-encoding") == b"chunked":
        while not rest.endswith(b"0\r\n\r\n"):
            rest += _some(connection)
        left = 0
    while left > 0:
        left -= len(_some(connection))
    answered = int(head.split(b" ", 2)[1])
    if answered != status:
        raise WrongAnswer(f"{sent.partition(b' HTTP')[0].decode()}: {answered} instead of {status}")


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(262144)
    if not received:
        raise WrongAnswer("The server hung up.")
    return received
