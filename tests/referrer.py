"""A client of the form without a browser: posts what a browser would."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from werkzeug.test import Client, TestResponse

from referral_function.asking.questions import Route
from tests.examples import Posted, a_referral
from tests.page_checks import check_page

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


class Browser(Client):
    """Test client that reads every response to its end, so that no file stays open."""

    def __init__(self, service: Any, address: str = "127.0.0.1") -> None:
        super().__init__(service)
        self._environ = {"REMOTE_ADDR": address}

    def open(self, *request: Any, **how: Any) -> TestResponse:
        """Send one request."""
        return super().open(*request, **{"buffered": True, "environ_base": self._environ, **how})


class Referrer:
    """Goes through the form; every page that comes back is validated by `check_page`."""

    def __init__(self, client: Browser, wait: Callable[[float], None]) -> None:
        self._client, self._wait = client, wait

    def posts(self, route: Route, posted: Posted, action: str = "review", **headers: str) -> TestResponse:
        """Press a button of a form page or of the review."""
        known = headers or SAME_SITE
        body = {**posted, "action": action}
        response = self._client.post(f"/referral/{route.slug}/", data=body, headers=known)
        if response.status_code != 303:
            check_page(response.text)
        return response

    def reviews(self, route: Route, posted: Posted | None = None) -> TestResponse:
        """Continue with a complete referral."""
        return self.posts(route, posted or a_referral(route))

    def sends(self, route: Route, posted: Posted | None = None, **headers: str) -> TestResponse:
        """Review, move the clock, and send."""
        posted = posted or a_referral(route)
        token = token_of(self.reviews(route, posted))
        self._wait(5)
        return self.posts(route, {**posted, "token": token}, "send", **headers)

    def opens(self, address: str, **headers: str) -> TestResponse:
        """Open an address."""
        return self._client.get(address, headers=headers)


def token_of(response: TestResponse) -> str:
    """Return the token of a review."""
    found = re.search(r'name="token" value="([^"]+)"', response.text)
    assert found, "there is no review here"
    return found[1]


def heading(response: TestResponse) -> str:
    """Return the text of the heading that takes the focus."""
    found = re.search(r'<h[12] id="result"[^>]*>(.*?)</h', response.text, re.DOTALL)
    return unescape(found[1]) if found else ""


def title(response: TestResponse) -> str:
    """Return the title."""
    found = re.search(r"<title>(.*?)</title>", response.text)
    return unescape(found[1]) if found else ""
