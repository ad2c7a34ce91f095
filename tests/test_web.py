"""Addresses, methods, statuses and headers."""

import gc
import importlib
import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import html5lib
import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.sending.attempt import State
from referral_function.settings.parsers import Drain
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.app import MAX_BODY_BYTES, MAX_FORM_FIELDS, new_address
from referral_function.web.form_markup import render_blank_form
from referral_function.web.form_post import SECONDS_LEFT
from referral_function.web.security_headers import headers_for
from referral_function.web.site_page import PageError, read_service_data
from referral_function.web.templating import make_environment
from tests.conftest import Clock
from tests.examples import a_referral
from tests.page_checks import check_page
from tests.project_copies import PHONE
from tests.referrer import SAME_SITE, Browser, Referrer
from tests.smtp_server import DROP, SLOW, SmtpServer

FORM = {"Content-Type": "application/x-www-form-urlencoded", **SAME_SITE}


@pytest.fixture
def client(settings: Settings, parts: compose.Runtime) -> Browser:
    """Give a browser without manners."""
    return Browser(compose.application(settings, parts))


@pytest.mark.parametrize("address", ["/refer/", "/referral/livez"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 200) for host in ("localhost", "LOCALHOST", "localhost.", "LocalHost.:8000", "127.0.0.1:80")),
        *((host, 400) for host in ("localhost..", "localhost.evil.example", "evil.example", "", ".", None)),
    ],
)
def test_which_hosts_are_answered(client: Browser, address: str, host: str | None, status: int) -> None:
    """A host of ours is answered in any case and fully qualified; HTTP/1.1 with another one, or none, is 400 (RFC 9112)."""
    environ = EnvironBuilder(address).get_environ()
    named = {name: value for name, value in environ.items() if name != "HTTP_HOST"}
    if host is None:  # which HTTP/1.0 allows
        assert run_wsgi_app(client.application, {**named, "SERVER_PROTOCOL": "HTTP/1.0"}, buffered=True)[1] == "200 OK"
    else:
        named["HTTP_HOST"] = host
    assert run_wsgi_app(client.application, named, buffered=True)[1].startswith(str(status))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("BR", "br"),
        ("br;q=0", None),
        ("gzip, br; q=0.000", "gzip"),
        ("gzip;q=0, br;q=0", None),
        ("identity;q=0.5, gzip;q=0.0, br;q=0.1", "br"),
        ("*", None),
        (None, None),
    ],
)
def test_a_coding_that_is_not_accepted_is_not_used(client: Browser, accepted: str | None, coding: str | None) -> None:
    """A file is compressed only as its reader accepts: a quality of 0 is a no (RFC 9110, section 12.5.3)."""
    response = client.get("/refer/", headers={"Accept-Encoding": accepted} if accepted else {})
    assert (response.status_code, response.headers.get("Content-Encoding")) == (200, coding)


@pytest.mark.parametrize("slug", [route.slug for route in Route])
def test_a_form_is_a_static_page(client: Browser, site: Path, slug: str) -> None:
    """GET of a form page is the published file; GET of the address that it posts to leads there."""
    page = client.get(f"/refer/{slug}/")
    assert page.text == (site / "refer" / slug / "index.html").read_text(encoding="utf-8")
    assert 'name="contact_methods"' in page.text or slug == "person-responsible"
    check_page(page.text)
    away = client.get(f"/referral/{slug}/")
    assert (away.status_code, away.headers["Location"]) == (303, f"/refer/{slug}/")


@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/referral/person-harmed/", 303, "/refer/person-harmed/"),
        ("/referral/", 303, "/refer/"),
        ("/referral/../secret/", 404, None),
        ("/referral/nowhere/", 404, None),
        ("/nowhere", 404, None),
        ("/case-study/lucys-story", 301, "/case-studies/"),
        ("/faq/any-question/", 301, "/questions/"),
        ("/service.json", 404, None),
        ("/headers.json", 404, None),
        ("/404.html", 404, None),
        ("/refer", 302, "refer/"),
    ],
)
def test_where_an_address_leads(client: Browser, address: str, status: int, location: str | None) -> None:
    """Pages below /referral/ go on to /refer/, old addresses to new ones, and the rest is not found."""
    response = client.get(address)
    assert response.status_code == status
    if location:
        assert response.headers["Location"].removeprefix("http://localhost").startswith(location)


