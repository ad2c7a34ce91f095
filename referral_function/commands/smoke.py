"""`smoke`: look at a live address as a visitor would: certificate, headers, pages, and the form as far as its review.

Nothing is sent unless `--send` asks for it; what is sent then is invented and says TEST in every box.
"""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from referral_function.asking.questions import Route
from referral_function.sending.reference import PATTERN
from referral_function.web.security_headers import headers_for

_PATIENCE = 20.0  # seconds for each answer
_RENEWED = 0.25  # of its time: what renews certificates by itself does it when a third is left
_DAY = timedelta(days=1)
_OLD_ENOUGH = 3.0  # seconds: who sends a review sooner is taken for a machine
_FORMS = tuple(f"/refer/{route.slug}/" for route in Route)
_PAGES = ("/", "/refer/", *_FORMS, "/contact/", "/policies/privacy/", "/search/")
_STATES = {"/referral/livez": 200, "/referral/readyz": 200, "/service.json": 404, "/smoke-test/not-there/": 404}
_INVENTED = {
    "relationship": "person_harmed",
    "victim_name": "TEST, not a referral",
    "victim_age_group": "adult",
    "contact_methods": "phone",
    "victim_phone": "07700 900 000",
    "offence_group": "none",
    "offender_adult": "yes",
    "offender_identified": "yes",
    "responsibility": "pleaded_guilty",
    "area_link": "victim_address",
    "court_stage": "sentenced",
    "voicemail_ok": "no",
    "contact_wish": "yes",
}
_SUMMARY = (
    "TEST at {}: somebody who runs the form has sent this to see whether referrals arrive. Nothing needs to be done."
)


class CheckFailed(Exception):
    """Something is not as it should be; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, with the names of its headers in small letters."""

    status: int
    headers: dict[str, str]
    text: str


class Visitor:
    """Somebody who asks one address for pages, as a browser would."""

    def __init__(self, url: str) -> None:
        """Take an address such as https://service.example. Raises `Unlike`."""
        try:
            parts = urlsplit(url)
            self._host, self._port = parts.hostname or "", parts.port
        except ValueError:
            self._host = ""
        if not self._host or parts.scheme not in {"http", "https"} or parts.path not in {"", "/"}:
            raise CheckFailed("write the address of the site alone, such as https://service.example")
        self.is_secure = parts.scheme == "https"
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def _connection(self) -> HTTPConnection:
        if self.is_secure:
            return HTTPSConnection(self._host, self._port, timeout=_PATIENCE)
        return HTTPConnection(self._host, self._port, timeout=_PATIENCE)

    def asks(self, path: str, posted: dict[str, str] | None = None) -> Answer:
        """Open an address, or post answers to it; a redirect is not followed. Raises `Unlike`."""
        headers = {"Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"} if posted else {}
        try:
            with closing(self._connection()) as connection:
                body = urlencode(posted) if posted else None
                connection.request("POST" if posted else "GET", path, body, headers)
                came = connection.getresponse()
                text = came.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise CheckFailed(f"{path} does not answer: {str(error) or type(error).__name__}") from error
        return Answer(status=came.status, headers={name.lower(): value for name, value in came.getheaders()}, text=text)

    def certificate(self) -> tuple[float, float]:
        """Return the days that the certificate is still valid and the days of its whole term. Raises CheckFailed."""
        try:
            with closing(HTTPSConnection(self._host, self._port, timeout=_PATIENCE)) as connection:
                connection.connect()
                shown = connection.sock.getpeercert() or {}
        except OSError as error:
            raise CheckFailed(str(error)) from error
        begin, end = (
            datetime.strptime(str(shown[name]), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
            for name in ("notBefore", "notAfter")
        )
        return (end - datetime.now(UTC)) / _DAY, (end - begin) / _DAY


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "look at a live address as a visitor would; exit 1 if anything is not as it should be"
    parser = subparsers.add_parser("smoke", help=words, description=words)
    parser.add_argument("url", metavar="URL", help="for example https://service.example")
    parser.add_argument("--send", action="store_true", help="send an invented referral, marked TEST, on the whole way")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look at one thing after the other, and say of each whether it is as it should be."""
    try:
        visitor = Visitor(arguments.url)
    except CheckFailed as error:
        print(f"URL: {error}.")
        return 2
    results = [
        *([_tried("certificate", lambda: _certificate(visitor))] if visitor.is_secure else []),
        _tried("pages", lambda: _pages(visitor)),
        _tried("headers", lambda: _headers(visitor)),
        _tried("form", lambda: _form(visitor, send=arguments.send)),
    ]
    return 0 if all(results) else 1


def _tried(name: str, step: Callable[[], str]) -> bool:
    try:
        print(f"{name:12} works: {step()}")
    except CheckFailed as error:
        print(f"{name:12} NO: {error}")
        return False
    return True


def _certificate(visitor: Visitor) -> str:
    left, whole = visitor.certificate()
    if left < _RENEWED * whole:
        raise CheckFailed(f"it ends in {left:.1f} days and was not renewed")
    return f"good for {left:.1f} days"


def _pages(visitor: Visitor) -> str:
    for path, status in {**dict.fromkeys(_PAGES, 200), **_STATES}.items():
        answer = visitor.asks(path)
        if answer.status != status:
            raise CheckFailed(f"{path} answers {answer.status}, not {status}")
    for path in _FORMS:
        if "<form" not in visitor.asks(path).text:
            raise CheckFailed(f"{path} shows no form: is it closed (REFERRAL_CLOSED)?")
    return f"{len(_PAGES)} pages, and what must not be there is not"


def _headers(visitor: Visitor) -> str:
    paths = (*_PAGES, *_STATES)
    for path in paths:
        found = visitor.asks(path).headers
        if "set-cookie" in found:
            raise CheckFailed(f"{path} sets a cookie")
        for name, value in headers_for(path, secure=visitor.is_secure).items():
            if found.get(name.lower()) != value:
                raise CheckFailed(f"{path} has {name}: {found.get(name.lower(), 'nothing')}, not {value}")
    return f"as they must be on {len(paths)} addresses"


def _form(visitor: Visitor, *, send: bool) -> str:
    address = f"/referral/{Route.MYSELF.slug}/"
    answers = _INVENTED | {"summary": _SUMMARY.format(datetime.now(UTC))}  # or a second one would be a repeat
    review = visitor.asks(address, answers | {"action": "review"})
    token = re.search(r'name="token" value="([^"]+)"', review.text)
    if token is None:
        raise CheckFailed(f"a complete form was answered with {review.status} {_heading(review)}")
    if not send:
        return "a complete form was answered with its review; nothing was sent"
    time.sleep(_OLD_ENOUGH)
    sent = visitor.asks(address, answers | {"action": "send", "token": unescape(token[1])})
    if sent.status != 303:  # noqa: PLR2004 - see other
        raise CheckFailed(f"the referral was answered with {sent.status} {_heading(sent)}")
    last = visitor.asks(sent.headers["location"])
    found = PATTERN.search(last.text)
    if found is None:
        raise CheckFailed(f"the page after sending answers {last.status} {_heading(last)}")
    return f"TEST referral {found[0]} was accepted; look for it in the inbox, and tell the service that it is a test"


def _heading(answer: Answer) -> str:
    found = re.search(r'<h[12] id="result"[^>]*>(.*?)</h', answer.text, re.DOTALL)
    return f"“{unescape(found[1])}”" if found else "(no page of ours)"
