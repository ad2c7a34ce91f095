"""The security headers: on every path and every status, from one place."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from werkzeug.test import TestResponse

from referral_function.asking.questions import Route
from referral_function.web import security_headers as headers
from referral_function.web.app import MAX_BODY_BYTES
from tests.conftest import Clock
from tests.examples import a_referral
from tests.referrer import SAME_SITE, Browser, token_of
from tests.security.conftest import Browsing
from tests.security.test_faults_twice import fail

FORM = "/referral/myself/"
URLENCODED = "application/x-www-form-urlencoded"
ABSENT = ("Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Server", "X-Powered-By")
Ask: TypeAlias = Callable[[Browser, str], TestResponse]


def directives(policy: str) -> dict[str, str]:
    """Read a Content-Security-Policy."""
    return dict(each.strip().split(" ", 1) for each in policy.split(";"))


def wanted(path: str) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """Give what each header must say at a path, written down here once more and apart from the program."""
    strict = dict.fromkeys(("script-src", "style-src", "img-src", "font-src", "media-src", "form-action"), "'self'")
    strict |= dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'")
    search = {"script-src": "'self' 'wasm-unsafe-eval'", "connect-src": "'self'"}
    expected = strict | search if path.startswith("/search/") else strict
    yield "Content-Security-Policy", lambda value: directives(value) == expected
    yield "Strict-Transport-Security", lambda value: value == "max-age=63072000; includeSubDomains"
    yield "X-Content-Type-Options", lambda value: value == "nosniff"
    yield "Referrer-Policy", lambda value: value == "no-referrer"
    yield "Cross-Origin-Opener-Policy", lambda value: value == "same-origin"
    yield "Cross-Origin-Resource-Policy", lambda value: value == "same-origin"
    yield "X-Frame-Options", lambda value: value == "DENY"
    yield "Permissions-Policy", lambda value: {"camera=()", "geolocation=()", "microphone=()"} <= set(value.split(", "))
    yield "Content-Type", lambda value: "charset=utf-8" in value.replace('"', "") or not value.startswith("text/")
    if path.startswith("/referral/"):
        yield "Cache-Control", lambda value: value == "no-store"
        yield "X-Robots-Tag", lambda value: value == "noindex"
    if path == "/referral/clear-cache.gif":
        yield "Clear-Site-Data", lambda value: value == '"cache"'


def missing(response: TestResponse, path: str) -> list[str]:
    """Name each header that is wrong, not there, there twice, or should not be there at all."""
    wrong = [name for name in ABSENT if name in response.headers]
    for name, holds in wanted(path):
        values = response.headers.getlist(name)
        if name == "Content-Type" and not response.data:
            continue
        if len(values) != 1 or not holds(values[0]):
            wrong.append(name)
    return wrong


def post(body: bytes | dict[str, object], **also: str) -> Ask:
    """Ask by a post of our own form."""
    return lambda browser, base: browser.post(
        FORM, data=body, headers={"Content-Type": URLENCODED, **SAME_SITE, **also}, base_url=base
    )


def get(path: str, method: str = "GET", **also: str) -> Ask:
    """Ask for an address."""
    return lambda browser, base: browser.open(path, method=method, headers=also, base_url=base)


STATUSES: dict[str, tuple[int, str, Ask]] = {
    "a page": (200, "/", get("/")),
    "the search": (200, "/search/", get("/search/")),
    "the head of a form": (200, "/refer/myself/", get("/refer/myself/", "HEAD")),
    "a review": (200, FORM, post({**a_referral(Route.MYSELF)})),
    "the process": (200, "/referral/livez", get("/referral/livez")),
    "an old address": (301, "/faq/any/", get("/faq/any/")),
    "no slash": (302, "/refer", get("/refer")),
    "a form's way back": (303, FORM, get(FORM)),
    "another host": (400, FORM, post(b"", Host="evil.example")),
    "another host's page": (400, "/", get("/", Host="evil.example")),
    "cross-site": (403, FORM, post(b"", **{"Sec-Fetch-Site": "cross-site"})),
    "nowhere": (404, "/nowhere", get("/nowhere")),
    "a forged receipt": (404, "/referral/sent/", get("/referral/sent/?receipt=forged")),
    "another method": (405, "/", get("/", "DELETE")),
    "a trace": (405, FORM, get(FORM, "TRACE")),
    "too much": (413, FORM, post(b"a=" + b"x" * MAX_BODY_BYTES)),
    "no form": (415, FORM, post(b"{}", **{"Content-Type": "application/json"})),
    "incomplete": (422, FORM, post(b"")),
}


@pytest.mark.asvs("3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.4.8", "3.5.8", "4.1.1", "13.4.6")
@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5")
@pytest.mark.parametrize("name", STATUSES)
def test_every_answer_carries_every_header(browsing: Browsing, name: str) -> None:
    """Whatever is asked and whatever the status, each header is there once and says what it must, and nothing else does."""
    status, path, ask = STATUSES[name]
    answer = ask(browsing(), "https://localhost")
    assert answer.status_code == status
    assert missing(answer, path) == []
    assert "Strict-Transport-Security" not in ask(browsing(), "http://localhost").headers


SENT = [303, 429, 500, 503]


@pytest.mark.asvs("3.4.1", "3.4.3", "16.5.1")
@pytest.mark.parametrize("status", SENT)
def test_answers_to_a_send_carry_them_too(
    browsing: Browsing, clock: Clock, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Sent, over the limit, broken and not stored: these pages have the same headers."""
    browser = browsing(limit=2)
    review = browser.post(FORM, data=a_referral(Route.MYSELF), headers=SAME_SITE)
    clock.advance(5)
    for number in range(2 if status == 429 else 0):
        posted = a_referral(Route.MYSELF, hopes=str(number))
        browser.post(FORM, data={**posted, "action": "send", "token": token_of(review)}, headers=SAME_SITE)
    if status == 503:
        monkeypatch.setattr("referral_function.sending.sqlite.SqliteOutbox.accept", fail)
    if status == 500:
        monkeypatch.setattr("referral_function.web.journey.decide", fail)
    posted = {**a_referral(Route.MYSELF), "action": "send", "token": token_of(review)}
    answer = browser.post(FORM, data=posted, headers=SAME_SITE, base_url="https://localhost")
    assert answer.status_code == status
    assert missing(answer, FORM) == []


@pytest.mark.parametrize("name", [name for name, _ in wanted("/referral/sent/") if name != "Content-Type"])
def test_a_header_that_is_switched_off_is_missed(
    browsing: Browsing, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The control: without any one of the headers the test above fails."""

    def without(path: str, *, secure: bool = False) -> dict[str, str]:
        given = headers.headers_for(path, secure=secure)
        given.pop(name, None)
        return given

    monkeypatch.setattr("referral_function.web.app.headers_for", without)
    answer = get("/referral/sent/?receipt=x")(browsing(), "https://localhost")
    assert missing(answer, "/referral/sent/") == [name]


def test_a_header_too_many_is_seen(browsing: Browsing) -> None:
    """The control: a cookie, a banner, a header said twice and an open door for other origins are seen."""
    answer = get("/")(browsing(), "https://localhost")
    for name in (*ABSENT, "Referrer-Policy"):
        answer.headers.add(name, "x")
    assert missing(answer, "/") == [*ABSENT, "Referrer-Policy"]
