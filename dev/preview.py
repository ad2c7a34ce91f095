"""A live preview for editors: the pages with the real forms in their slots, built anew whenever a file is saved.

`python -m dev.preview` needs no mail, no outbox and no keys. The form can be looked at, not sent.
What the content check has to say stands at the foot of each page. With npm, the editor is there too, at /admin/.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

from referral_function.web.publishing import fill_slots
from website.build.assets import make_assets
from website.build.search_index import write_index
from website.build.site import generate
from website.check.check import check
from website.cms.editor import LEFT_OUT, NOT_NAMED, PLACE, EditorError, add_editor, make_editor
from website.content.service_data import Details

ROOT: Final = Path(__file__).resolve().parent.parent
WATCHED: Final = ("mkdocs.yml", "docs", "site_overrides", "referral_function")
PAGES_ONLY: Final = ("docs", "site_overrides")
LOOKED_FOR_EVERY: Final = 0.2  # seconds
KINDS: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
"""What Windows may have other names for."""
RELOAD: Final = """<script>(async () => {
  const now = async () => (await fetch('/preview-stamp')).text();
  for (const first = await now(); first === await now();) await new Promise(done => setTimeout(done, 250));
  location.reload();
})()</script></body>"""
TO_MEND: Final = (
    '<section style="border-top: 4px solid #b3261e; background: #fff; color: #1b2928; padding: 1rem 2rem">'
    "<h2>To mend before this can be published</h2><ul>{}</ul></section>"
)


@dataclass(slots=True)
class Latest:
    """The pages that are shown, when they were built, and what has to be mended."""

    site: Path
    stamp: int = 0
    to_mend: tuple[str, ...] = ()

    def foot(self) -> str:
        """Give what stands below each page."""
        said = "".join(f"<li>{escape(one)}</li>" for one in self.to_mend)
        return (TO_MEND.format(said) if said else "") + RELOAD


class Preview(SimpleHTTPRequestHandler):
    """Serves the latest build; a page reloads itself when there is a newer one."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | KINDS

    def __init__(self, latest: Latest, *connection: object) -> None:
        self.latest = latest
        super().__init__(*connection, directory=str(latest.site))  # type: ignore[arg-type] # the server hands them over

    def do_GET(self) -> None:
        """Answer with the stamp of the latest build, a page, or any other file."""
        site = self.latest.site
        path = self.path.partition("?")[0]
        page = site / path.strip("/") / "index.html"
        if path == "/preview-stamp":
            self._answer(200, str(self.latest.stamp), "text/plain")
        elif path.endswith("/") and path != f"/{PLACE}/":
            status, page = (200, page) if page.exists() else (404, site / "404.html")
            text = page.read_text(encoding="utf-8").replace("</body>", self.latest.foot())
            self._answer(status, text, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing about each file."""


def newest(*names: str) -> float:
    """Say when something in some places was last saved or taken away: seconds since 1970."""
    files = [
        path for name in names for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
    ]
    ours = (path for path in files if "generated" not in path.parts and path.suffix != ".pyc")
    return max((path.stat().st_mtime for path in ours if path.exists()), default=0.0)


def rebuild(latest: Latest, editor: Path | None, *, with_papers: bool = True) -> None:
    """Build beside the pages that are shown, look at the content meanwhile, and show the new pages if they are whole."""
    fresh = latest.site.with_name("two" if latest.site.name == "one" else "one")
    with ThreadPoolExecutor(1) as meanwhile:
        looking = meanwhile.submit(check, ROOT, datetime.now(UTC).date())
        failed = build_pages(fresh, editor, with_papers=with_papers)
        found = [str(one) for one in looking.result() if not one.advice]
    if failed:
        found.append(f"{'' if found else f'{failed} '}You still see the pages as they were before.")
    else:
        latest.site = fresh
    sys.stderr.write("".join(f"{one}\n" for one in found))
    latest.to_mend = tuple(found)
    latest.stamp += 1


def build_pages(site: Path, editor: Path | None, *, with_papers: bool) -> str:
    """Build what an editor looks at, without what makes it travel well; give the sentence that says why it failed, if it did."""
    try:
        shutil.rmtree(site, ignore_errors=True)
        if with_papers:
            make_assets(ROOT)
        generate(ROOT, site)
        Details.read(ROOT).write(site)
        fill_slots(site)
        write_index(site)
        if editor:
            add_editor(ROOT, site, editor, os.environ.get("EDITOR_REPOSITORY", NOT_NAMED))
    except Exception as error:  # noqa: BLE001 - whatever a page does to the build, the preview goes on
        return str(error) or type(error).__name__
    return ""


def main() -> int:
    """Build, serve, and build again after each change, until Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):  # started in the background, Ctrl-C would be ignored
        signal.signal(number, signal.default_int_handler)
    latest = Latest(ROOT / "var" / "preview" / "one")
    port = int(os.environ.get("PORT", "8000"))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Preview, latest))
    except OSError:
        sys.stderr.write(f"Port {port} is in use. Choose another: make preview PORT=8001\n")
        return 1
    try:
        editor = make_editor(ROOT)
        said = f"The editor is at http://127.0.0.1:{port}/{PLACE}/\n" if editor else LEFT_OUT
    except EditorError as error:
        editor, said = None, f"{error}\n"
    try:
        seen, code = newest(*PAGES_ONLY), newest(*WATCHED)
        rebuild(latest, editor)
        Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"The pages are at http://127.0.0.1:{port}/ and follow what you save. Ctrl-C stops.\n{said}")
        sys.stdout.flush()
        while True:
            time.sleep(LOOKED_FOR_EVERY)
            if newest(*WATCHED) != code:
                code, before, seen = newest(*WATCHED), seen, newest(*PAGES_ONLY)
                rebuild(latest, editor, with_papers=before == seen)  # else it was a page: they stay as they are
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
