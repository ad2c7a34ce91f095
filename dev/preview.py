"""`make preview`: a live preview for editors, with the real forms, rebuilt whenever a file is saved.

It needs no mail, no outbox and no keys: the form can be looked at, not sent. Findings of the content check are shown
at the foot of each page. With npm, the editor is served at /admin/.
"""

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
from referral_function.web.security_headers import headers_for
from website.build.assets import write_assets
from website.build.search_index import write_search_index
from website.build.site import render_pages
from website.check.check import check
from website.cms.editor import EDITOR_PATH, NO_NPM_NOTICE, EditorError, build_editor, install_editor
from website.content.service_config import ServiceConfig

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ("docs", "site_overrides")
WATCHED: Final = (*PAGES, "mkdocs.yml", "service.yml", "referral_function")
GENERATED: Final = {"generated", "downloads", "__pycache__"}
"""Folders that the build itself writes."""
POLL_INTERVAL: Final = 0.2  # seconds
RELOAD: Final = """<script>(async () => {
  const now = async () => (await fetch('/preview-stamp')).text();
  for (const first = await now(); first === await now();) await new Promise(done => setTimeout(done, 250));
  location.reload();
})()</script></body>"""
FINDINGS: Final = (
    '<section style="border-top: 4px solid #b3261e; background: #fff; color: #1b2928; padding: 1rem 2rem">'
    "<h2>To mend before this can be published</h2><ul>{}</ul></section>"
)


@dataclass(slots=True)
class LatestBuild:
    """The folder of the latest complete build, the number of builds, and the findings of the content check."""

    site: Path
    number: int = 0
    findings: tuple[str, ...] = ()

    def footer(self) -> str:
        """Return the HTML at the foot of each page."""
        items = "".join(f"<li>{escape(finding)}</li>" for finding in self.findings)
        return (FINDINGS.format(items) if items else "") + RELOAD


class PreviewHandler(SimpleHTTPRequestHandler):
    """Serves the latest build; a page reloads itself when there is a newer one."""

    def __init__(self, latest: LatestBuild, *connection: object) -> None:
        self.latest = latest
        super().__init__(*connection, directory=str(latest.site))  # type: ignore[arg-type] # the server hands them over

    def do_GET(self) -> None:
        """Serve the number of the latest build, a page, or any other file."""
        site = self.latest.site
        path = self.path.partition("?")[0]
        page = site / path.strip("/") / "index.html"
        if path == "/preview-stamp":
            self._respond(200, str(self.latest.number), "text/plain")
        elif path.endswith("/") and path != f"/{EDITOR_PATH}/":
            status, page = (200, page) if page.exists() else (404, site / "404.html")
            text = page.read_text(encoding="utf-8").replace("</body>", self.latest.footer())
            self._respond(status, text, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Add the policy of the editor, which holds a key to the project; the pages' own script would break theirs."""
        if self.path.startswith(f"/{EDITOR_PATH}/"):
            for name, value in headers_for(f"/{EDITOR_PATH}/").items():
                self.send_header(name, value)
        super().end_headers()

    def _respond(self, status: int, text: str, content_type: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Log no requests."""


def last_modified(*names: str) -> float:
    """Return when a file below some paths was last changed, or its folder: seconds since 1970."""
    paths = [path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    sources = (path for path in paths if not GENERATED & {*path.parts})
    return max((path.stat().st_mtime for path in sources if path.exists()), default=0.0)


def rebuild(latest: LatestBuild, editor: Path | None, *, with_assets: bool = True) -> None:
    """Build into the other folder, check the content meanwhile, and show the new pages if the build succeeded."""
    fresh = latest.site.with_name("two" if latest.site.name == "one" else "one")
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(check, ROOT, datetime.now(UTC).date())
        error = build_pages(fresh, editor, with_assets=with_assets)
        findings = [str(finding) for finding in checking.result() if not finding.advice]
    if error:
        findings.append(f"{'' if findings else f'{error} '}You still see the pages as they were before.")
    else:
        latest.site = fresh
    sys.stderr.write("".join(f"{finding}\n" for finding in findings))
    latest.findings = tuple(findings)
    latest.number += 1


def build_pages(site: Path, editor: Path | None, *, with_assets: bool) -> str:
    """Build the pages without what only publishing needs; return the message of an error, or nothing."""
    try:
        shutil.rmtree(site, ignore_errors=True)
        if with_assets:
            write_assets(ROOT)
        render_pages(ROOT, site)
        ServiceConfig.read(ROOT).write_json(site)
        fill_slots(site)
        write_search_index(site)
        if editor:
            install_editor(ROOT, site, editor)
    except Exception as error:  # noqa: BLE001 - whatever a page does to the build, the preview goes on
        return str(error) or type(error).__name__
    return ""


def main() -> int:
    """Build, serve, and rebuild after each change, until Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):  # started in the background, Ctrl-C would be ignored
        signal.signal(number, signal.default_int_handler)
    latest = LatestBuild(ROOT / "var" / "preview" / "one")
    port = int(os.environ.get("PORT", "8000"))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(PreviewHandler, latest))
    except OSError:
        sys.stderr.write(f"Port {port} is in use. Choose another: make preview PORT=8001\n")
        return 1
    try:
        editor = build_editor(ROOT)
        notice = f"The editor is at http://127.0.0.1:{port}/{EDITOR_PATH}/\n" if editor else NO_NPM_NOTICE
    except EditorError as error:
        editor, notice = None, f"{error}\n"
    try:
        pages_at, all_at = last_modified(*PAGES), last_modified(*WATCHED)
        rebuild(latest, editor)
        Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"The pages are at http://127.0.0.1:{port}/ and follow what you save. Ctrl-C stops.\n{notice}")
        sys.stdout.flush()
        while True:
            time.sleep(POLL_INTERVAL)
            if (now := last_modified(*WATCHED)) != all_at:
                all_at, before, pages_at = now, pages_at, last_modified(*PAGES)
                rebuild(latest, editor, with_assets=before == pages_at)  # a page alone changes no assets
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
