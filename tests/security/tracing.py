"""A tracer in the place of coverage's, which does not see what runs meanwhile."""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final

_CACHED_FUNCTION: Final = type(functools.cache(len))


@contextlib.contextmanager
def tracing(tracer: Callable[[FrameType, str, Any], Any]) -> Iterator[None]:
    """Trace what runs; then clear the caches filled meanwhile: a cached function runs once, and coverage would not see it."""
    sizes = {function: function.cache_info().currsize for function in _cached_functions()}
    tracer_before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(tracer_before)
        for function in _cached_functions():
            if function.cache_info().currsize > sizes.get(function, 0):
                function.cache_clear()


def _cached_functions() -> list[Any]:
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("referral_function.")]
    values = [value for module in modules for value in vars(module).values()]
    return [value for value in values if isinstance(value, _CACHED_FUNCTION)]
