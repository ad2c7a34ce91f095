"""The HTML face of the letter: headings, lists and tables with everything escaped; no style, no image, nothing remote."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from urllib.parse import quote

from referral_function.sending.letter import NO_DANGER, NOT_ANSWERED, ROUTE_NAMES, Letter, Row, closing


def letter_html(letter: Letter) -> str:
    """Write the letter as a page."""
    return "\n".join(_lines(letter)) + "\n"


def _lines(letter: Letter) -> Iterator[str]:
    yield f'<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{letter.reference}</title></head>\n<body>'
    yield f"<h1>Reference: {letter.reference}</h1>"
    yield f"<p>Route: {escape(ROUTE_NAMES[letter.route])}.</p>\n<p>Received: {letter.received}.</p>"
    parts = (
        ("Contact", letter.contact),
        ("Danger", letter.danger or (Row(text=NO_DANGER[0].upper() + NO_DANGER[1:]),)),
        ("Who", letter.who),
        ("Look at first", letter.look_at_first),
        ("Criteria", letter.criteria),
    )
    for title, rows in parts:
        yield f"<h2>{title}</h2>"
        yield from _rows(rows)
    yield "<h2>The referral</h2>"
    for number, section in enumerate(letter.sections, start=1):
        yield f"<h3>{number}. {escape(section.title)}</h3>"
        yield f"<p>See {', '.join(section.see)}.</p>" if section.see else ""
        yield from _rows(section.rows)
        yield f"<p>{NOT_ANSWERED}: {escape(', '.join(section.not_answered))}.</p>" if section.not_answered else ""
    yield f"<p>{closing()}</p>\n</body>\n</html>"


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows with a label as a table, and sentences as a list."""
    for labelled, group in groupby(rows, key=lambda row: bool(row.label)):
        if labelled:
            yield "<table>"
            yield from (
                f'<tr><th scope="row">{escape(row.label)}</th><td dir="auto">{_text(row)}</td></tr>' for row in group
            )
            yield "</table>"
        else:
            yield "<ul>"
            yield from (f'<li dir="auto">{_text(row)}</li>' for row in group)
            yield "</ul>"


def _text(row: Row) -> str:
    text = escape(row.text).replace("\n", "<br>")
    if row.link:
        address = _dialled(row.text) if row.link == "tel" else quote(row.text.strip(), safe="@")
        text = f'<a href="{row.link}:{address}">{text}</a>'
    return f"{escape(row.before)} {text}" if row.before else text


def _dialled(phone: str) -> str:
    """Return the number to dial, without its extension, which a person types after the answer."""
    number = re.split(r"[a-z#]", phone.replace("(0)", ""), maxsplit=1, flags=re.IGNORECASE)[0]
    return re.sub(r"[^0-9+]", "", number)
