"""The paper form as an ODT file, from the templates in `papers/templates/`: what LibreOffice and many offices open.

Source: ISO/IEC 26300 (OpenDocument) 1.3. Written with the standard library and our templates: the format is four small
XML files, and the libraries for it are older than it or ask for as much XML as this.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined

from referral_function.papers.archive import zipped
from referral_function.papers.paper import LANGUAGE, LINE, TABLE_HEADINGS, PaperForm
from referral_function.papers.wording import IN_ODT

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_FILES = {"content.xml": "content.xml", "styles.xml": "styles.xml", "meta.xml": "meta.xml"}
_FILES |= {"META-INF/manifest.xml": "manifest.xml"}


def odt_file(paper: PaperForm) -> bytes:
    """Write the form as an .odt file, the same to the byte each time."""
    jinja = Environment(loader=PackageLoader("referral_function.papers"), autoescape=True, undefined=StrictUndefined)
    known = {
        "paper": paper,
        "language": LANGUAGE,
        "line": LINE,
        "headings": TABLE_HEADINGS,
        "heights": sorted({row.lines or 1 for part in paper.parts for row in part.rows} | {1}),
        "head": paper.head,
        "foot": paper.foot,
        "on_a_computer": IN_ODT,
    }
    made = {name: jinja.get_template(template).render(known).encode() for name, template in _FILES.items()}
    # The type comes first and uncompressed, so that a program knows the file by its first bytes (OpenDocument 1.3, 2.2.4).
    return zipped([("mimetype", MEDIA_TYPE.encode()), *made.items()], plain=frozenset({"mimetype"}))
