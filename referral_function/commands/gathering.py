"""gunicorn's threaded worker, which gathers a whole request before a thread looks at it.

gunicorn alone gives each connection a thread from its first byte on: eight clients that send a byte now and then kept
everybody else out for as long as they liked (measured with slowhttptest). Here one loop gathers, nothing is written to
a temporary file, and who is not done in time is let go.
"""

import re
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from referral_function.web import LONGEST_BODY

LONGEST_HEAD = 32 * 1024  # bytes
HEAD_IN, BODY_IN = 10.0, 60.0  # seconds from the first byte; a phone on a bad line sends 100 kB in a minute
_LINGER = 2.0  # seconds for a request that has begun when the process is told to stop
_STALLED = struct.pack("ll", 10, 0)  # seconds and microseconds that one read or write of a thread may wait
_SEND_BUFFER = 512 * 1024  # bytes: a page is handed to the kernel at once, however slowly it is read
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,12})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


class Request:
    """What a client has sent so far."""

    def __init__(self, conn: Any, begun: bytes, begun_at: float) -> None:  # noqa: ANN401 - gunicorn is not typed
        self.conn, self.data, self.begun_at = conn, bytearray(begun), begun_at
        self._wanted: int | None = None  # bytes, once the head is there
        self._chunked = False

    def is_whole(self) -> bool:
        """Say whether a thread can answer without waiting: all is there, or it will be refused whatever follows."""
        if self._wanted is None:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return len(self.data) > LONGEST_HEAD
            head = bytes(self.data[: end + 2])
            length = _LENGTH.search(head)
            chunked = bool(_CHUNKED.search(head))
            self._chunked = chunked and not length  # both at once is refused, whatever follows
            body = LONGEST_BODY if self._chunked else int(length[1]) if length and not chunked else 0
            self._wanted = end + 4 + (body if body <= LONGEST_BODY else 0)
        return len(self.data) >= self._wanted or (self._chunked and self.data.endswith(b"0\r\n\r\n"))

    def is_late(self, now: float) -> bool:
        """Say whether the time to send it is over."""
        return now - self.begun_at > (HEAD_IN if self._wanted is None else BODY_IN)


class Gathering(ThreadWorker):  # type: ignore[misc] # gunicorn is not typed
    """Hands a connection to a thread when its request is whole."""

    def __init__(self, *known: Any, **also: Any) -> None:  # noqa: ANN401 - gunicorn's own arguments
        super().__init__(*known, **also)
        self._requests: set[Request] = set()

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        """Begin to gather; gunicorn calls this for a new connection, and for a kept one that became readable."""
        conn.sock.settimeout(0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _STALLED)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _STALLED)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        request = Request(conn, conn.parser.unreader.take_buffered() if conn.parser else b"", time.monotonic())
        self._requests.add(request)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, request))
        if request.is_whole():
            self._hand_over(request)

    def murder_pending(self) -> None:
        """Let go, beside gunicorn's own, of every connection whose time to send its request is over."""
        super().murder_pending()
        now = time.monotonic() + (0 if self.alive else HEAD_IN - _LINGER)
        for request in [each for each in self._requests if each.is_late(now)]:
            self._let_go(request)

    def _readable(self, request: Request, _socket: object) -> None:
        try:
            received = request.conn.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        request.data += received
        if not received:
            self._let_go(request)
        elif request.is_whole():
            self._hand_over(request)

    def _hand_over(self, request: Request) -> None:
        conn = request.conn
        self._requests.remove(request)
        self.poller.unregister(conn.sock)
        conn.sock.settimeout(None)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(request.data))
        conn.data_ready = True
        super().enqueue_req(conn)

    def _let_go(self, request: Request) -> None:
        self._requests.remove(request)
        self.poller.unregister(request.conn.sock)
        self.nr_conns -= 1
        request.conn.close()
