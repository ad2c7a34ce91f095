"""The address of every page that has a Markdown file, and one of a page that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"


def address(file: Path) -> str:
    """Give the address of the page that a Markdown file becomes."""
    place = file.relative_to(DOCS).with_suffix("").as_posix().removesuffix("index")
    return f"/{place.strip('/')}/".replace("//", "/")


PAGES: Final = [*(address(file) for file in sorted(DOCS.rglob("*.md"))), "/not/a/page"]
A_STORY: Final = next(page for page in PAGES if page.startswith("/case-studies/") and page != "/case-studies/")
