"""The paper forms as files in a folder: Word and ODT, for each route."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from referral_function.asking.questions import Route
from referral_function.papers.odt import odt_file
from referral_function.papers.paper import paper_form
from referral_function.papers.word import word_file

WRITERS = {".docx": word_file, ".odt": odt_file}


def write_papers(folder: Path, service: Mapping[str, Any]) -> list[Path]:
    """Write each form in each format, and give the files; one that is already there as it should be is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for route in Route:
        paper = paper_form(route, service)
        for ending, write in WRITERS.items():
            written.append(folder / f"{paper.file_name}{ending}")
            _put(written[-1], write(paper))
    return written


def _put(path: Path, content: bytes) -> None:
    """Write in one step, and only if it is another than before: two builds may run at once."""
    if not path.exists() or path.read_bytes() != content:
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(content)
        beside.replace(path)
