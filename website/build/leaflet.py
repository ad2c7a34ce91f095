"""The leaflet (A4, to fold once) and the card (A6) as PDF, from the words between comments on the page for professionals.

Nothing on the outside names a crime, and the QR code stands inside: either may be found by somebody else.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from website.build.font_subset import font_file

A4: Final = (210, 297)  # mm
A6: Final = (105, 148)
MARGIN: Final = 14.0
_PART: Final = re.compile(r"<!-- leaflet: (\w+) -->\n(.*?)(?=<!-- /?leaflet)", re.DOTALL)
_TEAL: Final = (16, 63, 60)
_MADE_ON: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Always the same, so that the same words make the same file."""


def leaflet_words(markdown: str) -> dict[str, list[tuple[str, str]]]:
    """Return the blocks of each part: their kind (`heading`, `item` or `text`) and their words."""
    return {name: list(_blocks(words)) for name, words in _PART.findall(markdown)}


def _blocks(words: str) -> Iterator[tuple[str, str]]:
    for block in words.strip().split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("- "):
            yield from (("item", line.removeprefix("- ")) for line in lines)
        else:
            kind = "heading" if lines[0].startswith("#") else "text"
            yield kind, " ".join(lines).lstrip("# ")


def make_leaflet(words: Mapping[str, list[tuple[str, str]]], service: Mapping[str, Any], website: str) -> bytes:
    """Return the leaflet: page 1 is the outside with the cover on its right half, page 2 the inside in two columns."""
    sheet = _Sheet(A4, "Leaflet", service)
    half = sheet.w / 2
    sheet.add_page()
    sheet.set_fill_color(*_TEAL)
    sheet.rect(half, 0, half, sheet.h, style="F")
    sheet.set_text_color(255)
    sheet.column(half + MARGIN, half - 2 * MARGIN, 70)
    sheet.blocks(words["outside"], heading=28, text=15)
    sheet.phone(26)
    sheet.add_page()
    sheet.set_text_color(0)
    middle = _middle(words["inside"])
    for left, part in ((0, words["inside"][:middle]), (half, words["inside"][middle:])):
        sheet.column(left + MARGIN, half - 2 * MARGIN, MARGIN)
        sheet.blocks(part, heading=20, text=16)
    sheet.phone(22)
    sheet.code(website, 34)
    return bytes(sheet.output())


def make_card(words: Mapping[str, list[tuple[str, str]]], service: Mapping[str, Any], website: str) -> bytes:
    """Return the card: words on page 1, the telephone number and the QR code on page 2."""
    sheet = _Sheet(A6, "Card", service)
    sheet.add_page()
    sheet.column(MARGIN, sheet.w - 2 * MARGIN, MARGIN)
    sheet.blocks(words["card"], heading=22, text=14)
    sheet.add_page()
    sheet.column(MARGIN, sheet.w - 2 * MARGIN, MARGIN)
    sheet.phone(24)
    sheet.code(website, 34)
    return bytes(sheet.output())


def _middle(blocks: list[tuple[str, str]]) -> int:
    """Return where the second column begins: at the heading nearest to half of the words."""
    lengths = [len(words) for _kind, words in blocks]
    headings = [number for number, (kind, _words) in enumerate(blocks) if kind == "heading"]
    return min(headings, key=lambda number: abs(sum(lengths[:number]) - sum(lengths) / 2))


class _Sheet(FPDF):
    """A landscape sheet, written in columns in the typeface of the headings."""

    def __init__(self, paper: tuple[int, int], title: str, service: Mapping[str, Any]) -> None:
        super().__init__(orientation="landscape", format=paper)
        self.service = service
        self.set_auto_page_break(auto=False)
        self.set_creation_date(_MADE_ON)
        self.set_lang("en-GB")
        self.set_title(f"{title}: {service['name']}")
        self.add_font("serif", "", font_file().with_name("SourceSerifPro-Regular.ttf"))
        self.add_font("serif", "B", font_file())

    def column(self, left: float, width: float, top: float) -> None:
        """Go to the top of a column."""
        self.left, self.width = left, width
        self.set_y(top)

    def blocks(self, blocks: list[tuple[str, str]], *, heading: int, text: int) -> None:
        """Write headings, paragraphs and items of lists; sizes in points."""
        for kind, words in blocks:
            self.block(words, heading if kind == "heading" else text, bold=kind == "heading", bullet=kind == "item")

    def block(self, words: str, size: int, *, bold: bool = False, bullet: bool = False) -> None:
        """Write one block and a gap below it."""
        self.set_font("serif", "B" if bold else "", size)
        indent = size / 3 if bullet else 0
        if bullet:
            self.set_x(self.left)
            self.cell(indent, size * 0.48, "•", new_x=XPos.LEFT, new_y=YPos.TOP)
        self.set_x(self.left + indent)
        self.multi_cell(self.width - indent, size * 0.48, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(size / (12 if bold else 6))

    def phone(self, size: int) -> None:
        """Write the telephone number, what it costs, and how to call with Relay UK."""
        self.ln(size / 8)
        self.block(str(self.service["phone"]), size, bold=True)
        self.block(" ".join(filter(None, (self.service["phone_cost"], self.service["relay_uk"]))), size // 2)

    def code(self, website: str, size: float) -> None:
        """Draw the QR code of the website, `size` mm wide."""
        picture = io.BytesIO()
        segno.make(website, error="m").save(picture, kind="png", scale=8, border=2)
        self.image(picture, x=self.left, y=self.get_y() + 2, w=size, alt_text="QR code: the address of the website")
