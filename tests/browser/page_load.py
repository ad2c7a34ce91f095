"""Observes one load of a page: the layout shift, and the transferred bytes of each response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

SCRIPTS, STYLES = 1_000, 5_000  # bytes
MOVED: Final = """new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { moved += each.value }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(moved), 100);
})"""
"""The layout shift since the page began to load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLoad:
    """The cumulative layout shift, and the size in bytes of each response body by its address."""

    moved: float
    sizes: dict[str, int]


def load(page: Page, address: str) -> PageLoad:
    """Open a page, and observe it until the network has been idle for half a second."""
    seen: list[Request] = []
    finished = lambda request: seen.append(request)  # noqa: E731, PLW0108 # Playwright asks for a function
    page.on("requestfinished", finished)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("requestfinished", finished)
    sizes = {request.url: request.sizes()["responseBodySize"] for request in seen}
    return PageLoad(moved=page.evaluate(MOVED), sizes=sizes)


def too_heavy(sizes: dict[str, int]) -> list[str]:
    """Return what exceeds the budget: the scripts, together, and the stylesheet."""
    scripts = sum(size for url, size in sizes.items() if url.endswith(".js"))
    styles = sum(size for url, size in sizes.items() if url.endswith(".css"))
    return [f"scripts {scripts}"] * (scripts > SCRIPTS) + [f"stylesheets {styles}"] * (styles > STYLES)
