"""A request while it arrives: when it is whole, so that a thread can answer it without waiting for its client."""

import re
from typing import Any

from gunicorn.http import errors

from referral_function.web.app import MAX_BODY_BYTES

MAX_HEADER_BYTES = 32 * 1024  # bytes
HEADER_TIMEOUT, BODY_TIMEOUT = 10.0, 60.0  # seconds from the first byte; a phone on a bad line sends 100 kB in a minute
_LENGTH = re.compile(rb"^content-length:[ \t]*0*([0-9]{1,12})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_CODED = re.compile(rb"^transfer-encoding:[ \t]*(.*?)[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_SIZE = re.compile(rb"([0-9a-f]{1,8})[ \t]*(?:;.*)?", re.IGNORECASE)
_LONGEST_CHUNKS = MAX_BODY_BYTES + 64 * 1024  # bytes, with the sizes between them


class Request:
    """What a client has sent so far."""

    def __init__(self, conn: Any, begun: bytes, begun_at: float) -> None:  # noqa: ANN401 - gunicorn is not typed
        self.conn, self.data, self.begun_at = conn, bytearray(begun), begun_at
        self._wanted: int | None = None  # bytes, once the head is there
        self._chunk: int | None = None  # where the next one begins, if they come in chunks

    def is_whole(self) -> bool:
        """Say whether a thread can answer without waiting: all is there, or it will be refused whatever follows.

        Raises `ParseException`: gunicorn would wait for the end of a head that is ours to refuse, and take for a fault of
        ours a chunk that is none.
        """
        if self._wanted is None:
            end = self.data.find(b"\r\n\r\n")
            if end < 0 and len(self.data) > MAX_HEADER_BYTES:
                raise errors.LimitRequestHeaders("too long")
            if end < 0:
                return False
            head = bytes(self.data[: end + 2])
            length = _LENGTH.search(head)
            coded = _CODED.search(head)
            body = int(length[1]) if length and not coded else 0
            self._wanted = end + 4 + (body if body <= MAX_BODY_BYTES else 0)
            if coded and coded[1].lower() == b"chunked" and not length:  # both at once is refused, whatever follows
                self._wanted, self._chunk = end + 4 + _LONGEST_CHUNKS, end + 4
        return len(self.data) >= self._wanted or (self._chunk is not None and self._has_all_chunks(self._chunk))

    def _has_all_chunks(self, begins: int) -> bool:
        """Walk on from chunk to chunk. Raises `InvalidHeader` for what is no chunk."""
        while (end := self.data.find(b"\r\n", begins)) >= 0:
            size = _SIZE.fullmatch(self.data[begins:end])
            if not size:
                raise errors.InvalidHeader("chunk")
            if int(size[1], 16) == 0:
                return self.data.find(b"\r\n\r\n", end) >= 0
            begins = end + 2 + int(size[1], 16) + 2
            if begins > len(self.data):
                return False
            if self.data[begins - 2 : begins] != b"\r\n":
                raise errors.InvalidHeader("chunk")
            self._chunk = begins
        return len(self.data) - begins > MAX_HEADER_BYTES

    def is_late(self, now: float) -> bool:
        """Say whether the time to send it is over."""
        return now - self.begun_at > (HEADER_TIMEOUT if self._wanted is None else BODY_TIMEOUT)