@pytest.mark.asvs("4.1.4")
@pytest.mark.parametrize(
    "address", ["/", "/refer/", "/refer/myself/", "/referral/sent/", "/referral/myself/", "/nowhere"]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
def test_other_methods_are_refused_everywhere(client: Browser, address: str, method: str) -> None:
    """Only GET and HEAD are answered, and POST where a form posts to; everything else is 405 with a way on."""
    if (method, address) == ("POST", "/referral/myself/"):
        return
    response = client.open(address, method=method)
    assert response.status_code == 405
    assert response.headers["Allow"]
    check_page(response.text)
    assert PHONE in response.text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", FORM, 422),
        (b"action", FORM, 422),
        (b"%", FORM, 422),
        (b"victim_name=%ff%fe%00&offence_date=%ed%a0%80", FORM, 422),
        (b"a=" + b"x" * (MAX_BODY_BYTES + 1), FORM, 413),
        (b"&" * (MAX_FORM_FIELDS - 1), FORM, 422),
        (b"&" * MAX_FORM_FIELDS, FORM, 413),
        (b"{}", {**SAME_SITE, "Content-Type": "application/json"}, 415),
        (b"", SAME_SITE, 415),
        (b"--b--", {**SAME_SITE, "Content-Type": "multipart/form-data; boundary=b"}, 415),
    ],
)
def test_a_malformed_post_gets_a_page(client: Browser, body: bytes, headers: dict[str, str], status: int) -> None:
    """Whatever is wrong with a post, the answer is a page with a normal status and the phone number."""
    response = client.post("/referral/myself/", data=body, headers=headers)
    assert response.status_code == status
    check_page(response.text)
    assert PHONE in response.text


@pytest.mark.asvs("14.2.1")
@pytest.mark.parametrize(("size", "status"), [(-1, 422), (0, 422), (1, 413)])
def test_the_longest_body(client: Browser, size: int, status: int) -> None:
    """A body one byte below the limit and at it is read, one above is refused."""
    body = b"victim_name=" + b"x" * (MAX_BODY_BYTES - len(b"victim_name=") + size)
    assert client.post("/referral/myself/", data=body, headers=FORM).status_code == status


@pytest.mark.asvs("3.4.3")
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/refer/myself/", 200),
        ("GET", "/refer", 302),
        ("GET", "/referral/myself/", 303),
        ("POST", "/referral/myself/", 415),
        ("GET", "/nowhere", 404),
        ("PUT", "/", 405),
        ("GET", "/referral/livez", 200),
        ("GET", "/referral/sent/?receipt=forged", 404),
    ],
)
def test_every_answer_has_the_headers(client: Browser, method: str, address: str, status: int) -> None:
    """Files, pages, redirects and errors all carry the same headers, each once, and no cookie."""
    response = client.open(address, method=method)
    assert response.status_code == status
    for name, value in headers_for(address.partition("?")[0]).items():
        assert response.headers.getlist(name) == [value], name
    assert "Set-Cookie" not in response.headers
    assert "Strict-Transport-Security" not in response.headers
    assert "Strict-Transport-Security" in client.open(address, method=method, base_url="https://localhost").headers


@pytest.mark.asvs("14.2.2", "14.3.2")
def test_what_is_posted_is_never_kept_by_the_browser(referrer: Referrer, site: Path) -> None:
    """Answers to a post and the sent page are no-store; a picture of it clears the cache; a static page is neither."""
    assert referrer.reviews(Route.MYSELF).headers["Cache-Control"] == "no-store"
    sent = referrer.opens(referrer.sends(Route.MYSELF).headers["Location"])
    assert sent.headers["Cache-Control"] == "no-store"
    assert "Clear-Site-Data" not in sent.headers  # Chromium would hold the reference back while it clears
    picture = referrer.opens(re.findall(r'<img src="(/referral/[^"]+)" alt=""', sent.text)[0])
    assert (picture.status_code, picture.mimetype) == (200, "image/gif")
    assert (picture.headers["Cache-Control"], picture.headers["Clear-Site-Data"]) == ("no-store", '"cache"')
    stated = json.loads((site / "headers.json").read_text(encoding="utf-8"))["/*"]["Cache-Control"]
    assert referrer.opens("/refer/").headers.getlist("Cache-Control") == [stated]  # as behind Caddy and nginx


