"""A dataclass that is frozen, slotted, keyword-only, and compared and shown by its fields.

`dataclass` alone compiles six methods for each class that asks for all this, and for forty classes that is a sixth of a
cold start. Here five of them are written once, and `__init__` alone is compiled.
"""

from dataclasses import Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class whose instances cannot be changed once they are made."""
    made: Any = dataclass(slots=True, kw_only=True, eq=False, repr=False)(cls)
    made.__setattr__, made.__delattr__ = _set_once, _refuse
    made.__eq__, made.__hash__, made.__repr__ = _equals, _hash, _shown
    return made  # type: ignore[no-any-return] # the class itself, or what `slots` made of it


def _set_once(self: object, name: str, to: object) -> None:
    if hasattr(self, name):
        _refuse(self, name)
    object.__setattr__(self, name, to)


def _refuse(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot change {name!r}: it stays as it was made")


def _held(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - an instance of any class that `frozen` made
    return tuple(getattr(self, each.name) for each in fields(self))


def _equals(self: object, other: object) -> bool:
    return type(self) is type(other) and _held(self) == _held(other)


def _hash(self: object) -> int:
    return hash((type(self), _held(self)))


def _shown(self: Any) -> str:  # noqa: ANN401 - an instance of any class that `frozen` made
    told: list[Field[Any]] = [each for each in fields(self) if each.repr]
    return f"{type(self).__name__}({', '.join(f'{each.name}={getattr(self, each.name)!r}' for each in told)})"
