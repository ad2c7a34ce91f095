"""pytest plugin: begin with the tests that take minutes, a part of them in each worker, or one would be left alone with them.

`--dist worksteal` of pytest-xdist deals the tests out in parts of equal size, one after the other.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest

_T = TypeVar("_T")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of whole machines first in each worker's part."""
    items[:] = deal(items, _takes_minutes, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _takes_minutes(item: Any) -> bool:
    return any("systemd-nspawn" in mark.args for mark in item.iter_markers("needs"))


def deal(items: Sequence[_T], is_long: Callable[[_T], bool], workers: int) -> list[_T]:
    """Return the items in an order in which each worker's part begins with its share of the long ones."""
    long, short = [each for each in items if is_long(each)], [each for each in items if not is_long(each)]
    dealt: list[_T] = []
    for worker in range(workers):
        size = (len(items) - len(dealt)) // (workers - worker)
        first = long[worker::workers]
        dealt += [*first, *short[: size - len(first)]]
        short = short[size - len(first) :]
    return dealt
