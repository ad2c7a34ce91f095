"""An SMTP client connection (RFC 5321), command by command, each with one timeout for all its bytes.

Not `smtplib`: its timeout starts again with every byte, its replies are unbounded, it looks up our own name in the DNS,
and it raises the same exception for a connection that closes before the final dot and after it.
"""

import base64
import contextlib
import math
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from referral_function.sending.attempt import PermanentFailure, Stage, TemporaryFailure

MAX_REPLY_BYTES = 16_384  # all lines together
COMMAND_TIMEOUT, BODY_TIMEOUT = 10.0, 60.0  # seconds
BEFORE_BODY_TIMEOUT = 11 * COMMAND_TIMEOUT  # TCP, greeting, EHLO, STARTTLS, TLS, EHLO, AUTH (two), MAIL, RCPT, DATA
_REPLY_LINE = re.compile(r"[0-9]{3}([ -].*)?", re.DOTALL)
_CAUSES = {10: "expired", 18: "self-signed", 19: "unknown-authority", 20: "unknown-authority", 62: "wrong-name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The address of the relay: implicit TLS for `smtps`, STARTTLS for `smtp`."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    reply_timeout: float | None = None  # seconds for each reply before the message; None for COMMAND_TIMEOUT


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name; `ca_file` (PEM) replaces the system's authorities."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _GarbledReplyError(OSError):
    """A reply that is none (RFC 5321, section 4.2.1), or that came before its command."""


class SmtpConnection:
    """An open connection, encrypted, verified and authenticated."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float], reply_timeout: float) -> None:
        self._socket, self._clock, self._reply_timeout = connection, clock, reply_timeout
        self.deadline = math.inf  # of all replies before the message, by the clock
        self._unread = b""
        self._extensions: dict[str, str] = {}

    @classmethod
    def connect(cls, relay: Relay, tls: ssl.SSLContext, name: str, clock: Callable[[], float], deadline: float) -> Self:
        """Connect, say EHLO with our name, encrypt and authenticate. Raises TemporaryFailure, PermanentFailure."""
        with _translate_errors(Stage.CONNECT):
            sock = socket.create_connection((relay.host, relay.port), timeout=COMMAND_TIMEOUT)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or the dot waits 40 ms for an ACK
        connection = cls(sock, clock, relay.reply_timeout or COMMAND_TIMEOUT)
        connection.deadline = deadline
        try:
            if relay.scheme == "smtps":
                connection._encrypt(relay.host, tls)
            connection._command(Stage.CONNECT)
            connection._command(Stage.EHLO, f"EHLO {name}")
            if relay.scheme == "smtp":
                connection._command(Stage.TLS, "STARTTLS")
                connection._encrypt(relay.host, tls)
                connection._command(Stage.EHLO, f"EHLO {name}")
            if not isinstance(connection._socket, ssl.SSLSocket):
                raise PermanentFailure(Stage.TLS, "missing")  # noqa: TRY301 - nothing is sent in the clear
            if relay.user is not None:
                connection._login(relay.user, relay.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def send_envelope(self, sender: str, inbox: str, envelope_id: str, *, data: bool) -> None:
        """Send MAIL, RCPT and, if `data`, DATA; ask for bounces without the message (RFC 3461)."""
        options = f" RET=HDRS ENVID={envelope_id}" if "DSN" in self._extensions else ""
        lines = {Stage.MAIL: f"MAIL FROM:<{sender}>{options}", Stage.RCPT: f"RCPT TO:<{inbox}>"}
        lines |= {Stage.DATA: "DATA"} if data else {}
        pipelined = "PIPELINING" in self._extensions
        if pipelined:  # RFC 2920: one round trip instead of three
            with _translate_errors(Stage.MAIL):
                self._send("\r\n".join([*lines.values(), ""]).encode("ascii"), COMMAND_TIMEOUT)
        for stage, line in lines.items():
            self._command(stage, None if pipelined else line, reply_class="3" if stage is Stage.DATA else "2")

    def send_data(self, wire: bytes, final_reply_timeout: float) -> str:
        """Send the message and return the relay's 2xx code; wait for it for `final_reply_timeout` seconds."""
        with _translate_errors(Stage.BODY):
            self._send(re.sub(rb"(?m)^\.", b"..", wire), BODY_TIMEOUT)
            self._send(b".\r\n", COMMAND_TIMEOUT)
        return self._command(Stage.DOT, timeout=final_reply_timeout)

    def quit(self) -> None:
        """Send QUIT, ignore the reply, and close the connection."""
        with contextlib.suppress(OSError):
            self._send(b"QUIT\r\n", 1.0)
        self.close()

    def close(self) -> None:
        """Close the connection without QUIT."""
        self._socket.close()

    def _encrypt(self, host: str, tls: ssl.SSLContext) -> None:
        if self._unread:
            raise PermanentFailure(Stage.TLS, "injected")  # sent in the clear, to be read as if encrypted
        with _translate_errors(Stage.TLS):
            self._socket.settimeout(COMMAND_TIMEOUT)
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)

    def _login(self, user: str, password: str) -> None:
        def encode(text: str) -> str:
            return base64.b64encode(text.encode()).decode()

        if "PLAIN" in self._extensions.get("AUTH", "PLAIN").split():
            self._command(Stage.AUTH, "AUTH PLAIN " + encode(f"\0{user}\0{password}"))
        else:
            self._command(Stage.AUTH, "AUTH LOGIN " + encode(user), reply_class="3")
            self._command(Stage.AUTH, encode(password))

    def _command(
        self, stage: Stage, line: str | None = None, reply_class: str = "2", timeout: float | None = None
    ) -> str:
        """Send one line, if any, and return the code of a reply of this class (its first digit)."""
        with _translate_errors(stage):
            if line is not None:
                self._send(f"{line}\r\n".encode("ascii"), COMMAND_TIMEOUT)
            until = min(self._clock() + self._reply_timeout, self.deadline)
            reply = self._reply(self._clock() + timeout if timeout else until)
        code = reply[-1][:3]
        if not code.startswith(reply_class):
            raise (PermanentFailure if code.startswith("5") else TemporaryFailure)(stage, code)
        if stage is Stage.EHLO:
            extensions = [line[4:].upper().partition(" ") for line in reply[1:]]
            self._extensions = {keyword: parameters for keyword, _, parameters in extensions}
        return code

    def _send(self, data: bytes, timeout: float) -> None:
        self._socket.settimeout(0)
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            self._receive()
        if self._unread:  # it would be read as the reply to what we send now
            raise _GarbledReplyError
        deadline, left = self._clock() + timeout, memoryview(data)
        while left:
            self._socket.settimeout(max(deadline - self._clock(), 0.001))
            left = left[self._socket.send(left) :]

    def _reply(self, deadline: float) -> list[str]:
        size, lines = 0, [""]
        while lines[-1][3:4] == "-" or len(lines) == 1:
            while b"\n" not in self._unread:
                self._socket.settimeout(max(deadline - self._clock(), 0.001))
                size += self._receive()
                if size > MAX_REPLY_BYTES:
                    raise ConnectionError
            line, _, self._unread = self._unread.partition(b"\n")
            lines.append(line.rstrip().decode("ascii", "replace"))
            if not _REPLY_LINE.fullmatch(lines[-1]) or lines[-1][:3] != lines[1][:3]:
                raise _GarbledReplyError
        return lines[1:]

    def _receive(self) -> int:
        if not (received := self._socket.recv(4096)):
            raise ConnectionError
        self._unread += received
        return len(received)


@contextlib.contextmanager
def _translate_errors(stage: Stage) -> Iterator[None]:
    """Translate the errors of a socket into a failure of this stage, with a word for the cause."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise PermanentFailure(stage, _CAUSES.get(error.verify_code, "certificate")) from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        raise TemporaryFailure(stage, "closed") from None
    except ssl.SSLError:
        raise (PermanentFailure if stage is Stage.TLS else TemporaryFailure)(stage, "protocol") from None
    except _GarbledReplyError:
        raise TemporaryFailure(stage, "garbled") from None
    except TimeoutError:
        raise TemporaryFailure(stage, "timeout") from None
    except socket.gaierror:
        raise TemporaryFailure(stage, "unknown-host") from None
    except OSError:
        raise TemporaryFailure(stage, "closed") from None
