"""A live preview for editors: the pages with the real forms in their slots, built anew whenever a file is saved.

`python -m building.preview` needs no mail, no outbox and no keys. The form can be looked at, not sent.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

from building.site import BuildError, build
from referral_function.page import PageError

ROOT: Final = Path(__file__).resolve().parent.parent
WATCHED: Final = ("mkdocs.yml", "docs", "site_overrides", "referral_function")
RELOAD: Final = b"""<script>(async () => {
  const now = async () => (await fetch('/preview-stamp')).text();
  for (const first = await now(); first === await now();) await new Promise(done => setTimeout(done, 700));
  location.reload();
})()</script></body>"""


class Preview(SimpleHTTPRequestHandler):
    """Serves the latest build; a page reloads itself when there is a newer one."""

    def do_GET(self) -> None:
        """Answer with the stamp of the latest build, a page, or any other file."""
        site = Path(self.directory)
        path = self.path.partition("?")[0]
        page = site / path.strip("/") / "index.html"
        if path == "/preview-stamp":
            self._answer(200, str(_stamp(site)).encode(), "text/plain")
        elif path.endswith("/"):
            status, page = (200, page) if page.exists() else (404, site / "404.html")
            self._answer(status, page.read_bytes().replace(b"</body>", RELOAD), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing about each file."""


def _stamp(place: Path) -> float:
    generated = "generated"
    files = [place] if place.is_file() else [path for path in place.rglob("*") if generated not in path.parts]
    return max((path.stat().st_mtime for path in files if path.is_file() and path.suffix != ".pyc"), default=0.0)


def _rebuild(site: Path) -> None:
    fresh = site.with_name("fresh")
    try:
        build(ROOT, fresh)
    except (BuildError, PageError) as error:
        sys.stderr.write(f"{error} The last good pages stay.\n")
        return
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)


def main() -> int:
    """Build, serve, and build again after each change, until Ctrl-C."""
    site = ROOT / "var" / "preview" / "site"
    site.parent.mkdir(parents=True, exist_ok=True)
    _rebuild(site)
    port = int(os.environ.get("PORT", "8000"))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Preview, directory=str(site)))
    except OSError:
        sys.stderr.write(f"Port {port} is in use. Choose another: make preview PORT=8001\n")
        return 1
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"The pages are at http://127.0.0.1:{port}/ and follow what you save. Ctrl-C stops.\n")
    sys.stdout.flush()
    seen = max(_stamp(ROOT / name) for name in WATCHED)
    try:
        while True:
            time.sleep(0.5)
            if (now := max(_stamp(ROOT / name) for name in WATCHED)) != seen:
                seen = now
                _rebuild(site)
    except KeyboardInterrupt:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