def test_search_alone_may_run_its_engine() -> None:
    """Only the search page allows WebAssembly and reading from our own origin."""
    search, other = (headers_for(path)["Content-Security-Policy"] for path in ("/search/", "/"))
    assert "'wasm-unsafe-eval'" in search
    assert "connect-src 'self'" in search
    assert "wasm" not in other


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", ""])
def test_only_our_hosts_are_answered(client: Browser, host: str) -> None:
    """A request for another host is refused before it is looked at."""
    response = client.post("/referral/myself/", data={}, headers={**FORM, "Host": host})
    assert response.status_code == 400
    assert headers_for("/referral/")["Content-Security-Policy"] == response.headers["Content-Security-Policy"]


def test_health_addresses(client: Browser, parts: compose.Runtime, settings: Settings, tmp_path: Path) -> None:
    """The process is alive whatever happens; it is ready while a referral could be stored."""
    assert client.get("/referral/livez").status_code == 200
    assert client.get("/referral/readyz").status_code == 200
    parts.outbox.close()
    broken = tmp_path / "not a folder"
    broken.write_text("")
    elsewhere = {"outbox": f"sqlite:///{broken}/outbox.db"}
    service = Browser(compose.application(_with(settings, **elsewhere)))
    assert service.get("/referral/livez").status_code == 200
    assert service.get("/referral/readyz").status_code == 503


def _with(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, **changes)


def test_proxies_are_believed_only_when_they_are_counted(settings: Settings, parts: compose.Runtime) -> None:
    """A claim of TLS by X-Forwarded-Proto counts only behind a proxy that the settings name."""
    claim = {"X-Forwarded-Proto": "https"}
    alone = Browser(compose.application(settings, parts)).get("/", headers=claim)
    assert "Strict-Transport-Security" not in alone.headers
    behind = Browser(compose.application(_with(settings, proxies=1), parts)).get("/", headers=claim)
    assert "Strict-Transport-Security" in behind.headers


def test_a_fault_outside_the_journey_is_a_kind_page(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody expected is the site's page with the phone number, never a trace."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("referral_function.web.tokens.Tokens.read_receipt", fail)
    response = client.get("/referral/sent/?receipt=x")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert PHONE in response.text
    check_page(response.text)


def test_an_accept_wakes_the_thread(settings: Settings, clock: Clock) -> None:
    """What is accepted is delivered by the thread of the process at once."""
    parts = compose.Runtime.from_settings(_with(settings, drain=Drain.THREAD))
    assert parts.thread
    service = compose.application(settings, parts, now=lambda: datetime.fromtimestamp(clock(), UTC))
    sent = Referrer(Browser(service), clock.advance).sends(Route.MYSELF)
    assert sent.status_code == 303
    assert parts.thread.stop(30)
    parts.outbox.close()


@pytest.mark.parametrize(("left", "arrived"), [(None, 1), (300, 1), (31, 1), (30, 0), (0, 0)])
def test_a_serverless_host_tries_once_after_the_commit(  # noqa: PLR0913, PLR0917
    settings: Settings,
    clock: Clock,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    left: float | None,
    arrived: int,
) -> None:
    """Where no thread delivers, one attempt follows each commit, before the answer, if the host leaves time for it."""
    monkeypatch.setattr(compose, "_ATTEMPT_STEP", 0.01)
    parts = compose.Runtime.from_settings(_with(settings, drain=Drain.ATTEMPT))
    service = compose.application(settings, parts, now=lambda: datetime.fromtimestamp(clock(), UTC))

    def on_the_host(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return service(environ | ({} if left is None else {SECONDS_LEFT: lambda: left}), start_response)

    assert Referrer(Browser(on_the_host), clock.advance).sends(Route.MYSELF).status_code == 303
    assert len(smtp_server.kept) == arrived
    parts.outbox.close()


@pytest.mark.parametrize("relay", ["250", SLOW, DROP])
def test_an_attempt_takes_whole_steps_whatever_it_finds(
    settings: Settings, clock: Clock, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch, relay: str
) -> None:
    """A repeat, for which nothing is to be delivered, is not answered sooner than a referral that a relay takes."""
    monkeypatch.setattr(compose, "_ATTEMPT_STEP", 1.0)
    smtp_server.script("dot", relay, "250")
    parts = compose.Runtime.from_settings(_with(settings, drain=Drain.ATTEMPT))
    service = compose.application(settings, parts, now=lambda: datetime.fromtimestamp(clock(), UTC))
    for _first_and_repeat in range(2):
        began = time.monotonic()
        assert Referrer(Browser(service), clock.advance).sends(Route.MYSELF).status_code == 303
        assert time.monotonic() - began >= 1
    parts.outbox.close()


def test_the_process_starts_its_thread_at_the_first_request(settings: Settings, smtp_server: SmtpServer) -> None:
    """What waits from before is delivered as soon as a request comes in, and an accept wakes the thread."""
    parts = compose.Runtime.from_settings(_with(settings, drain=Drain.THREAD))
    service = Referrer(Browser(compose.application(settings, parts)), time.sleep)
    assert parts.thread
    service.sends(Route.MYSELF)
    for _wait in range(600):
        if smtp_server.kept:
            break
        time.sleep(0.05)
    assert parts.thread.stop(30)
    assert [entry.state for entry in parts.outbox.entries()] == [State.DELIVERED]
    parts.outbox.close()


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("help-us", "/contact/"),
        ("help-us/", "/contact/"),
        ("slash", "/slash-page/"),
        ("slash/", "/slash-page/"),
        ("a/b/c", "/deep/"),
        ("a/b", "/deep/"),
        ("a/x", None),
        ("news/first", "/first/"),
        ("news/other/more", "/news-page/"),
        ("newsletter", None),
        ("", None),
    ],
)
def test_every_old_address_that_the_check_accepts_leads_on(path: str, leads_to: str | None) -> None:
    """With and without a last slash, at any depth; the first line that fits counts, as in the files for hosts."""
    redirects = {
        "/help-us": "/contact/",
        "/slash/": "/slash-page/",
        "/a/b/*": "/deep/",
        "/news/first": "/first/",
        "/news/*": "/news-page/",
    }
    assert new_address(redirects, path) == leads_to


