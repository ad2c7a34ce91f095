"""`make preview`: a live preview for editors, with the real forms, rebuilt whenever a file is saved.

It needs no mail, no outbox and no keys: the form can be looked at, not sent. Findings of the content check are shown
at the foot of each page. With npm, the editor is served at /admin/.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Final

from referral_function.web.app import new_address
from referral_function.web.security_headers import headers_for
from referral_function.web.site_page import read_service_data
from website.cms.editor import EDITOR_PATH, EditorError, build_editor

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ("docs", "site_overrides")
CODE: Final = ("referral_function", "website/build", "website/check", "website/content")
WATCHED: Final = (*PAGES, *CODE, "mkdocs.yml", "service.yml")
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
        elif not site.exists():
            self._respond(503, f"<!doctype html><title>Preview</title><body>{self.latest.footer()}", "text/html")
        elif not (site / path.strip("/")).exists() and (
            target := new_address(read_service_data(site)["redirects"], path)
        ):
            self.send_response(301)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.send_header("Cache-Control", "no-store")  # or a browser would go there after the list has changed
            self.end_headers()
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


class PreviewServer(ThreadingHTTPServer):
    """Logs no traceback for a browser that goes away."""

    def handle_error(self, *connection: object) -> None:
        """Log what is an error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*connection)  # type: ignore[arg-type] # the server hands them over


def last_modified(*names: str) -> float:
    """Return when a file below some paths was last changed, or its folder: seconds since 1970."""
    paths = [path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    sources = (path for path in paths if not GENERATED & {*path.parts})
    return max((path.stat().st_mtime for path in sources if path.exists()), default=0.0)


def rebuild(latest: LatestBuild, editor: Path | None, stop: Event, *, with_assets: bool = True) -> None:
    """Build into the other folder, and show the new pages if the build succeeded."""
    fresh = latest.site.with_name("two" if latest.site.name == "one" else "one")
    command = [sys.executable, "-m", "dev.preview_build", str(fresh)]
    command += [*(["--editor", str(editor)] if editor else []), *(["--with-assets"] if with_assets else [])]
    # A process group of its own: Ctrl-C in the terminal reaches this process alone, which then stops the build.
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as building:
        Thread(target=_terminate, args=(building, stop), daemon=True).start()
        result, errors = building.communicate()
    if stop.is_set():
        return
    if building.returncode:
        result = json.dumps({"built": False, "findings": [f"The code cannot be run: {errors.splitlines()[-1]}"]})
    built, findings = json.loads(result).values()
    if built:
        latest.site = fresh
    elif latest.site.exists():
        findings.append("You still see the pages as they were before.")
    ended = "Nothing to mend any more.\n" if latest.findings and not findings else ""
    sys.stderr.write("".join(f"{finding}\n" for finding in findings) + ended)
    latest.findings = tuple(findings)
    latest.number += 1


def _terminate(building: "subprocess.Popen[str]", stop: Event) -> None:
    while building.poll() is None:
        if stop.wait(POLL_INTERVAL):
            building.terminate()
            return


def main() -> int:
    """Build, serve, and rebuild after each change, until Ctrl-C."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    latest = LatestBuild(ROOT / "var" / "preview" / "one")
    port = os.environ.get("PORT", "8000")
    try:
        server = PreviewServer(("127.0.0.1", int(port)), partial(PreviewHandler, latest), bind_and_activate=False)
        server.server_bind()
    except (ValueError, OverflowError):
        sys.stderr.write(f"PORT must be a number below 65536, not {port!r}.\n")
        return 1
    except OSError:
        sys.stderr.write(f"Port {port} is in use. Choose another: make preview PORT=8001\n")
        return 1
    sys.stdout.write("Building the pages and the forms: a few seconds ...\n")
    sys.stdout.flush()
    try:
        editor: Path | None = build_editor(ROOT)
        notice = f"The editor is at http://127.0.0.1:{port}/{EDITOR_PATH}/"
    except EditorError as error:
        editor, notice = None, str(error)
    pages_at, all_at = last_modified(*PAGES), last_modified(*WATCHED)
    rebuild(latest, editor, stop)
    if not stop.is_set():
        server.server_activate()  # only now: it has something to answer
        Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"The pages: http://127.0.0.1:{port}/   They follow what you save; Ctrl-C stops.\n{notice}\n")
        sys.stdout.flush()
    while not stop.wait(POLL_INTERVAL):
        if (now := last_modified(*WATCHED)) != all_at:
            all_at, before, pages_at = now, pages_at, last_modified(*PAGES)
            rebuild(latest, editor, stop, with_assets=before == pages_at)  # a page alone changes no assets
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
