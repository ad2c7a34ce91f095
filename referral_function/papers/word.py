"""The paper form as a Word file: real headings, a table for each part, and content controls where answers go.

Source: ECMA-376 (Office Open XML) part 1, 17.5.2 for content controls. No macros, no link to anything outside.
"""

import io
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from referral_function.papers.archive import unzipped, zipped
from referral_function.papers.paper import LINE, TABLE_HEADINGS, PaperForm, Row
from referral_function.papers.wording import IN_WORD

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
_LONGEST_NAME = 64  # characters that Word shows of a content control's name
_BLANK = "\N{EN SPACE}" * 5
_ASKED_WIDTH, _ANSWER_WIDTH = 74, 100  # millimetres; together they fill the page between its margins


def word_file(paper: PaperForm) -> bytes:
    """Write the form as a .docx file, the same to the byte each time."""
    from referral_function.papers.word_styles import dressed  # noqa: PLC0415 - heavy, and only publishing needs it

    document = dressed(paper)
    controls = _Controls()
    document.add_paragraph(paper.service, style="Subtitle")
    document.add_paragraph(paper.title, style="Title")
    emergency, *before = paper.before
    document.add_heading("Before you start", 1)
    document.add_paragraph(emergency, style="Warning")
    _bullets(document, (*before, paper.how_to_fill_in, IN_WORD))
    document.add_heading("Referral criteria", 1)
    for heading, statements in paper.criteria:
        document.add_heading(heading, 2)
        _bullets(document, statements)
    for part in paper.parts:
        document.add_heading(part.title, 1)
        _questions(document, part.title, part.rows, controls)
    document.add_heading("What we do with what you send", 1)
    _bullets(document, paper.handling)
    document.add_heading("How to send this form safely", 1)
    _bullets(document, paper.sending, together=True)
    saved = io.BytesIO()
    document.save(saved)
    return zipped(unzipped(saved.getvalue()).items())


def _bullets(document: "Document", sentences: Sequence[str], *, together: bool = False) -> None:
    for sentence in sentences:
        line = document.add_paragraph(sentence, style="List Bullet")
        line.paragraph_format.keep_with_next = together and sentence is not sentences[-1]


def _questions(document: "Document", title: str, rows: tuple[Row, ...], controls: "_Controls") -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE  # noqa: PLC0415 - heavy, and only publishing needs it
    from docx.oxml import OxmlElement, parse_xml  # noqa: PLC0415 - the same
    from docx.oxml.ns import qn  # noqa: PLC0415 - the same
    from docx.shared import Mm  # noqa: PLC0415 - the same

    table = document.add_table(rows=1 + len(rows), cols=len(TABLE_HEADINGS), style="Questions")
    table.autofit = False
    for column, width in zip(table.columns, (_ASKED_WIDTH, _ANSWER_WIDTH), strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no other way to say what a table is
    properties.remove(properties.find(qn("w:tblLook")))
    properties.append(parse_xml(f'<w:tblLook xmlns:w="{WORD}" w:val="00A0" w:firstRow="1" w:firstColumn="1"/>'))
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)
    cells = iter(table._cells)  # noqa: SLF001 - row by row it asks for all of them again
    for heading in TABLE_HEADINGS:
        cell = next(cells)
        cell.width = Mm(_ASKED_WIDTH if heading is TABLE_HEADINGS[0] else _ANSWER_WIDTH)
        cell.paragraphs[0].add_run(heading)
        cell.paragraphs[0].style = document.styles["Table heading"]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the same
    for drawn, row in zip(list(table.rows)[1:], rows, strict=True):
        drawn._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001 - the same
        drawn.height, drawn.height_rule = Mm(LINE * max(row.lines, 1)), WD_ROW_HEIGHT_RULE.AT_LEAST
        asked, answer = next(cells), next(cells)
        asked.width, answer.width = Mm(_ASKED_WIDTH), Mm(_ANSWER_WIDTH)
        _asked(asked, row)
        _answer(answer, row, controls)


def _asked(cell: "_Cell", row: Row) -> None:
    question = row.question
    label = cell.paragraphs[0]
    label.style = "Question"
    label.add_run(question.label)
    if question.is_optional:
        label.add_run(" (optional)").bold = False
    for hint in row.hints:
        cell.add_paragraph(hint, style="Hint")


def _answer(cell: "_Cell", row: Row, controls: "_Controls") -> None:
    first = cell.paragraphs[0]
    if not row.boxes:
        first.style = "Answer"
        for part in row.parts:
            first.add_run(f"{part} ")
            controls.text(first, f"{row.question.label}: {part}", row.question.name, "________")
            first.add_run("  ")
        if row.lines:
            controls.text(first, row.question.label, row.question.name, _BLANK)
    for number, box in enumerate(row.boxes):
        line = cell.add_paragraph() if number else first
        line.style = "Choice"
        controls.box(line, box.label, f"{row.question.name}={box.code}")
        line.add_run(f"\t{box.label}")
        if box.hint:
            line.add_run(f"\n{box.hint}").style = "Choice hint"


class _Controls:
    """Content controls: a text to type, a box to tick. Each has its own number."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def text(self, paragraph: "Paragraph", name: str, tag: str, blank: str) -> None:
        """Add a place to type; Word shows its name, and a screen reader says it."""
        shown = f'<w:r><w:t xml:space="preserve">{blank}</w:t></w:r>'
        self._add(paragraph, name, tag, '<w:showingPlcHdr/><w:text w:multiLine="1"/>', shown)

    def box(self, paragraph: "Paragraph", name: str, tag: str) -> None:
        """Add a box that a click ticks, and that a pen can tick on paper."""
        font = "Segoe UI Symbol"
        kind = (
            f'<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="{font}"/>'
            f'<w14:uncheckedState w14:val="2610" w14:font="{font}"/></w14:checkbox>'
        )
        fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        self._add(paragraph, name, tag, kind, f'<w:r><w:rPr>{fonts}<w:sz w:val="28"/></w:rPr><w:t>☐</w:t></w:r>')

    def _add(self, paragraph: "Paragraph", name: str, tag: str, kind: str, shown: str) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415 - heavy, and only publishing needs it

        control = parse_xml(
            f'<w:sdt xmlns:w="{WORD}" xmlns:w14="{WORD_2010}"><w:sdtPr><w:alias/><w:tag/><w:id/>'
            f'<w:lock w:val="sdtLocked"/>{kind}</w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>'
        )
        for element, value in zip(control[0][:3], (name[:_LONGEST_NAME], tag, str(next(self._numbers))), strict=True):
            element.set(f"{{{WORD}}}val", value)
        paragraph._p.append(control)  # noqa: SLF001 - python-docx knows no content controls
