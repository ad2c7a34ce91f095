"""pytest plugin: begin with the tests that take long, a part of them in each worker, or one would be left alone with them.

`--dist worksteal` of pytest-xdist deals the tests out in parts of equal size, one after the other.
"""

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

_T = TypeVar("_T")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of whole machines first in each worker's part, then the others that take long."""
    items.sort(key=_boots_a_machine, reverse=True)
    items[:] = deal(items, _takes_long, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _boots_a_machine(item: pytest.Item) -> bool:
    return any("systemd-nspawn" in mark.args for mark in item.iter_markers("needs"))


def _takes_long(item: pytest.Item) -> bool:
    """Whether a test starts other programs, or is slow by itself; each slow one in the browser is short."""
    is_slow = item.get_closest_marker("slow") and not item.get_closest_marker("browser")
    return bool(is_slow or item.get_closest_marker("needs"))


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
