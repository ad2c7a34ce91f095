"""Text as people paste it, from Word, emails and case systems: line ends, hyphens, invisible and unreadable characters."""

import re
from itertools import islice

UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters that an HTML page cannot carry."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HYPHEN, _OPTIONAL_HYPHEN = "\x1e", "\x1f"  # of Word; the first one is non-breaking
_INVISIBLE = re.compile(  # Unicode: Cf, Default_Ignorable_Code_Point, C1 controls, and the blank Braille pattern
    "[\x80-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS_NAMED = 3


def normalise(text: str, *, one_line: bool = False) -> str:
    """Replace every line end by LF, or by a blank in a one-line box, and the hyphens of Word by text."""
    lines = _LINE_ENDS.sub("\n", text).replace(_HYPHEN, "-").replace(_OPTIONAL_HYPHEN, "")
    return lines.replace("\n", " ") if one_line else lines


def visible(text: str) -> str:
    """Remove invisible characters."""
    return _INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """Return whether a text has nothing but blanks and invisible characters."""
    return not (visible(text).strip() or UNREADABLE.search(text))


def how_to_delete_marks(text: str) -> str:
    """Return a sentence that tells which unreadable characters to delete; empty if there are none."""
    marks = list(islice(UNREADABLE.finditer(text), _MARKS_NAMED + 1))
    if not marks:
        return ""
    places = dict.fromkeys(_place(text[: mark.start()]) for mark in marks[:_MARKS_NAMED])
    others = ", and every one after that" if marks[_MARKS_NAMED:] else ""
    return f"Delete the mark {' and '.join(places)}{others}"


def first_words(text: str) -> str:
    """Return the first words of a text, without what is invisible or unreadable; empty if there are none."""
    return " ".join(visible(UNREADABLE.sub("", text[:80])).split()[:3])[:40]


def _place(before: str) -> str:
    """Name a place by the last words before it, on the same line."""
    line = visible(UNREADABLE.sub("", before)).rstrip().rpartition("\n")[2]
    words = " ".join(line[-40:].split()[-3:])
    return f"after “{words}”" if words else "at the beginning"
