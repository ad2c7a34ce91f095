"""The forms as Word and ODT files, made before MkDocs runs, so that a page that links to one that is not there fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from referral_function.papers.office import write_papers
from website.content.service_data import Details

if TYPE_CHECKING:
    from pathlib import Path

DOWNLOADS: Final = "docs/downloads"


def make_papers(root: Path) -> None:
    """Write the forms on paper below the pages, for them to link to."""
    write_papers(root / DOWNLOADS, Details.read(root).service)
