"""Stylesheets as they travel: without the comments and the indentation that are there for us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"\s*\n\s*")
_AROUND: Final = re.compile(r" ?([{};]) ?")


def slim_stylesheets(site: Path) -> None:
    """Take comments, indentation and line ends out of every stylesheet; the rules stay as they are."""
    for path in sorted(site.rglob("*.css")):
        path.write_text(slim(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def slim(style: str) -> str:
    """Give a stylesheet without what only we read. Text in quotes must hold no brace and no semicolon."""
    lines = _SPACE.sub(" ", _COMMENT.sub("", style)).strip()
    return _AROUND.sub(r"\1", lines).replace(";}", "}")
