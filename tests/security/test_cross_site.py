"""Posts from other websites, other methods, other hosts: nothing is stored that its referrer did not send from our form."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from werkzeug.test import TestResponse

from referral_function.asking.questions import Route
from referral_function.settings.settings import Settings
from referral_function.web.form_post import RequestOrigin
from referral_function.web.tokens import Tokens
from tests.conftest import Clock
from tests.examples import a_referral
from tests.referrer import SAME_SITE, Browser, token_of
from tests.security.conftest import Browsing

FORM = "/referral/myself/"
OWN, EVIL = "http://localhost", "https://evil.example"
FETCH_SITES = (
    None,
    "same-origin",
    "none",
    "same-site",
    "cross-site",
    "Same-Origin",
    "same-origin, cross-site",
    "x" * 999,
)
ORIGINS = (
    None,
    "null",
    OWN,
    EVIL,
    "http://localhost:81",
    "https://localhost",
    "http://localhost.evil.example",
    OWN + "/",
)
GOOD = {("same-origin", origin) for origin in ORIGINS} | {("none", origin) for origin in ORIGINS} | {(None, OWN)}
ASK_AGAIN = {(None, None), (None, "null")}


def sends(browser: Browser, clock: Clock, headers: dict[str, str], typed: str) -> TestResponse:
    """Review on our own form, then send with the headers of somewhere else."""
    posted = a_referral(Route.MYSELF, hopes=typed)
    token = token_of(browser.post(FORM, data=posted, headers=SAME_SITE))
    clock.advance(5)
    return browser.post(FORM, data={**posted, "action": "send", "token": token}, headers=headers)


def stranger(fetch_site: str | None, origin: str | None) -> dict[str, str]:
    """Give the headers of a post from somewhere."""
    given = {"Sec-Fetch-Site": fetch_site, "Origin": origin}
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.asvs("3.2.1", "3.5.1")
def test_only_posts_of_our_own_pages_are_taken(browsing: Browsing, entries: Callable[[], int], clock: Clock) -> None:
    """Of all pairs of Sec-Fetch-Site and Origin, ours are stored, unknown ones are asked again, others are 403; typed answers stay."""
    browser, stored = browsing(), 0
    for number, pair in enumerate(product(FETCH_SITES, ORIGINS)):
        answer = sends(browser, clock, stranger(*pair), f"hope number {number}")
        stored += pair in GOOD
        expected = 303 if pair in GOOD else 200 if pair in ASK_AGAIN else 403
        assert (answer.status_code, entries()) == (expected, stored), pair
        assert expected == 303 or f"hope number {number}" in answer.text


def test_without_the_guard_a_foreign_post_is_stored(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with every post taken for ours, the one from elsewhere is stored."""
    monkeypatch.setattr("referral_function.web.app.request_origin", lambda *_: RequestOrigin.SAME_SITE)
    assert sends(browsing(), clock, stranger("cross-site", EVIL), "x").status_code == 303
    assert entries() == 1


@pytest.mark.asvs("2.3.1", "11.2.1")
def test_a_token_is_signed_by_us(
    browsing: Browsing, settings: Settings, entries: Callable[[], int], clock: Clock
) -> None:
    """A token whose words are right and whose signature is another's is no token; the control: ours is one."""
    browser, now = browsing(), datetime.fromtimestamp(clock(), UTC) - timedelta(seconds=30)
    for secret, status in ((b"another secret of somebody else 0123456789", 200), (settings.secret_key, 303)):
        whole = {**a_referral(Route.MYSELF), "action": "send", "token": Tokens(secret).review(Route.MYSELF, now, "")}
        assert browser.post(FORM, data=whole, headers=SAME_SITE).status_code == status
    assert entries() == 1


@pytest.mark.asvs("3.5.3", "4.1.4", "13.4.4")
@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW"]
)
def test_no_other_method_stores_anything(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, method: str
) -> None:
    """A complete send by any method but POST, in the body or in the address, stores nothing."""
    browser = browsing()
    posted = a_referral(Route.MYSELF)
    token = token_of(browser.post(FORM, data=posted, headers=SAME_SITE))
    clock.advance(5)
    whole = {**posted, "action": "send", "token": token}
    for how in ({"data": whole}, {"query_string": whole}):
        answer = browser.open(FORM, method=method, headers=SAME_SITE, **how)
        assert answer.status_code == (303 if method in {"GET", "HEAD"} else 405)
        assert answer.headers.get("Location", "/refer/myself/") == "/refer/myself/"
    override = {**SAME_SITE, "X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    browser.get(FORM, query_string={**whole, "_method": "POST"}, headers=override)
    assert entries() == 0


@pytest.mark.asvs("3.5.1", "4.1.1")
@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=b", "application/json", "application/xml", "", "a/b; c"]
)
def test_only_a_form_is_a_form(browsing: Browsing, entries: Callable[[], int], kind: str) -> None:
    """Content of any other type is refused in words, whatever it holds."""
    browser = browsing()
    body = "&".join(f"{name}={value}" for name, value in a_referral(Route.MYSELF).items())
    answer = browser.post(FORM, data=body + "&action=send", headers={**SAME_SITE, "Content-Type": kind})
    assert answer.status_code == 415
    assert entries() == 0


HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example#localhost",
    "localhost:80:81",
    "[::1]",
    "",
)


@pytest.mark.asvs("1.2.2", "3.7.2")
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/refer", FORM, "/faq/x/", "/referral/sent/", "/nowhere"])
def test_other_hosts_are_refused(browsing: Browsing, host: str, path: str) -> None:
    """A request for another host gets a plain 400 on every path, and its name stands nowhere in the answer."""
    answer = browsing().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)


def test_a_host_that_is_allowed_is_answered(browsing: Browsing) -> None:
    """The control: the same name in the settings is answered."""
    assert browsing(hosts=("evil.example",)).get("/", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.asvs("1.2.2", "3.7.2", "4.1.3")
@pytest.mark.parametrize("proxies", [0, 1])
def test_no_word_of_a_request_stands_in_a_redirect(browsing: Browsing, clock: Clock, proxies: int) -> None:
    """Where we send a browser on is written by us: neither host, forwarded host, path nor query changes it."""
    browser = browsing(proxies=proxies)
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Original-URL": "/evil"}
    forged |= {"X-Forwarded-Server": "evil.example", "Forwarded": "host=evil.example", "Referer": EVIL}
    for path in (
        FORM + "?next=//evil.example",
        "/refer?evil",
        "/faq/%0d%0aevil:%20x/",
        "//evil.example/faq/x/",
        "/faq//evil",
    ):
        location = browser.get(path, headers=forged).headers.get("Location", "")
        assert "evil" not in location.removeprefix("refer/?evil"), path
    for path in ("/referral?x=%0d%0aevil", "/referral/sent?receipt=evil"):
        for scheme in ("http://evil.example", "javascript", "https"):
            answer = browser.get(path, headers={"X-Forwarded-Proto": scheme})
            assert answer.headers["Location"] == path.partition("?")[0] + "/"
            assert answer.headers["Cache-Control"] == "no-store"
    assert (
        sends(browser, clock, {**SAME_SITE, **forged}, "x").headers["Location"].startswith("/referral/sent/?receipt=")
    )
