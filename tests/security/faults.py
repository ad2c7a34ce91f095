"""Fault injection by line: records the lines that a request executes, then makes one of them raise."""

import linecache
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeAlias, TypeVar

import pytest

import referral_function
from tests.security.tracing import tracing

Line: TypeAlias = tuple[str, int]
Result = TypeVar("Result")
ENGINES: Final = ("sqlite", pytest.param("postgres", marks=pytest.mark.slow("a fault at every line, on PostgreSQL")))
_PACKAGE = str(Path(referral_function.__file__).parent)


class InventedFault(Exception):
    """The injected exception; its text must never be shown."""


def lines_reached(request: Callable[[], Result]) -> tuple[list[Line], Result]:
    """Make a request and return the lines of the package that it executes, each once, in order, and its result."""
    reached: dict[Line, None] = {}
    return_value = _traced(request, reached.setdefault, _PACKAGE)
    return [line for line in reached if not _runs_nothing(line)], return_value


def with_fault(line: Line, request: Callable[[], Result]) -> Result:
    """Make a request during which one line raises each time it is reached."""

    def hit(reached: Line) -> None:
        if reached == line:
            raise InventedFault("Zebra said so")

    return _traced(request, hit, _PACKAGE + line[0])


def _runs_nothing(line: Line) -> bool:
    return linecache.getline(_PACKAGE + line[0], line[1]).strip() == "try:"


def _traced(request: Callable[[], Result], see: Callable[[Line], object], path: str) -> Result:
    """Make a request and report each line below a path that it reaches: tracing costs more than the request."""

    def local(frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            see((frame.f_code.co_filename.removeprefix(_PACKAGE), frame.f_lineno))
        return local

    def each_call(frame: FrameType, _event: str, _argument: object) -> Any:
        name = frame.f_code.co_filename
        return local if name.startswith(path) and name.endswith(".py") else None

    with tracing(each_call):
        return request()
