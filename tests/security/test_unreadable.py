"""What the server itself refuses, before the application sees it: with our headers, in our words, without a name."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from waitress.task import ErrorTask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from referral_function.commands.http_server import MAX_GATHERED_BYTES, MAX_HEADER_BYTES
from referral_function.events import JsonLines
from tests.project_copies import PHONE
from tests.security.running_server import CHUNKED, WHOLE, Server, answer, running
from tests.security.test_headers import missing
from tests.test_serve import Service

HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
UNREADABLE: dict[str, tuple[int, bytes]] = {
    "no request at all": (400, b"\x16\x03\x01 Zebra\r\n\r\n"),
    "a method in small letters": (400, b"Zebra /" + HOST + b"\r\n"),
    "a name with a blank": (400, b"GET /" + HOST + b"Zebra zebra: x\r\n\r\n"),
    "a folded header before any": (400, b"GET / HTTP/1.1\r\n Zebra\r\n\r\n"),
    "a bare line feed": (400, b"GET /" + HOST + b"X: Zebra\nY: Zebra\r\n\r\n"),
    "two lengths": (400, b"POST /" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nZebra"),
    "no chunk": (400, CHUNKED.replace(b"5\r\nhello", b"Zebra\r\nhello")),
    "no end of a chunk": (400, CHUNKED.replace(b"hello", b"hello, Zebra")),
    "too long a body": (413, b"POST /Zebra" + HOST + b"Content-Length: %d\r\n\r\nZebra" % MAX_GATHERED_BYTES),
    "too many chunks": (
        413,
        CHUNKED.replace(b"5\r\nhello", (b"%x\r\n" % MAX_GATHERED_BYTES) + b"Zebra" * (MAX_GATHERED_BYTES // 5 + 1)),
    ),
    "an address without end": (431, b"GET /" + b"Zebra" * MAX_HEADER_BYTES + HOST + b"\r\n"),
    "a head without end": (431, (b"GET /" + HOST + b"X: Zebra\r\n" * MAX_HEADER_BYTES)[:MAX_HEADER_BYTES]),
    "another coding": (501, b"POST /" + HOST + b"Transfer-Encoding: Zebra\r\n\r\n0\r\n\r\n"),
    "a fault": (500, b"GET /broken" + HOST + b"\r\n"),
}
REPEATED = {"a method in small letters", "a folded header before any", "a bare line feed"}


@pytest.fixture
def server() -> Iterator[Server]:
    """Run our server."""
    with running() as one:
        yield one


def read(raw: bytes) -> TestResponse:
    """Read an answer, as far as the tests of headers do."""
    head, _, body = raw.decode("latin-1").partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = Headers([tuple(line.split(": ", 1)) for line in lines])  # type: ignore[misc] # two each
    return TestResponse([body.encode()], status.partition(" ")[2], headers, Request({}))


def wrong(raw: bytes) -> list[str]:
    """Name each header that is wrong, but for the one of TLS, which this server does not speak."""
    found = missing(read(raw), "/referral/")
    return [name for name in found if name != "Strict-Transport-Security"]


@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.5", "3.4.6", "4.1.1", "13.4.6", "16.5.1")
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_our_words(
    server: Server, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever strange bytes come, every header stands, nothing of them is repeated, the phone number is there, and an event."""
    status, sent = UNREADABLE[name]
    caplog.set_level("INFO")
    raw = answer(server.connects(sent))
    got = read(raw)
    assert got.status_code == status
    assert wrong(raw) == []
    assert "Zebra" not in raw.decode()
    assert PHONE in got.text
    assert ("could not confirm that it was sent" in got.text) is (status == 500)
    assert ("too much" in got.text) is (status == 413)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [line["event"] for line in lines] == ["library" if status == 500 else "refused"]
    assert "Zebra" not in str(lines)


@pytest.mark.parametrize("name", UNREADABLE)
def test_waitress_alone_would_not(server: Server, name: str) -> None:
    """The control: its own refusals have none of the headers, and some of them repeat what was sent."""
    server.waitress.channel_class.error_task_class = ErrorTask
    raw = answer(server.connects(UNREADABLE[name][1]))
    assert "Content-Security-Policy" in wrong(raw)
    assert (b"Zebra" in raw) is (name in REPEATED)


def test_a_client_that_has_left_breaks_nothing(server: Server) -> None:
    """Who sends nonsense and goes is no fault: the next one is answered."""
    for _ in range(5):
        client = server.connects(UNREADABLE["no request at all"][1])
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        client.close()
    assert answer(server.connects(WHOLE), b"=").endswith(b"=")


@pytest.mark.asvs("13.4.6")
def test_no_answer_names_the_server(server: Server) -> None:
    """What the server puts in front of every answer does not say what it is."""
    assert "Server" not in read(answer(server.connects(WHOLE), b"=")).headers
    server.waitress.adj.ident = "Zebra"  # the control
    assert read(answer(server.connects(WHOLE), b"=")).headers["Server"] == "Zebra"


@pytest.mark.asvs("3.4.3", "13.4.6")
def test_the_real_server_answers_so_on_its_socket(environ: dict[str, str], site: Path) -> None:
    """`serve`, in a process of its own: a page, a form, a refusal of ours and one of the server all carry every header."""
    service = Service(environ, site)
    service.start()
    asked = {"/": 200, "/referral/myself/": 303, "/nowhere": 404, "/Zebra zebra": 400}
    for path, status in asked.items():
        got = asks(service, path)
        kept = "/referral/" if status in {303, 400} else path
        assert got.status_code == status
        assert missing(got, kept) == ["Strict-Transport-Security"]
    _, log = service.stop()
    assert [json.loads(line)["event"] for line in log.splitlines()] == ["refused"]


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_the_real_server_believes_nobody_on_its_machine(environ: dict[str, str], site: Path) -> None:
    """Headers that only a proxy may write change neither scheme nor path, unless the settings say that there is a proxy."""
    forged = {"X-Forwarded-Proto": "https", "SCRIPT_NAME": "/evil", "PATH_INFO": "/evil"}
    for proxies in ("0", "1"):
        service = Service(environ | {"REFERRAL_PROXIES": proxies}, site)
        service.start()
        got = asks(service, "/referral/myself/", forged)
        service.stop()
        assert (got.status_code, got.headers["Location"]) == (303, "/refer/myself/")
        assert ("Strict-Transport-Security" in got.headers) is (proxies == "1")


def asks(service: Service, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> TestResponse:
    """Ask the real server, byte for byte."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *map(": ".join, headers.items()), "", ""]
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as client:
        client.sendall("\r\n".join(lines).encode())
        return read(answer(client))
