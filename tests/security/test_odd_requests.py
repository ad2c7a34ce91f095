"""Odd requests: when one is whole, and what is refused because a proxy and we could read it differently."""

import re

import pytest
from gunicorn.http.errors import LimitRequestHeaders

from referral_function.commands.arriving import MAX_HEADER_BYTES, Request
from referral_function.commands.gathering import Gathering
from referral_function.web.app import MAX_BODY_BYTES
from tests.security.worker import CHUNKED, POST, WHOLE, answer, running


@pytest.mark.asvs("15.2.2")
@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"x" * MAX_HEADER_BYTES, False),
        (WHOLE[:-1], False),
        (WHOLE, True),
        (POST[:-1], False),
        (POST, True),
        (CHUNKED[:-1], False),
        (CHUNKED, True),
        (CHUNKED.replace(b"hello\r\n0", b"hello\r\n0;x"), True),
        (CHUNKED.replace(b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n"), True),
        (CHUNKED.replace(b"0\r\n\r\n", b"0\r\nX: y\r\n"), False),
        (CHUNKED.replace(b"5\r\nhello", b"fff0\r\na=b0"), False),
        (CHUNKED[: -len(b"0\r\n\r\n")] + b"1" * (MAX_HEADER_BYTES + 1), True),
        (CHUNKED.replace(b"chunked", b"gzip")[:-2], True),
        (re.sub(b": 5", b": 00000000000005", POST)[:-1], False),
        (re.sub(b": 5", f": {MAX_BODY_BYTES}".encode(), POST), False),
        (re.sub(b": 5", f": {MAX_BODY_BYTES + 1}".encode(), POST), True),
        (re.sub(b": 5", b": 5x", POST), True),
    ],
)
def test_when_a_request_is_whole(data: bytes, whole: bool) -> None:  # noqa: FBT001 - a table
    """A head is awaited up to its limit, a body as long as it says; what will be refused anyway is handed over at once."""
    request = Request(None, data, 0.0)
    assert request.is_whole() is whole
    assert request.is_whole() is whole


def test_a_head_without_end_is_not_waited_for() -> None:
    """One byte over its limit, a head that has not ended is refused; the test before takes one at the limit."""
    with pytest.raises(LimitRequestHeaders):
        Request(None, b"x" * (MAX_HEADER_BYTES + 1), 0.0).is_whole()


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
        CHUNKED.replace(b"5\r\nhello", b"zz\r\nhello"),
        CHUNKED.replace(b"hello\r\n", b"hello, and more\r\n"),
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
    ],
    ids=[
        "length and chunks",
        "two lengths",
        "odd coding",
        "odd length",
        "no chunk",
        "no end of a chunk",
        "odd header",
        "nonsense",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused(request_: bytes) -> None:
    """What a proxy and we could split differently gets one refusal and the end of the connection."""
    with running(Gathering) as server:
        received = answer(server.connects(request_), b"never")
    assert received.count(b"HTTP/1.1 ") == 1
    assert re.match(rb"HTTP/1.1 (4|501)", received)
