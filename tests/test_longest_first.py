"""The order of the tests: those that take minutes are begun at once, in every worker."""

import pytest

from tests.longest_first import deal


@pytest.mark.parametrize(
    ("items", "workers", "order"),
    [
        ("aLbcLde", 1, "LLabcde"),
        ("abLcLdefL", 3, "LabLcdLef"),
        ("abcdeLLf", 3, "LaLbcdef"),
        ("abc", 2, "abc"),
    ],
)
def test_each_worker_begins_with_its_share(items: str, workers: int, order: str) -> None:
    """The parts that pytest-xdist makes begin with what is long; all else keeps its order, and nothing is lost."""
    assert "".join(deal(items, "L".__eq__, workers)) == order
