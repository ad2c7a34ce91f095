"""A tracer in the place of coverage's, which does not see what runs meanwhile."""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final

_CACHED: Final = type(functools.cache(len))


@contextlib.contextmanager
def tracing(tracer: Callable[[FrameType, str, Any], Any]) -> Iterator[None]:
    """Trace what runs; afterwards forget what functions of ours kept meanwhile, or coverage would never see them run."""
    kept = {function: function.cache_info().currsize for function in _functions_that_keep()}
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)
        for function in _functions_that_keep():
            if function.cache_info().currsize > kept.get(function, 0):
                function.cache_clear()


def _functions_that_keep() -> list[Any]:
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("referral_function.")]
    values = [value for module in modules for value in vars(module).values()]
    return [value for value in values if isinstance(value, _CACHED)]
