"""How the Word file looks and what it says about itself: A4, British English, clear print, one plain typeface.

Clear print: at least 12 point for what is read (RNIB), black on white, headings that are real headings.
"""

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from referral_function.papers.paper import LANGUAGE, PaperForm

_TYPEFACE = "Arial"
_INK, _SOFT = RGBColor(0, 0, 0), RGBColor(0x33, 0x33, 0x33)
_MARGIN = 18
# Name, size in points, bold, colour, space before and after in points, kept with what follows.
_LOOKS = (
    ("Normal", 12, False, _INK, 0, 4, False),
    ("Subtitle", 12, False, _SOFT, 0, 2, True),
    ("Title", 24, True, _INK, 0, 8, True),
    ("Heading 1", 16, True, _INK, 16, 6, True),
    ("Heading 2", 13, True, _INK, 8, 3, True),
    ("List Bullet", 12, False, _INK, 0, 3, False),
    ("Warning", 12, True, _INK, 0, 6, False),
    ("Table heading", 12, True, _INK, 2, 2, True),
    ("Question", 12, True, _INK, 2, 1, False),
    ("Hint", 11, False, _SOFT, 0, 1, False),
    ("Answer", 12, False, _INK, 2, 2, False),
    ("Choice", 12, False, _INK, 0, 1, False),
    ("Header", 10, False, _SOFT, 0, 0, False),
    ("Footer", 10, False, _SOFT, 0, 0, False),
)

_WORD_OF_TODAY = "15"  # without it, Word opens the file in compatibility mode, and says so


def _sides(names: str, width: int, space: int = 0) -> str:
    """Draw borders; `width` is in eighths of a point, `space` in points."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="555555"/>' for side in names.split()
    )


_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Questions"><w:name w:val="Questions"/>
<w:tblPr><w:tblBorders>{_sides("top left bottom right insideH insideV", 6)}</w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>
<w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="D5E5E1"/></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="firstCol"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="F1F5F4"/></w:tcPr></w:tblStylePr>
</w:style>"""
_FRAME = f"<w:pBdr {nsdecls('w')}>{_sides('top left bottom right', 12, 4)}</w:pBdr>"


def dressed(paper: PaperForm) -> Document:
    """Start an empty document with its page, its styles, its language, its title, its head and its foot."""
    document = docx.Document()
    _dress_styles(document)
    _dress_page(document, paper)
    _describe(document, paper)
    return document


def _dress_styles(document: Document) -> None:
    styles = document.styles
    for name, size, bold, colour, before, after, keep in _LOOKS:
        known = name in styles
        style = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - the table above names paragraphs alone
        if not known:
            style.base_style = styles["Normal"]
        properties = style.element.get_or_add_rPr()
        for element in list(properties):
            properties.remove(element)
        properties.append(_fonts())
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, colour
        form = style.paragraph_format
        form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
        for stops in style.element.findall(f".//{qn('w:tabs')}"):
            stops.getparent().remove(stops)
    styles["Warning"].element.find(f".//{qn('w:spacing')}").addprevious(parse_xml(_FRAME))
    choice = styles["Choice"]
    assert isinstance(choice, ParagraphStyle)  # noqa: S101 - the same
    choice.paragraph_format.left_indent, choice.paragraph_format.first_line_indent = Mm(8), Mm(-8)
    choice.paragraph_format.tab_stops.add_tab_stop(Mm(8))
    hint = styles.add_style("Choice hint", WD_STYLE_TYPE.CHARACTER)
    hint.font.size, hint.font.color.rgb = Pt(11), _SOFT
    styles.element.append(parse_xml(_TABLE))
    default = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for element in list(default):
        default.remove(element)
    default.append(_fonts())
    default.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'))


def _fonts() -> object:
    names = " ".join(f'w:{script}="{_TYPEFACE}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return parse_xml(f"<w:rFonts {nsdecls('w')} {names}/>")


def _dress_page(document: Document, paper: PaperForm) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.header.paragraphs[0].add_run(paper.head)
    foot = section.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(210 - 2 * _MARGIN), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{paper.foot}\tPage ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    xml = f'<w:fldSimple {nsdecls("w")} w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(xml))  # noqa: SLF001 - python-docx knows no fields


def _describe(document: Document, paper: PaperForm) -> None:
    about = document.core_properties
    about.title, about.author, about.language = f"{paper.title} – {paper.service}", paper.service, LANGUAGE
    about.subject, about.comments, about.version = "Referral form", "", paper.version
    about.last_modified_by, about.revision = paper.service, 1
    # When it was made says nothing: the version names the form, and the same form must give the same bytes.
    for element in list(about._element):  # noqa: SLF001 - python-docx can set a time, never take it away
        if element.tag.rpartition("}")[2] in {"created", "modified"}:
            about._element.remove(element)  # noqa: SLF001 - the same
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]
    settings = document.settings.element
    mode = f"{qn('w:compat')}/{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']"
    settings.find(mode).set(qn("w:val"), _WORD_OF_TODAY)
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)
