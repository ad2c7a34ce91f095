"""Frozen dataclasses: what `dataclass` promises of them holds, though most of their methods are written once."""

from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from importlib import import_module
from pkgutil import walk_packages

import pytest

import referral_function
from referral_function.frozen import frozen


@frozen
class Ours:
    """Made by us."""

    name: str
    secret: str = field(default="hidden", repr=False)
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """The same, made by Python alone."""

    name: str
    secret: str = field(default="hidden", repr=False)
    parts: tuple[int, ...] = ()


def test_it_is_what_python_would_have_made() -> None:
    """Words, equality, hash, copies and dictionaries are those of a frozen dataclass; a hidden field stays hidden."""
    one, other = Ours(name="a", parts=(1,)), Theirs(name="a", parts=(1,))
    assert repr(one) == repr(other).replace("Theirs", "Ours")
    assert "hidden" not in repr(one)
    assert asdict(one) == asdict(other)
    assert replace(one, name="b") == Ours(name="b", parts=(1,)) != one
    assert {one: 1}[Ours(name="a", parts=(1,))] == 1
    assert one != object()
    assert Ours(name="a", secret="other") != Ours(name="a")
    assert not hasattr(one, "__dict__")
    with pytest.raises(TypeError, match="positional"):
        Ours("a")  # type: ignore[call-arg] # that is the point


@pytest.mark.parametrize("made", [Ours(name="a"), Theirs(name="a")])
def test_nothing_of_it_can_be_changed(made: Ours | Theirs) -> None:
    """Setting or deleting a field is refused, as Python refuses it."""
    with pytest.raises(FrozenInstanceError):
        made.name = "b"  # type: ignore[misc] # that is the point
    with pytest.raises(FrozenInstanceError):
        del made.name
    assert made.name == "a"


def test_every_dataclass_of_the_function_is_frozen() -> None:
    """But for the post of one request, every dataclass of the package refuses to be changed."""
    changeable = []
    for module in walk_packages(referral_function.__path__, "referral_function."):
        if module.name in {"referral_function.wsgi", "referral_function.__main__"}:
            continue
        for name, made in vars(import_module(module.name)).items():
            if isinstance(made, type) and made.__module__ == module.name and hasattr(made, "__dataclass_fields__"):
                instance: object = object.__new__(made)
                try:
                    for each in fields(made):
                        object.__setattr__(instance, each.name, None)
                        setattr(instance, each.name, None)
                        changeable.append(name)
                except FrozenInstanceError:
                    pass
    assert set(changeable) == {"Post"}
