"""A static file server for the published site: compressed twins, its headers, its 404 page."""

from __future__ import annotations

import json
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TWINS: Final = {"br": ".br", "gzip": ".gz"}
POLICY: Final = "Content-Security-Policy"


class Host(BaseHTTPRequestHandler):
    """Request handler: index pages, the compressed twin that the browser accepts, the headers of headers.json."""

    protocol_version = "HTTP/1.1"

    def __init__(self, site: Path, policy_also: str, *connection: object) -> None:
        self.site, self.policy_also = site, policy_also
        self.headers_by_pattern = json.loads((site / "headers.json").read_text(encoding="utf-8"))
        super().__init__(*connection)  # type: ignore[arg-type] # the socket server hands them over

    def do_GET(self) -> None:
        """Answer with the file, or with the site's own 404 page."""
        path = self.path.partition("?")[0]
        file = self.site / path.lstrip("/")
        file = file / "index.html" if path.endswith("/") else file
        found = file.is_file()
        file = file if found else self.site / "404.html"
        body, encoding = file.read_bytes(), None
        accepted = self.headers.get("Accept-Encoding", "")
        for name, ending in TWINS.items():
            twin = file.with_name(file.name + ending)
            if name in accepted and twin.is_file():
                body, encoding = twin.read_bytes(), name
                break
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", guess_type(file.name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        pattern = max((each for each in self.headers_by_pattern if fnmatchcase(path, each)), key=len)
        for name, value in self.headers_by_pattern[pattern].items():
            self.send_header(name, value + self.policy_also if name == POLICY else value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Log nothing."""


class Server(ThreadingHTTPServer):
    """Keeps as many connections waiting as a browser opens on a busy machine: of five, the sixth was lost."""

    request_queue_size = 128


@contextmanager
def served(site: Path, policy_also: str = "") -> Iterator[str]:
    """Serve `site` and yield its address; `policy_also` is appended to its Content-Security-Policy for a tool that needs it."""
    server = Server(("127.0.0.1", 0), partial(Host, site, policy_also))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
