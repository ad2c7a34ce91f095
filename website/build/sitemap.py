"""Writes `sitemap.xml` and `robots.txt` from the canonical links of the built pages, so that either generator will do."""

import re
from pathlib import Path
from typing import Final

_CANONICAL: Final = re.compile(r'<link rel="canonical" href="([^"]+)">')


def write_sitemap(site: Path, site_url: str) -> None:
    """Write both files; a page with noindex has no canonical link and is left out."""
    pages = (page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    urls = sorted(match[1] for page in pages if (match := _CANONICAL.search(page)))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<url><loc>{url}</loc></url>" for url in urls),
        "</urlset>",
    ]
    (site / "sitemap.xml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {site_url}sitemap.xml\n", encoding="utf-8")
