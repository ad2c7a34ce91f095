"""Ports for servers that a test starts, stops and starts again."""

import contextlib
import fcntl
import functools
import itertools
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_BLOCKS: Final = [range(start, start + 100) for start in range(10_000, 30_000, 100)]
"""Below the ports that the system gives out: no other program takes one by chance."""
_LOCKS: Final[list[IO[str]]] = []


@functools.cache
def _ports() -> Iterator[int]:
    """Return the ports of a block, round and round; no other process of the tests has that block before this one ends.

    Of ports drawn by lot, one may be drawn again before the server of the first draw listens.
    """
    for block in _BLOCKS:
        with contextlib.suppress(OSError):
            path = Path(tempfile.gettempdir()) / f"referral-tests-{os.getuid()}-ports-{block.start}.lock"
            _LOCKS.append(path.open("w"))
            fcntl.flock(_LOCKS[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
            return itertools.cycle(block)
    raise RuntimeError("Other processes of the tests have every block of ports.")


def _is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


def free_port() -> int:
    """Return a port that nobody listens on, and that is given to no other test in the next hundred calls."""
    return next(filter(_is_free, _ports()))
