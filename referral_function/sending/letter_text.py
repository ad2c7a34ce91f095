"""The plain face of the letter.

Mail programs join lines: Outlook removes a line break after a line of 40 characters or more, unless it ends with a full
stop, colon, question or exclamation mark, is followed by an empty line, or the next line begins with two blanks. So
every line here does one of these; only the further lines of a typed text stand as they were typed, and the label says
how many lines belong to it.
"""

import hashlib
from collections.abc import Iterable, Iterator

from referral_function.sending.letter import NO_DANGER, NOT_ANSWERED, ROUTE_NAMES, Letter, Row, closing

DANGER = "DANGER: "
HEADINGS = WHO, LOOK_AT_FIRST, CRITERIA, SECTIONS = "WHO:", "LOOK AT FIRST:", "CRITERIA:", "THE REFERRAL:"


def letter_text(letter: Letter) -> str:
    """Write the letter with one line feed at each line end; the last line holds a checksum of those above it."""
    text = "\n".join(_lines(letter))
    return f"{text}\n{closing(checksum(text))}\n"


def checksum(text: str) -> str:
    """Return the checksum of the lines above the closing line: it tells whether a mail program changed one."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lines(letter: Letter) -> Iterator[str]:
    yield from (f"Reference: {letter.reference}", "", f"Route: {ROUTE_NAMES[letter.route]}.")
    yield from (f"Received: {letter.received}.", "")
    contact, *more = map(line, letter.contact)
    yield from (contact, *_indented(more), "")
    danger, *more = [line(row) for row in letter.danger] or [NO_DANGER]
    yield from (DANGER + danger, *_indented(more), "")
    yield from (WHO, *_indented(_packed(letter.who)), "")
    yield from (LOOK_AT_FIRST, *_indented(map(line, letter.look_at_first)), "")
    yield from (CRITERIA, *_indented(map(line, letter.criteria)), "", SECTIONS)
    for number, section in enumerate(letter.sections, start=1):
        title = f"{number}. {section.title}"
        first = title if title.endswith("?") else f"{title}."
        first += f" See {', '.join(section.see)}." if section.see else ""
        rows = list(_packed(section.rows))
        if rows and not section.rows[0].typed:
            first += f" {rows.pop(0)}"
        first += f" {NOT_ANSWERED}: {', '.join(section.not_answered)}." if section.not_answered else ""
        yield from (f"  {first}", *_indented(rows, "    "))
    yield ""


def line(row: Row) -> str:
    """Write a row; only what the program says ends with a full stop, a typed text stays as it is."""
    count = row.text.count("\n") + 1
    label = f"{row.label} ({count} lines): " if row.label and count > 1 else f"{row.label}: " if row.label else ""
    text = row.text if row.typed or row.text.endswith((".", "?")) else f"{row.text}."
    return " ".join((*([label.rstrip()] if label else []), *([row.before] if row.before else []), text))


def _packed(rows: Iterable[Row]) -> Iterator[str]:
    """Write choices that follow each other in one line, and every typed text in a line of its own."""
    packed: list[str] = []
    for row in rows:
        if row.typed:
            yield from [" ".join(packed)] if packed else []
            yield line(row)
            packed = []
        else:
            packed.append(line(row))
    yield from [" ".join(packed)] if packed else []


def _indented(lines: Iterable[str], by: str = "  ") -> Iterator[str]:
    yield from (f"{by}{each}" for each in lines)
