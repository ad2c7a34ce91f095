"""Minifies CSS: comments and white space go, names of custom properties become short, rules stay."""

import re
from pathlib import Path
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_END: Final = re.compile(r"\s*\n\s*")
_AROUND_PUNCTUATION: Final = re.compile(r" ?([{};>]) ?|(?<=[:,]) ")
_CUSTOM_PROPERTY: Final = re.compile(r"--[a-z][\w-]*")


def minify_stylesheets(site: Path) -> None:
    """Minify every stylesheet of the built site in place."""
    for path in sorted(site.rglob("*.css")):
        path.write_text(minify_css(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def minify_css(css: str) -> str:
    """Return minified CSS. A custom property serves its own file alone. Quoted strings must hold no brace, semicolon, `>`, and no blank after a colon or comma."""
    text = _LINE_END.sub(" ", _COMMENT.sub("", css)).strip()
    text = _AROUND_PUNCTUATION.sub(lambda found: found[1] or "", text).replace(";}", "}")
    short = {name: f"--{number:x}" for number, name in enumerate(dict.fromkeys(_CUSTOM_PROPERTY.findall(text)))}
    return _CUSTOM_PROPERTY.sub(lambda found: short[found[0]], text)
