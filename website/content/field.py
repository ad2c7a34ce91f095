"""One field of a page's front matter, and the type of its value."""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """The type of value that a field of the front matter takes."""

    LINE = auto()
    SENTENCES = auto()
    DAY = auto()
    YES_NO = auto()
    CHOICE = auto()
    LIST = auto()
    FILE = auto()
    PDF = auto()
    PARTS = auto()
    """A list whose entries have fields of their own."""
    FIXED = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the front matter: its key, its label in the editor, and its type."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool | None = None
    """The value on a new page."""
    parts: "tuple[Field, ...]" = ()
    """The fields of each entry."""
