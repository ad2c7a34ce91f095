"""Bytes and requests of a first view of the home page and a form page, in a browser, from our own server."""

import os
from pathlib import Path
from shutil import which

from playwright.sync_api import Request, sync_playwright

from bench.measure import Row
from bench.servers import PAGE, ours, started


def measure(folder: Path, _rounds: int) -> list[Row]:
    """Open each page once, with an empty cache, in the Chromium that CHROMIUM names or that is on the PATH."""
    rows = []
    with started(ours(folder, folder / "site"), folder) as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or which("chromium"), args=["--no-sandbox"]
        )
        for name, path in {"home page": "/", "form page": PAGE}.items():
            requests: list[Request] = []
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.on("requestfinished", lambda request: requests.append(request))  # noqa: B023, PLW0108 - Playwright sets an attribute
            page.goto(f"http://127.0.0.1:{port}{path}", wait_until="networkidle")
            size = sum(request.sizes()["responseBodySize"] for request in requests) / 1000
            rows.append(Row(work=f"{name}, first view, brotli", ours=f"{size:.1f} kB in {len(requests)} requests"))
    return rows
