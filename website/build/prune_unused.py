"""What the theme brings along and no page asks for: scripts, search stemmers and icons, 5 MB of them."""

from __future__ import annotations

import re
from os.path import normpath
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

KEPT: Final = frozenset({"robots.txt", "sitemap.xml", "service.json", "headers.json"})
_IN_HTML: Final = re.compile(r"""\s(?:href|src|content)=["']?([^"'\s>]+)""")
_IN_CSS: Final = re.compile(r"""url\(["']?([^"')]+)""")


def drop_unused(site: Path, address: str) -> list[Path]:
    """Delete every file that no page and no stylesheet refers to, and every folder left empty; say which files."""
    wanted = {site / name for name in KEPT}
    for page in site.rglob("*.html"):
        wanted |= {page} | _named_in(page, _IN_HTML, site, address)
    for style in [path for path in wanted if path.suffix == ".css" and path.exists()]:
        wanted |= _named_in(style, _IN_CSS, site, address)
    dropped = [path for path in sorted(site.rglob("*")) if path.is_file() and path not in wanted]
    for path in dropped:
        path.unlink()
    for folder in sorted((path for path in site.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return dropped


def _named_in(path: Path, pattern: re.Pattern[str], site: Path, address: str) -> set[Path]:
    found = set()
    for reference in pattern.findall(path.read_text(encoding="utf-8")):
        parts = urlsplit(reference.removeprefix(address.rstrip("/")))
        if parts.path and not parts.scheme and not parts.netloc:
            base = site if parts.path.startswith("/") else path.parent
            found.add(Path(normpath(f"{base}/{unquote(parts.path)}")))  # resolving each would ask the disk
    return found
