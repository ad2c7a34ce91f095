"""`smoke`: smoke test of a live address: certificate, pages, security headers, and the form as far as its review.

Nothing is sent unless `--send` asks for it; that referral is invented and says TEST in every text.
"""

import argparse
import re
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from referral_function.asking.questions import Route
from referral_function.sending.reference import PATTERN
from referral_function.web.security_headers import headers_for

HELP = "look at a live address as a visitor would; exit 1 if anything is not as it should be"
_TIMEOUT = 20.0  # seconds for each response
_MIN_VALIDITY_LEFT = 0.25  # of the certificate's term: automatic renewal happens when a third is left
_DAY = timedelta(days=1)
_SECONDS_BEFORE_SEND = 3.0  # the form takes a faster sender for a machine
_FORMS = tuple(f"/refer/{route.slug}/" for route in Route)
_PAGES = ("/", "/refer/", *_FORMS, "/contact/", "/policies/privacy/", "/search/")
_STATUSES = {"/referral/livez": 200, "/referral/readyz": 200, "/service.json": 404, "/smoke-test/not-there/": 404}
_ANSWERS = {"victim_name": "TEST, not a referral", "contact_methods": "phone", "victim_phone": "07700 900 000"}
_SUMMARY = (
    "TEST at {}: somebody who runs the form has sent this to see whether referrals arrive. Nothing needs to be done."
)


class CheckFailed(Exception):
    """A check failed; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; the names of headers are matched in any case."""

    status: int
    headers: HTTPMessage
    text: str

    @property
    def heading(self) -> str:
        """The heading of one of our result pages, in quotation marks."""
        found = re.search(r'<h[12] id="result"[^>]*>(.*?)</h', self.text, re.DOTALL)
        return f"“{unescape(found[1])}”" if found else "(no page of ours)"


class Client:
    """HTTP client of one site."""

    def __init__(self, url: str) -> None:
        """Take an address such as https://service.example. Raises CheckFailed."""
        try:
            parts = urlsplit(url)
            self._host, self._port = parts.hostname or "", parts.port
        except ValueError:
            self._host = ""
        if not self._host or parts.scheme not in {"http", "https"} or parts.path not in {"", "/"}:
            raise CheckFailed("write the address of the site alone, such as https://service.example")
        self.is_secure = parts.scheme == "https"
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def request(self, path: str, posted: dict[str, str] | None = None) -> Response:
        """GET a path, or POST a form to it, without following redirects. Raises CheckFailed."""
        headers = {"Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"} if posted else {}
        connect = HTTPSConnection if self.is_secure else HTTPConnection
        try:
            with closing(connect(self._host, self._port, timeout=_TIMEOUT)) as connection:
                body = urlencode(posted) if posted else None
                connection.request("POST" if posted else "GET", path, body, headers)
                got = connection.getresponse()
                text = got.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise CheckFailed(f"{path} does not answer: {str(error) or type(error).__name__}") from error
        return Response(status=got.status, headers=got.headers, text=text)

    def certificate(self) -> tuple[timedelta, timedelta]:
        """Return the time that the certificate is still valid, and its whole term. Raises CheckFailed."""
        try:
            with closing(HTTPSConnection(self._host, self._port, timeout=_TIMEOUT)) as connection:
                connection.connect()
                shown = connection.sock.getpeercert() or {}
        except OSError as error:
            raise CheckFailed(str(error)) from error
        begin, end = (
            datetime.strptime(str(shown[name]), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
            for name in ("notBefore", "notAfter")
        )
        return end - datetime.now(UTC), end - begin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the address."""
    parser.add_argument("url", metavar="URL", help="for example https://service.example")
    parser.add_argument("--send", action="store_true", help="send an invented referral, marked TEST, on the whole way")


def run(arguments: argparse.Namespace) -> int:
    """Print the result of each check; exit 1 if one failed, 2 for a wrong address."""
    try:
        client = Client(arguments.url)
    except CheckFailed as error:
        print(f"URL: {error}.")
        return 2
    checks = {
        "certificate": partial(_check_certificate, client),
        "pages": partial(_check_pages, client),
        "headers": partial(_check_headers, client),
        "form": partial(_check_form, client, send=arguments.send),
    }
    if not client.is_secure:
        del checks["certificate"]
    failed = False
    for name, check in checks.items():
        try:
            print(f"{name:12} works: {check()}")
        except CheckFailed as error:
            print(f"{name:12} NO: {error}")
            failed = True
    return 1 if failed else 0


def _check_certificate(client: Client) -> str:
    left, term = client.certificate()
    if left < _MIN_VALIDITY_LEFT * term:
        raise CheckFailed(f"it ends in {left / _DAY:.1f} days and was not renewed")
    return f"good for {left / _DAY:.1f} days"


def _check_pages(client: Client) -> str:
    for path, status in {**dict.fromkeys(_PAGES, 200), **_STATUSES}.items():
        response = client.request(path)
        if response.status != status:
            raise CheckFailed(f"{path} answers {response.status}, not {status}")
        if path in _FORMS and "<form" not in response.text:
            raise CheckFailed(f"{path} shows no form: is it closed (REFERRAL_CLOSED)?")
    return f"{len(_PAGES)} pages, and what must not be there is not"


def _check_headers(client: Client) -> str:
    paths = (*_PAGES, *_STATUSES)
    for path in paths:
        found = client.request(path).headers
        if "set-cookie" in found:
            raise CheckFailed(f"{path} sets a cookie")
        for name, value in headers_for(path, secure=client.is_secure).items():
            if found.get(name) != value:
                raise CheckFailed(f"{path} has {name}: {found.get(name, 'nothing')}, not {value}")
    return f"as they must be on {len(paths)} addresses"


def _check_form(client: Client, *, send: bool) -> str:
    address = f"/referral/{Route.MYSELF.slug}/"
    answers = _ANSWERS | {"summary": _SUMMARY.format(datetime.now(UTC))}  # the time, or a second one is a repeat
    review = client.request(address, answers | {"action": "review"})
    token = re.search(r'name="token" value="([^"]+)"', review.text)
    if token is None:
        raise CheckFailed(f"a complete form was answered with {review.status} {review.heading}")
    if not send:
        return "a complete form was answered with its review; nothing was sent"
    time.sleep(_SECONDS_BEFORE_SEND)
    sent = client.request(address, answers | {"action": "send", "token": unescape(token[1])})
    if sent.status != 303:  # noqa: PLR2004 - see other
        raise CheckFailed(f"the referral was answered with {sent.status} {sent.heading}")
    last = client.request(sent.headers["location"])
    found = PATTERN.search(last.text)
    if found is None:
        raise CheckFailed(f"the page after sending answers {last.status} {last.heading}")
    return f"TEST referral {found[0]} was accepted; look for it in the inbox, and tell the service that it is a test"
