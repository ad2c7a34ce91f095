"""gunicorn's threaded worker, which gathers a whole request before a thread looks at it, and refuses in our own words.

gunicorn alone gives each connection a thread from its first byte on: eight clients that send a byte now and then kept
everybody else out for as long as they liked (measured with slowhttptest). Here one loop gathers, nothing is written to
a temporary file, and who is not done in time is let go.
"""

import contextlib
import selectors
import socket
import struct
import time
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import http
from gunicorn.http import errors, wsgi
from gunicorn.workers.gthread import ThreadWorker

from referral_function.commands.arriving import HEADER_TIMEOUT, Request
from referral_function.events import alarm, record
from referral_function.web.security_headers import headers_for

LINGER_TIMEOUT = 2.0  # seconds for a request that has begun when the process is told to stop
_STALLED = struct.pack("ll", 10, 0)  # seconds and microseconds that one read or write of a thread may wait
_SEND_BUFFER = 512 * 1024  # bytes: a page is handed to the kernel at once, however slowly it is read
_OURS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)  # gunicorn takes them for unreadable requests
_STATUS = {
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_UNREADABLE = "We could not read what your browser sent. Go Back and try again, or call us on"
_BROKEN = (
    "Something went wrong on our side. If you pressed Send referral, we could not confirm that it was sent. "
    "Go Back and try again: it will not be sent twice. Or call us on"
)


def _no_more(_size: int | None = None) -> bytes:
    """All is gathered, so a thread that wants more would wait for its client."""
    raise TimeoutError


class Nameless(wsgi.Response):  # type: ignore[misc] # gunicorn is not typed
    """An answer that does not say which server made it; gunicorn has no setting for that."""

    def default_headers(self) -> list[str]:
        """Leave the name out."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class Gathering(ThreadWorker):  # type: ignore[misc] # gunicorn is not typed
    """Hands a connection to a thread when its request is whole."""

    def __init__(self, *known: Any, **also: Any) -> None:  # noqa: ANN401 - gunicorn's own arguments
        super().__init__(*known, **also)
        self._requests: set[Request] = set()
        self._leaving: dict[Any, float] = {}  # answered connections, and when they are let go at the latest

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        """Begin to gather; gunicorn calls this for a new connection, and for a kept one that became readable."""
        conn.sock.settimeout(0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _STALLED)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _STALLED)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        request = Request(conn, conn.parser.unreader.take_buffered() if conn.parser else b"", time.monotonic())
        self._requests.add(request)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, request))
        self._look_at(request)

    def murder_pending(self) -> None:
        """Let go, beside gunicorn's own, of every connection whose time to send its request is over."""
        super().murder_pending()
        now = time.monotonic() + (0 if self.alive else HEADER_TIMEOUT - LINGER_TIMEOUT)
        for request in [each for each in self._requests if each.is_late(now)]:
            self._let_go(request)
        for conn in [each for each, until in self._leaving.items() if until < time.monotonic()]:
            self._forget(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        """Let an answered connection go; gunicorn's loop would wait up to two seconds for its client, and serve nobody."""
        if not fs.cancelled() and not fs.exception() and fs.result():
            super().finish_request(conn, fs)
            return
        self._leaving[conn] = time.monotonic() + LINGER_TIMEOUT
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.settimeout(0)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read_off, conn))
        except (OSError, ValueError):
            self._forget(conn)

    def handle_error(self, _req: object, client: socket.socket, _address: object, error: Exception) -> None:
        """Refuse what cannot be read, or admit a fault; gunicorn would have none of our headers and repeat what was sent."""
        if isinstance(error, errors.ParseException) and not isinstance(error, _OURS):
            status, sentence = _STATUS.get(type(error), HTTPStatus.BAD_REQUEST), _UNREADABLE
            record("refused", status=status.value)
        else:
            status, sentence = HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN
            alarm("failed", cause=type(error).__name__)
        body = f"{sentence} {self.app.phone}.\n".encode()
        headers = {"Connection": "close", "Content-Type": "text/plain; charset=utf-8", "Content-Length": len(body)}
        headers |= headers_for("/referral/")
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        with contextlib.suppress(OSError):
            client.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + body)

    def _read_off(self, conn: Any, _socket: object) -> None:  # noqa: ANN401 - gunicorn is not typed
        """Read what nobody wants: closing before would cut the answer off at its end."""
        try:
            gone = not conn.sock.recv(65536)
        except OSError as error:
            gone = not isinstance(error, BlockingIOError)
        if gone:
            self._forget(conn)

    def _forget(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        del self._leaving[conn]
        with contextlib.suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _readable(self, request: Request, _socket: object) -> None:
        try:
            received = request.conn.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        request.data += received
        if received:
            self._look_at(request)
        else:
            self._let_go(request)

    def _look_at(self, request: Request) -> None:
        try:
            if request.is_whole():
                self._hand_over(request)
        except errors.ParseException as error:
            self.handle_error(None, request.conn.sock, None, error)
            self._let_go(request)

    def _hand_over(self, request: Request) -> None:
        conn = request.conn
        self._requests.remove(request)
        self.poller.unregister(conn.sock)
        conn.sock.settimeout(None)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(request.data))
        conn.parser.unreader.chunk = _no_more
        conn.data_ready = True
        super().enqueue_req(conn)

    def _let_go(self, request: Request) -> None:
        self._requests.remove(request)
        self.poller.unregister(request.conn.sock)
        self.nr_conns -= 1
        request.conn.close()
