"""Write the paper form as Word and ODT files: zip archives of the templates in `templates/docx` and `templates/odt`.

Sources: ECMA-376 (Office Open XML), ISO/IEC 26300 (OpenDocument) 1.3. No macros, no links, no time and no machine name:
the same form gives the same bytes.
"""

import io
import os
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
FORMATS = tuple(_ON_A_COMPUTER)
"""The file extensions."""


def office_file(paper: PaperForm, extension: str) -> bytes:
    """Render the form as a `docx` or `odt` file."""
    templates = PackageLoader("referral_function.papers", f"templates/{extension}")
    jinja = Environment(loader=templates, autoescape=True, undefined=StrictUndefined)
    values = {
        "paper": paper,
        "language": LANGUAGE,
        "table_headings": _TABLE_HEADINGS,
        "on_a_computer": _ON_A_COMPUTER[extension],
        "next_id": count(1).__next__,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # The type of an ODT file is first and not compressed: its first bytes tell it (OpenDocument 1.3, part 2, 3.3).
        for name in sorted(templates.list_templates(), key=lambda name: name != "mimetype"):
            entry = zipfile.ZipInfo(name, _EARLIEST_TIME)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, jinja.get_template(name).render(values), compresslevel=9)
    return packed.getvalue()


def write_papers(folder: Path, service: Mapping[str, Any]) -> list[Path]:
    """Write every form in every format into the folder and return the paths; unchanged files are not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for route in PAPER_ROUTES:
        paper = paper_form(route, service)
        for extension in FORMATS:
            written.append(folder / f"{paper.file_name}.{extension}")
            write_if_changed(written[-1], office_file(paper, extension))
    return written


def write_if_changed(path: Path, content: bytes) -> None:
    """Write atomically, since two builds may run at once, and only a change, since a preview watches the folder."""
    if not path.exists() or path.read_bytes() != content:
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.write_bytes(content)
        new.replace(path)
