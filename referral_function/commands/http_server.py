"""The HTTP server of `serve`: waitress, with settings under which a slow client holds up nobody else.

One loop reads requests and writes answers, all in memory; a thread sees a request when the whole of it is there, and is
free again when its answer is in the buffer. What waitress does not limit, the total time of a request, is the proxy's.
"""

import contextlib
import logging
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from referral_function.events import record
from referral_function.web.app import MAX_BODY_BYTES
from referral_function.web.security_headers import headers_for

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_HEADER_BYTES = 32 * 1024
MAX_GATHERED_BYTES = 2 * MAX_BODY_BYTES  # up to this, the application answers 413 with a page of the site
MAX_CONNECTIONS = 4000
MAX_HELD_BYTES = 64 * 1024 * 1024  # of all connections: requests that arrive, and answers until the next request
THREADS = 8
IDLE_TIMEOUT = 20  # seconds without a byte in either direction
_OTHER_FILES = 200  # beside connections: the outbox, the relay, the files of the site
_STOP_TIMEOUT = 20.0  # seconds for requests that are being answered when the process is told to stop
_LINGER_TIMEOUT = 2.0  # seconds, then, for one that is still arriving, and for an answer that is still being read
_SENTENCES = {
    413: "That was too much at once. We have not kept what you typed. Go Back, and make your answers shorter, or call us on",
    500: "Something went wrong on our side. If you pressed Send referral, we could not confirm that it was sent. "
    "Go Back and try again: it will not be sent twice. Or call us on",
}
_UNREADABLE = "We could not read what your browser sent. Go Back and try again, or call us on"


class HttpServer:
    """waitress around one application, on a socket that is bound; `run` it in the main thread."""

    def __init__(
        self, application: "WSGIApplication", listener: socket.socket, *, phone: str, behind_proxy: bool
    ) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of each request that waits for a thread
        with contextlib.suppress(AttributeError):  # Linux: milliseconds for an answer that the client does not read
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, IDLE_TIMEOUT * 1000)
        self._stopping, self._woken = threading.Event(), threading.Event()
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            application,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            backlog=MAX_CONNECTIONS,
            ident="",
            clear_untrusted_proxy_headers=not behind_proxy,
            connection_limit=_connection_limit(),
            channel_timeout=IDLE_TIMEOUT,
            cleanup_interval=1,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_GATHERED_BYTES,
            inbuf_overflow=16 * MAX_BODY_BYTES,  # below this, nothing is written to a temporary file
            outbuf_overflow=16 * MAX_BODY_BYTES,
            log_socket_errors=False,
        )
        self._server.channel_class = _channel_class(phone)

    def stop(self) -> None:
        """Let `run` come to an end; safe in a signal handler and in another thread, any number of times."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._server.pull_trigger()
            self._woken.set()

    def run(self) -> None:
        """Serve until `stop`; then refuse new connections, finish the requests that have begun, and return."""
        while not self._stopping.is_set():
            self._turn(1.0)
            self._accept_all()
            self._close_oldest()
        self._server.del_channel()
        self._server.socket.close()
        stopped = time.monotonic()
        while self._server.active_channels and time.monotonic() < stopped + _STOP_TIMEOUT:
            self._turn(0.1)
            lingers = time.monotonic() < stopped + _LINGER_TIMEOUT
            for channel in list(self._server.active_channels.values()):
                begun = channel.request or channel.total_outbufs_len
                if not channel.requests and not (begun and lingers):
                    channel.handle_close()
        self._server.task_dispatcher.shutdown()
        self._woken.wait()  # a `stop` that had not pulled the trigger yet would pull one that is closed
        wasyncore.close_all(self._sockets)

    def _accept_all(self) -> None:
        """Accept every connection that waits: a turn of waitress accepts one, and looks at all that are open."""
        before = -1
        while self._server.readable() and before < (before := len(self._server.active_channels)):
            self._server.handle_accept()

    def _close_oldest(self) -> None:
        """Close connections, those that began longest ago first, until all together hold no more than the budget."""
        channels = [channel for channel in self._server.active_channels.values() if channel.held_bytes()]
        held = sum(channel.held_bytes() for channel in channels)
        if held <= MAX_HELD_BYTES:
            return
        for channel in sorted(channels, key=lambda channel: channel.begun_at):
            if held > MAX_HELD_BYTES and not channel.requests:  # what is being answered is not taken back
                held -= channel.held_bytes()
                channel.handle_close()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._sockets, count=1)


def _channel_class(phone: str) -> type[Any]:
    """Return a connection class whose error answers repeat nothing of the request, unlike waitress's own."""

    class Refusal(ErrorTask):  # type: ignore[misc] # waitress is not typed
        def execute(self) -> None:
            status = self.request.error.code
            if status != 500:  # noqa: PLR2004 - the one that is no refusal, and logged by waitress as an error
                record("refused", status=status)
            body = f"{_SENTENCES.get(status, _UNREADABLE)} {phone}.\n".encode()
            self.status, self.content_length = f"{status} {self.request.error.reason}", len(body)
            self.response_headers = [("Content-Type", "text/plain; charset=utf-8"), *headers_for("/referral/").items()]
            self.set_close_on_finish()
            self.write(body)

    class Channel(HTTPChannel):  # type: ignore[misc] # the same
        error_task_class = Refusal
        begun_at = 0.0  # when its latest request began
        answer_bytes = 0

        def received(self, data: bytes) -> bool:
            if self.request is None:
                self.begun_at = time.monotonic()
            if not self.requests and self.answer_bytes:  # all of it is sent: nothing is read before
                self.outbufs, self.answer_bytes = [OverflowableBuffer(self.adj.outbuf_overflow)], 0
            return bool(super().received(data))

        def write_soon(self, data: bytes) -> int:
            written: int = super().write_soon(data)
            self.answer_bytes += written
            return written

        def held_bytes(self) -> int:
            requests = [request for request in (self.request, *self.requests) if request]
            arriving: int = sum(each.header_bytes_received + each.body_bytes_received for each in requests)
            return arriving + self.answer_bytes

    return Channel


def _connection_limit() -> int:
    """Return how many connections may be open at once; raise the soft limit on open files as far as they need."""
    if sys.platform == "win32":  # pragma: no cover
        return 400  # select() takes 512 there
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(hard, MAX_CONNECTIONS + _OTHER_FILES)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - _OTHER_FILES