def test_a_site_that_was_not_built_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    """Without the built site the program refuses to start and names the command."""
    with pytest.raises(PageError, match="make site"):
        compose.application(_with(settings, site=tmp_path))


def test_notices_are_on_the_professional_forms_alone(site: Path) -> None:
    """A notice is hidden text below a question that can lead away; on the route for oneself there is none."""
    jinja = make_environment(read_service_data(site))
    *others, harmed, responsible = (render_blank_form(jinja, route) for route in Route)
    assert not [form for form in others if 'class="notice"' in form or "data-away" in form or 'value="check"' in form]
    for form in (*others, harmed, responsible):  # a text browser shows what is hidden
        hidden = html5lib.parse(form, namespaceHTMLElements=False).findall(".//*[@hidden]")
        assert {"".join(each.itertext()).strip() for each in hidden} <= {"Continue", ""}
    assert harmed.count('class="notice" hidden') == 4
    assert responsible.count('class="notice" hidden') == 5
    assert 'value="no" data-away' in harmed
    assert 'value="domestic" data-also' in harmed
    assert 'value="denies" data-away' in responsible
    assert 'value="denies" data-away' not in harmed


def test_two_first_visitors_at_once_are_both_served(site: Path) -> None:
    """Who needs a form while another thread is preparing it for the first time gets it whole."""
    shown: list[str] = []

    class Meanwhile(dict[str, Any]):
        """What the pages say about the service; while it is first read, another thread shows the same form."""

        def __getitem__(self, name: str) -> Any:
            if name == "name" and not shown:
                shown.append("")
                other = threading.Thread(target=lambda: shown.append(render_blank_form(jinja, Route.MYSELF)))
                other.start()
                other.join()
            return super().__getitem__(name)

    known = read_service_data(site)
    jinja = make_environment({**known, "service": Meanwhile(known["service"])})
    assert render_blank_form(jinja, Route.MYSELF) == shown[1]


def test_service_json_is_read(tmp_path: Path) -> None:
    """A file that is no JSON is named with the command that makes it."""
    (tmp_path / "service.json").write_text("{")
    with pytest.raises(PageError, match="make site"):
        read_service_data(tmp_path)
    (tmp_path / "service.json").write_text(json.dumps({"service": {}}))
    assert read_service_data(tmp_path) == {"service": {}}


def test_a_post_may_come_without_manners(client: Browser) -> None:
    """A whole referral posted at once with the wrong action is reviewed, never sent."""
    response = client.post("/referral/myself/", data={**a_referral(Route.MYSELF), "action": "SEND"}, headers=SAME_SITE)
    assert "Check your answers" in response.text


