"""A scriptable SMTP server over TLS that records every byte it receives.

A script lists the replies at one stage, one for each time it is reached: a code such as `"451"`, `HANG`, `DROP`, at the
final dot also `STORE_AND_DROP`. Its last item repeats; without a script the stage succeeds.
"""

# ruff: noqa: D102 - the methods of a session are named by what the client did

import contextlib
import datetime as dt
import socket
import ssl
import threading
import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

import trustme

from tests.ports import free_port

HANG, DROP, STORE_AND_DROP, STORE_AND_HANG = "hang", "drop", "store and drop", "store and hang"
GARBAGE, SLOW = "garbage", "slow"  # slow: success after 1.5 seconds
_YES = {"banner": "220", "starttls": "220", "data": "354", "login": "334", "auth": "235"}


class Certificate(StrEnum):
    """The certificate that the server presents."""

    GOOD = "good"
    SELF_SIGNED = "self-signed"
    WRONG_NAME = "wrong name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    UNKNOWN_AUTHORITY = "unknown authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """One message as received."""

    sender: str
    recipients: tuple[str, ...]
    wire: bytes


@dataclass(slots=True, kw_only=True)
class SmtpServer:
    """The server, as a context manager."""

    folder: Path
    implicit_tls: bool = False
    offers_tls: bool = True
    certificate: Certificate = Certificate.GOOD
    newest_tls: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
    extensions: tuple[str, ...] = ("AUTH PLAIN LOGIN", "DSN")
    port: int = 0
    kept: list[ReceivedMessage] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)  # every byte, decrypted
    in_the_clear: bytearray = field(default_factory=bytearray)  # every byte before TLS
    connections: int = 0
    _scripts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _closing: threading.Event = field(default_factory=threading.Event)
    _reached: dict[str, threading.Event] = field(default_factory=lambda: defaultdict(threading.Event))
    _open: set[socket.socket] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)
    _listener: socket.socket | None = None
    _context: ssl.SSLContext | None = None

    def script(self, stage: str, *answers: str) -> None:
        """Set the replies of a stage, in order; none resets it to success."""
        self._scripts[stage] = list(answers)

    def wait_for(self, stage: str) -> None:
        """Wait until a client has reached this stage."""
        assert self._reached[stage].wait(30), f"nobody came to {stage}"

    @property
    def authorities(self) -> str:
        """The PEM file of the authority that a client should trust."""
        return str(self.folder / "authority.pem")

    def __enter__(self) -> Self:
        self._context = self._made_context()
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_away()
        for thread in self._threads:
            thread.join(30)

    def listen(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._closing.clear()
        self.port = self.port or free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        thread = threading.Thread(target=self._receive, args=(self._listener,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def go_away(self) -> None:
        """Stop listening and close every connection."""
        self._closing.set()
        if self._listener:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _made_context(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authorities)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match self.certificate:
            case Certificate.GOOD:
                authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
            case Certificate.WRONG_NAME:
                authority.issue_cert("elsewhere.example").configure_cert(context)
            case Certificate.UNKNOWN_AUTHORITY:
                trustme.CA().issue_cert("localhost", "127.0.0.1").configure_cert(context)
            case Certificate.EXPIRED:
                past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
                old = authority.issue_cert("localhost", not_before=past, not_after=past + dt.timedelta(days=9))
                old.configure_cert(context)
            case Certificate.NOT_YET_VALID:
                future = dt.datetime.now(dt.UTC) + dt.timedelta(days=9)
                authority.issue_cert("localhost", not_before=future).configure_cert(context)
            case Certificate.SELF_SIGNED:
                own = trustme.CA()
                own.private_key_pem.write_to_path(str(self.folder / "own.pem"))
                own.cert_pem.write_to_path(str(self.folder / "own.pem"), append=True)
                context.load_cert_chain(self.folder / "own.pem")
        if self.newest_tls is not ssl.TLSVersion.MAXIMUM_SUPPORTED:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # old TLS is the point
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = self.newest_tls
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context

    def _receive(self, listener: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        self.connections += 1
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, _Over):
            self.session(connection).run()

    def session(self, connection: socket.socket) -> "SmtpSession":
        """Serve one connection."""
        return SmtpSession(self, connection)

    def next_answer(self, stage: str) -> str:
        """Return the next reply of a stage."""
        self._reached[stage].set()
        script = self._scripts[stage]
        if not script:
            return _YES.get(stage, "250")
        return script.pop(0) if len(script) > 1 else script[0]

    def encrypted(self, connection: socket.socket) -> socket.socket:
        """Perform the server side of a TLS handshake."""
        assert self._context is not None
        return self._context.wrap_socket(connection, server_side=True)

    def closing(self, seconds: float = 60) -> None:
        """Stay silent for so many seconds, or until the server goes away."""
        self._closing.wait(seconds)

    def hold(self, connection: socket.socket) -> None:
        """Register a connection for `go_away`."""
        self._open.add(connection)

    def release(self, connection: socket.socket) -> None:
        """Close a connection."""
        self._open.discard(connection)
        connection.close()


class _Over(Exception):
    """The session has ended."""


class SmtpSession:
    """One SMTP session."""

    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self.server = server
        self.socket = connection
        self.unread = b""
        self.sender = ""
        self.recipients: list[str] = []
        self.secure = False

    def run(self) -> None:
        self.server.hold(self.socket)
        try:
            if self.server.implicit_tls:
                self.encrypt()
            self.answer("banner")
            while True:
                self.command(self.line().decode("latin-1").strip())
        finally:
            self.server.release(self.socket)

    def command(self, line: str) -> None:  # noqa: C901, PLR0912 - the verbs of SMTP, one after the other
        verb = line.split(" ", maxsplit=1)[0].upper()
        match verb:
            case "EHLO":
                self.greet()
            case "STARTTLS":
                if not self.server.offers_tls:
                    self.say("502 no")
                elif self.answer("starttls") == "220":
                    self.encrypt()
            case "AUTH":
                if not line.upper().startswith("AUTH LOGIN"):
                    self.answer("auth")
                elif self.answer("login") == "334":
                    self.line()
                    self.answer("auth")
            case "MAIL":
                self.sender, self.recipients = line[len("MAIL FROM:") :], []
                self.answer("mail")
            case "RCPT":
                if self.answer("rcpt").startswith("2"):
                    self.recipients.append(line[len("RCPT TO:") :])
            case "DATA":
                if self.answer("data") == "354":
                    self.message()
            case "QUIT":
                self.answer("quit")
                raise _Over
            case _:
                self.say("250 ok")

    def greet(self) -> None:
        answer = self.server.next_answer("ehlo 2" if self.secure else "ehlo")
        if answer == "250":
            tls = ["STARTTLS"] if self.server.offers_tls and not self.secure else []
            words = ["localhost", *tls, *self.server.extensions]
            text = "".join(f"250{' ' if word == words[-1] else '-'}{word}\r\n" for word in words)
            self.socket.sendall(text.encode())
        else:
            self.act(answer)

    def message(self) -> None:
        answer = self.server.next_answer("body")
        if answer != "250":
            self.read()
            self.act(answer)
        lines = []
        while (line := self.line()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = self.server.next_answer("dot")
        if answer in ("250", SLOW, STORE_AND_DROP, STORE_AND_HANG):
            self.keep(b"".join(lines), answer)
        self.act(answer.removeprefix("store and "))

    def keep(self, wire: bytes, _answer: str) -> None:
        """Store one message, before the reply is sent."""
        self.server.kept.append(ReceivedMessage(sender=self.sender, recipients=tuple(self.recipients), wire=wire))

    def answer(self, stage: str) -> str:
        answer = self.server.next_answer(stage)
        self.act(answer)
        return answer

    def act(self, answer: str) -> None:
        match answer:
            case "hang":
                self.server.closing()
                raise _Over
            case "drop":
                raise _Over
            case "slow":
                self.server.closing(1.5)
                self.say("250 at last")
            case "garbage":
                self.socket.sendall(b"\xff\x00 what?\r\n")
            case _:
                self.say(f"{answer} so it is" if len(answer) == 3 else answer)

    def say(self, text: str) -> None:
        self.socket.sendall(text.encode("latin-1") + b"\r\n")

    def encrypt(self) -> None:
        answer = self.server.next_answer("handshake")
        if answer != "250":
            self.act(answer)
        plain, self.socket = self.socket, self.server.encrypted(self.socket)
        self.server.release(plain)
        self.server.hold(self.socket)
        self.secure = True

    def line(self) -> bytes:
        while b"\n" not in self.unread:
            self.unread += self.read()
        line, end, self.unread = self.unread.partition(b"\n")
        return line + end

    def read(self) -> bytes:
        received = self.socket.recv(65536)
        if not received:
            raise _Over
        self.note(received)
        return received

    def note(self, received: bytes) -> None:
        """Record the bytes."""
        self.server.received += received
        if not self.secure:
            self.server.in_the_clear += received
