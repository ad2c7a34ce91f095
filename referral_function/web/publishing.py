"""Publishing: the built site becomes the folder that any static host can serve.

The blank form goes into each form page, the headers are written down for the host, and every text file gets its
compressed twins beside it. Publishing the same folder twice changes nothing: the slots keep their two ends.
"""

import gzip
import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from referral_function.asking.questions import Route
from referral_function.web.render import Renderer, read_service
from referral_function.web.security_headers import headers_for
from referral_function.web.site_page import SitePage

TEXT: Final = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"})
PATTERNS: Final = {"/*": "/", "/search/*": "/search/", "/admin/*": "/admin/"}
"""What a host matches, and an address of the site that stands for it. The longest match is the one that counts."""


def publish(site: Path, *, closed: bool = False) -> None:
    """Fill the slots, write the headers, compress. Raises `PageError` if a page is missing or has no slot."""
    fill_slots(site, closed=closed)
    write_headers(site)
    compress(site)


def fill_slots(site: Path, *, closed: bool = False) -> None:
    """Put the blank form of each route into its page, or what stands there while the form is closed."""
    faces = Renderer(read_service(site))
    faces.prepare()
    for route in Route:
        page = site / "refer" / route.slug / "index.html"
        filled = SitePage.read(page).fill_slot(faces.closed(route) if closed else faces.blank(route))
        page.write_text(filled, encoding="utf-8", newline="\n")


def write_headers(site: Path) -> None:
    """Write `headers.json`: path pattern to the headers of every answer there, over TLS."""
    headers = {pattern: headers_for(path, secure=True) for pattern, path in PATTERNS.items()}
    (site / "headers.json").write_text(json.dumps(headers, indent=1) + "\n", encoding="utf-8")


def compress(site: Path) -> None:
    """Write a brotli and a gzip twin beside each text file that gets smaller by it, on every core: both let others run."""
    with ThreadPoolExecutor() as threads:
        list(threads.map(_write_twins, sorted(path for path in site.rglob("*") if path.suffix in TEXT)))


def _write_twins(path: Path) -> None:
    brotli = importlib.import_module("brotli")  # here alone: the running function does not need it
    plain = path.read_bytes()
    for ending, packed in (
        (".br", brotli.compress(plain, quality=11)),
        (".gz", gzip.compress(plain, compresslevel=9, mtime=0)),
    ):
        if len(packed) < len(plain):
            path.with_name(path.name + ending).write_bytes(packed)
