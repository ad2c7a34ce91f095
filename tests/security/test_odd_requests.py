"""Odd requests: what a proxy and the server could split differently is refused, with the end of the connection."""

import re

import pytest

from tests.security.running_server import CHUNKED, POST, answer, running

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
ODD = {
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "an odd length": HEAD + b"Content-Length: +5\r\n\r\nhello",
    "a length below zero": HEAD + b"Content-Length: -5\r\n\r\nhello",
    "an odd coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "no chunk": CHUNKED.replace(b"5\r\nhello", b"zz\r\nhello"),
    "a chunk below zero": CHUNKED.replace(b"5\r\nhello", b"-5\r\nhello"),
    "no end of a chunk": CHUNKED.replace(b"hello\r\n", b"hello, and more\r\n"),
    "an odd extension": CHUNKED.replace(b"5\r\n", b"5;\n\r\n"),
    "a blank before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a carriage return": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
    "a line feed": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\nContent-Length: 5\r\n\r\n",
    "nonsense": b"NONSENSE\r\n\r\n",
}


@pytest.mark.asvs("4.2.1", "15.2.2")
@pytest.mark.parametrize("name", ODD)
def test_a_request_that_can_be_read_in_two_ways_is_refused(name: str) -> None:
    """What a proxy and the server could split differently gets one refusal, and what follows it is never answered."""
    with running() as server:
        received = answer(server.connects(ODD[name] + POST))
    assert received.count(b"HTTP/1.") == 1
    assert re.match(rb"HTTP/1\.[01] (400|501) ", received)


def test_the_same_request_written_properly_is_answered() -> None:
    """The control."""
    with running() as server:
        for proper in (POST, CHUNKED, CHUNKED.replace(b"5\r\n", b'5;x="y"\r\n')):
            assert answer(server.connects(proper), b"=hello").startswith(b"HTTP/1.1 200")
