"""Minifies CSS: comments and white space go, rules stay."""

import re
from pathlib import Path
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_END: Final = re.compile(r"\s*\n\s*")
_AROUND_PUNCTUATION: Final = re.compile(r" ?([{};>]) ?|(?<=[:,]) ")


def minify_stylesheets(site: Path) -> None:
    """Minify every stylesheet of the built site in place."""
    for path in sorted(site.rglob("*.css")):
        path.write_text(minify_css(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def minify_css(css: str) -> str:
    """Return minified CSS. Quoted strings must hold no brace, semicolon, `>`, and no blank after a colon or comma."""
    text = _LINE_END.sub(" ", _COMMENT.sub("", css)).strip()
    return _AROUND_PUNCTUATION.sub(lambda found: found[1] or "", text).replace(";}", "}")
