"""Watches browser contexts: console errors, script errors, foreign requests, stored data and cookies fail the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route

EXIT: Final = "https://www.bbc.co.uk/weather"
STORED: Final = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split(';').filter(Boolean),
  ...(await indexedDB.databases()).map(each => each.name), ...(window.caches ? await caches.keys() : []),
]"""


@dataclass  # without slots: Playwright writes on the owner of its callbacks
class Watch:
    """The problems on the pages of one browser context, and its requests."""

    origin: str
    problems: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Attach to a context. The exit address gets a stub; a request to any other foreign host is aborted and recorded."""
        context.route(lambda url: not url.startswith(self.origin), self._foreign)
        context.on("request", self._request)
        context.on("page", self._page)

    def _request(self, request: Request) -> None:
        self.requests.append(request)

    def _foreign(self, route: Route) -> None:
        if route.request.url == EXIT:
            route.fulfill(status=200, content_type="text/html", body="<title>Weather</title><p>Sunny")
            return
        self.problems.append(f"A request left for {urlsplit(route.request.url).netloc}.")
        route.abort()

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"The script of {page.url} failed: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        about_the_page = message.page is not None and message.location["url"] == message.page.url
        if message.type == "error" and not (about_the_page and "Failed to load resource" in message.text):
            self.problems.append(f"The console of {message.location['url']} says: {message.text}")

    def close(self, context: BrowserContext) -> None:
        """Check storage and cookies, close the context, and fail on any problem."""
        for page in context.pages:
            if page.url.startswith(self.origin):
                self.problems += [f"Something is stored: {name}" for name in page.evaluate(STORED)]
        self.problems += [f"A cookie is set: {cookie.get('name')}" for cookie in context.cookies()]
        context.close()
        if self.problems:
            raise AssertionError("\n".join(self.problems))
