"""The address of every page that has a Markdown file, and one of a page that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
NOT_A_PAGE: Final = "/not/a/page"


def address(file: Path) -> str:
    """Return the address of the page that a Markdown file becomes."""
    place = file.relative_to(DOCS).with_suffix("").as_posix().removesuffix("index")
    return f"/{place.strip('/')}/".replace("//", "/")


def template(file: Path) -> str:
    """Return the template that a Markdown file names in its front matter."""
    found = re.search(r"^template: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "main.html"


FILES: Final = sorted(DOCS.rglob("*.md"))
PAGES: Final = [*map(address, FILES), NOT_A_PAGE]
ONE_OF_EACH_TEMPLATE: Final = {*{template(file): address(file) for file in reversed(FILES)}.values(), NOT_A_PAGE}
A_STORY: Final = next(page for page in PAGES if page.startswith("/case-studies/") and page != "/case-studies/")
