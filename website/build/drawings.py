"""Writes the drawings of docs/assets/scenes/ into the pages: they take the colours of the page, and need no request."""

import re
from functools import partial
from pathlib import Path
from typing import Final

_IMAGE: Final = re.compile(
    r'<img(?=[^>]*\salt="([^"]*)")(?=[^>]*\ssrc="([^":]*assets/scenes/[\w-]+\.svg)")(?:(?=[^>]*(\sclass="[^"]*")))?[^>]*>'
)
_OPENING: Final = re.compile(r'<svg xmlns="[^"]+"')


def inline_drawings(site: Path) -> None:
    """Replace each image of a drawing by the drawing, named by its alternative text."""
    for page in sorted(site.rglob("*.html")):
        html = _IMAGE.sub(partial(_drawing, page.parent), page.read_text(encoding="utf-8"))
        page.write_text(html, encoding="utf-8", newline="\n")


def _drawing(folder: Path, image: re.Match[str]) -> str:
    name, source, classes = image.groups("")
    opening = f'<svg role="img" aria-label="{name}"{classes}'
    return _OPENING.sub(opening, (folder / source).read_text(encoding="utf-8").strip(), count=1)
