"""Rules for the PDF files in docs/downloads/: each can be read aloud, and a link to it says how large it is."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from posixpath import join, normpath
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from website.check.picture_files import MAX_BYTES
from website.content.pages import Finding, Page
from website.content.rendering import RenderedPage

DOWNLOADS: Final = "docs/downloads/"
_SIZE: Final = re.compile(r"PDF\b.*?([\d.,]+)\s*([km])b", re.IGNORECASE)
_TOLERANCE: Final = 0.25


def check_pdf_files(root: Path, generated: Collection[str]) -> Iterator[Finding]:
    """Check the size, the title and the language of each PDF (WCAG 2.2, 2.4.2 and 3.1.1) that the build does not make."""
    for path in sorted((root / DOWNLOADS).glob("*.pdf")):
        name = f"{DOWNLOADS}{path.name}"
        if name in generated:
            continue
        try:
            reader = PdfReader(path)
            title, language = reader.metadata and reader.metadata.title, reader.root_object.get("/Lang")
        except (PyPdfError, OSError, ValueError, KeyError):
            yield _finding(name, "this is not a PDF that can be read. Save it again as PDF.")
            continue
        if not title:
            yield _finding(
                name,
                "this PDF has no title, which screen readers say first. In Word: File, Info, Title. Save it again.",
            )
        if not language:
            sentence = "this PDF does not say in which language it is. In Word: Review, Language, Set Proofing Language. Save it again."
            yield _finding(name, sentence)
        if (size := path.stat().st_size) > MAX_BYTES:
            yield _finding(
                name, f"this file has {_written(size)}. Make it smaller: many readers pay for each megabyte."
            )


def check_pdf_links(root: Path, page: Page, rendered: RenderedPage, generated: Collection[str]) -> Iterator[Finding]:
    """Check that the words of each link to such a file say that it is a PDF, and its size."""
    entries = page.front_matter.get("downloads") or ()
    listed = [(str(each.get("file")), str(each.get("title"))) for each in entries if isinstance(each, dict)]
    for address, words in dict.fromkeys((*rendered.links, *listed)):
        name = f"docs/{normpath(join(rendered.url, address)).lstrip('/')}"
        if (address, words) in listed and not (name.startswith(DOWNLOADS) and (root / name).is_file()):
            yield page.finding(page.line_of("downloads"), f"{address} is no PDF of this website. Upload it here again.")
        if not name.endswith(".pdf") or name in generated or not (root / name).is_file():
            continue
        size, said = (root / name).stat().st_size, _SIZE.search(words)
        told = float(said[1].replace(",", "")) * (1000 if said[2].lower() == "k" else 1_000_000) if said else 0
        if abs(told - size) > max(_TOLERANCE * size, 1000):
            plain = re.sub(r"\s*\([^()]*\)$", "", " ".join(words.split()))
            line = page.line_with(words.strip()) or page.line_of("downloads")
            yield page.finding(
                line, f"the link “{words}” has to say how large the file is: “{plain} (PDF, {_written(size)})”."
            )


def _written(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB"  # noqa: PLR2004 - a megabyte


def _finding(name: str, sentence: str) -> Finding:
    return Finding(path=name, line=0, sentence=sentence)
