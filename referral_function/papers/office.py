"""Write the paper form as Word and ODT files: zip archives of the XML templates in `templates/docx` and `templates/odt`.

Sources: ECMA-376 (Office Open XML), ISO/IEC 26300 (OpenDocument) 1.3. No macros, no links, no time and no machine name:
the same form gives the same bytes.
"""

import io
import zipfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from referral_function.papers.paper import PAPER_ROUTES, PaperForm, paper_form
from referral_function.papers.wording import IN_ODT, IN_WORD

LANGUAGE = "en-GB"
_TABLE_HEADINGS = ("What we ask", "Your answer")
_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)  # of a zip archive
_ON_A_COMPUTER = {"docx": IN_WORD, "odt": IN_ODT}
FORMATS: Mapping[str, Mapping[str, str]] = {
    "docx": {
        "[Content_Types].xml": "content_types.xml",
        "_rels/.rels": "package_rels.xml",
        "docProps/core.xml": "core.xml",
        "word/_rels/document.xml.rels": "document_rels.xml",
        "word/document.xml": "document.xml",
        "word/styles.xml": "styles.xml",
        "word/numbering.xml": "numbering.xml",
        "word/settings.xml": "settings.xml",
        "word/header.xml": "header.xml",
        "word/footer.xml": "footer.xml",
    },
    "odt": {
        "mimetype": "mimetype",
        "META-INF/manifest.xml": "manifest.xml",
        "content.xml": "content.xml",
        "styles.xml": "styles.xml",
        "meta.xml": "meta.xml",
    },
}
"""By file extension, the files of an archive in order, each with its template."""


def office_file(paper: PaperForm, extension: str) -> bytes:
    """Render the form as a `docx` or `odt` file."""
    jinja = Environment(loader=PackageLoader("referral_function.papers"), autoescape=True, undefined=StrictUndefined)
    values = {
        "paper": paper,
        "language": LANGUAGE,
        "table_headings": _TABLE_HEADINGS,
        "on_a_computer": _ON_A_COMPUTER[extension],
        "next_id": count(1).__next__,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, template in FORMATS[extension].items():
            entry = zipfile.ZipInfo(name, _EARLIEST_TIME)
            entry.create_system = 0
            # The type of an ODT file is not compressed, so that its first bytes tell it (OpenDocument 1.3, part 2, 3.3).
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, jinja.get_template(f"{extension}/{template}").render(values), compresslevel=9)
    return packed.getvalue()


def write_papers(folder: Path, service: Mapping[str, Any]) -> list[Path]:
    """Write every form in every format into the folder and return the paths; unchanged files are not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for route in PAPER_ROUTES:
        paper = paper_form(route, service)
        for extension in FORMATS:
            written.append(folder / f"{paper.file_name}.{extension}")
            _replace(written[-1], office_file(paper, extension))
    return written


def _replace(path: Path, content: bytes) -> None:
    """Write atomically, since two builds may run at once, and only a change, since a preview watches the folder."""
    if not path.exists() or path.read_bytes() != content:
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(content)
        new.replace(path)