TOKEN = "an invented token of the tests, 32 signs"


@pytest.mark.parametrize(("method", "address"), [("GET", "/referral/status"), ("POST", "/referral/drain")])
def test_the_operators_addresses_are_closed_without_a_token(
    settings: Settings, parts: compose.Runtime, caplog: pytest.LogCaptureFixture, method: str, address: str
) -> None:
    """Without a token in the settings the addresses are not there; with one, only its bearer gets in, and a try is an event."""
    caplog.set_level(logging.INFO, "referral")
    closed = Browser(compose.application(settings, parts))
    assert closed.open(address, method=method, headers={"Authorization": "Bearer "}).status_code == 404
    guarded = Browser(compose.application(_with(settings, operator_token=TOKEN, drain=Drain.ATTEMPT)))
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        assert guarded.open(address, method=method, headers=header).status_code == 401
    assert [record.fields for record in caplog.records if record.getMessage() == "refused"] == 3 * [{"status": 401}]  # type: ignore[attr-defined]


def test_the_operator_drains_and_sees_counts_only(settings: Settings, smtp_server: SmtpServer, clock: Clock) -> None:
    """POST drain delivers what waits and answers counts; status shows counts and never a reference."""
    guarded = _with(settings, operator_token=TOKEN, drain=Drain.ATTEMPT)
    held = compose.Runtime.from_settings(settings)
    service = compose.application(settings, held, now=lambda: datetime.fromtimestamp(clock(), UTC))
    Referrer(Browser(service), clock.advance).sends(Route.MYSELF)
    held.outbox.close()
    client = Browser(compose.application(guarded))
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/referral/status", headers=bearer).get_json()["queued"] == 1
    drained = client.post("/referral/drain", headers=bearer)
    assert (drained.status_code, drained.json) == (200, {"delivered": 1, "failed": 0})
    assert len(smtp_server.kept) == 1
    status = client.get("/referral/status", headers=bearer)
    assert status.status_code == 200
    assert "RJ-" not in status.text
    counts = status.get_json()
    assert (counts["queued"], counts["delivered"]) == (0, 1)


def test_an_operator_cannot_drain_where_nothing_delivers(settings: Settings, parts: compose.Runtime) -> None:
    """Where this process holds no private keys, only the status is there."""
    client = Browser(compose.application(_with(settings, operator_token=TOKEN), parts))
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.post("/referral/drain", headers=bearer).status_code == 404
    assert client.get("/referral/status", headers=bearer).status_code == 200


def test_the_wsgi_module_reads_the_environment(
    environ: dict[str, str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any WSGI server finds `application`, made from the settings in the environment."""
    for name, value in (environ | {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("referral_function.events.to_stderr", lambda: None)
    monkeypatch.delitem(sys.modules, "referral_function.wsgi", raising=False)
    module = importlib.import_module("referral_function.wsgi")
    assert Browser(module.application).get("/referral/livez").status_code == 200


def test_a_page_that_is_not_there_leads_on(client: Browser, site: Path) -> None:
    """The site's own page for that answers, with the ways on and the phone number."""
    response = client.get("/nowhere")
    assert response.text == (site / "404.html").read_text(encoding="utf-8")
    assert "/help/site-map/" in response.text
    assert PHONE in response.text


def test_no_link_of_an_answer_leads_nowhere(client: Browser, referrer: Referrer) -> None:
    """Whatever stands on a page that answers a post, its links lead to a page: also “Make a referral” and the way back."""
    for action, changes in (("review", {"victim_name": ""}), ("review", {}), ("review", {"offender_adult": "no"})):
        answer = referrer.posts(Route.MYSELF, a_referral(Route.MYSELF, **changes), action)
        links = set(re.findall(r'href="([^":#]+)"', answer.text))
        assert "../" in links
        for link in links:
            address = urljoin("/referral/myself/", link)
            assert client.get(address).status_code in {200, 303}, address


def test_any_wsgi_server_is_told_what_to_type_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The WSGI module read without settings names them all, and the command that needs none."""
    for name in [name for name in os.environ if name.startswith("REFERRAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "referral_function.wsgi", raising=False)
    try:
        with pytest.raises(SettingsError, match=r"REFERRAL_RELAY.*(?s:.*)make run"):
            importlib.import_module("referral_function.wsgi")
    finally:
        gc.enable()  # it is off while that module loads
