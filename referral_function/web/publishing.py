"""Publishing: prepares the built site for any static host.

Fills each form page with the blank form, writes the security headers to `headers.json`, and compresses every text file.
Publishing the same folder twice changes nothing: a slot keeps its two comments.
"""

import gzip
import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from referral_function.asking.questions import Route
from referral_function.sending.record import SCHEMA_FILE, record_schema
from referral_function.web.form_markup import render_blank_form, render_closed_notice
from referral_function.web.security_headers import FILE_HEADERS, headers_for
from referral_function.web.site_page import SitePage, read_service_data
from referral_function.web.templating import compile_templates, make_environment

TEXT: Final = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"})
PATTERNS: Final = {"/*": "/", "/search/*": "/search/", "/admin/*": "/admin/"}
"""Path pattern of a host, and an address of the site that has its headers; the longest matching pattern counts."""


def publish(site: Path, *, closed: bool = False) -> None:
    """Fill the slots, write the headers and the schema of a record, compress. Raises `PageError`."""
    fill_slots(site, closed=closed)
    write_headers(site)
    schema = json.dumps(record_schema(), ensure_ascii=False, indent=1)
    (site / SCHEMA_FILE).write_text(schema + "\n", encoding="utf-8")
    compress(site)


def fill_slots(site: Path, *, closed: bool = False) -> None:
    """Fill the slot of each form page with the blank form, or with the notice that the form is closed."""
    jinja = make_environment(read_service_data(site))
    compile_templates(jinja)
    render = render_closed_notice if closed else render_blank_form
    for route in Route:
        page = site / "refer" / route.slug / "index.html"
        page.write_text(SitePage.read(page).fill_slot(render(jinja, route)), encoding="utf-8", newline="\n")


def write_headers(site: Path) -> None:
    """Write `headers.json`: path pattern to the headers of a file over TLS."""
    headers = {pattern: FILE_HEADERS | headers_for(path, secure=True) for pattern, path in PATTERNS.items()}
    (site / "headers.json").write_text(json.dumps(headers, indent=1) + "\n", encoding="utf-8")


def compress(site: Path) -> None:
    """Write a brotli and a gzip file beside each text file that gets smaller by it, in parallel."""
    with ThreadPoolExecutor() as threads:
        list(threads.map(_compress_file, sorted(path for path in site.rglob("*") if path.suffix in TEXT)))


def _compress_file(path: Path) -> None:
    brotli = importlib.import_module("brotli")  # not installed with the running function
    plain = path.read_bytes()
    for ending, packed in (
        (".br", brotli.compress(plain, quality=11)),
        (".gz", gzip.compress(plain, compresslevel=9, mtime=0)),
    ):
        if len(packed) < len(plain):
            path.with_name(path.name + ending).write_bytes(packed)
