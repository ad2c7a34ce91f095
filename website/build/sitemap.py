"""The list of pages for search engines: what the pages themselves say, so that it fits either generator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CANONICAL: Final = re.compile(r'<link rel="canonical" href="([^"]+)">')


def write_sitemap(site: Path, address: str) -> None:
    """Write `sitemap.xml` and `robots.txt`. A page without a canonical address asks not to be found and is left out."""
    pages = (page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    found = sorted(match[1] for page in pages if (match := _CANONICAL.search(page)))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<url><loc>{place}</loc></url>" for place in found),
        "</urlset>",
    ]
    (site / "sitemap.xml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n", encoding="utf-8")
