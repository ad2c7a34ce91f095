"""Removes what the theme ships and no page uses: scripts, search stemmers and icons, 5 MB of them."""

import re
from os.path import normpath
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

KEPT: Final = frozenset({"robots.txt", "sitemap.xml", "service.json", "headers.json"})
_IN_HTML: Final = re.compile(r"""\s(?:href|src|content)=["']?([^"'\s>]+)""")
_IN_CSS: Final = re.compile(r"""url\(["']?([^"')]+)""")


def prune_unused(site: Path, site_url: str) -> list[Path]:
    """Delete every file that no page or stylesheet refers to, and empty folders; return the deleted files."""
    used = {site / name for name in KEPT}
    for page in site.rglob("*.html"):
        used |= {page} | _references(page, _IN_HTML, site, site_url)
    for style in [path for path in used if path.suffix == ".css" and path.exists()]:
        used |= _references(style, _IN_CSS, site, site_url)
    unused = [path for path in sorted(site.rglob("*")) if path.is_file() and path not in used]
    for path in unused:
        path.unlink()
    for folder in sorted((path for path in site.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return unused


def _references(path: Path, pattern: re.Pattern[str], site: Path, site_url: str) -> set[Path]:
    found = set()
    for reference in pattern.findall(path.read_text(encoding="utf-8")):
        parts = urlsplit(reference.removeprefix(site_url.rstrip("/")))
        if parts.path and not parts.scheme and not parts.netloc:
            base = site if parts.path.startswith("/") else path.parent
            found.add(Path(normpath(f"{base}/{unquote(parts.path)}")))  # resolve() would ask the disk for each
    return found
