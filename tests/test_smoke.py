"""`smoke`: what a visitor meets at a live address, over real TLS."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from referral_function import compose
from referral_function.__main__ import main
from referral_function.commands import smoke
from referral_function.settings.settings import Settings

Run = Callable[..., tuple[int, str]]
Served = Callable[..., AbstractContextManager[str]]


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_words: Any) -> None:
        """Leave it out."""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Serve an application, over TLS unless told otherwise, and give its address."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "web-authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "web-authority.pem"))

    @contextmanager
    def serve(application: Any, *, days: float = 89.5, tls: bool = True) -> Iterator[str]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if context:
            end = datetime.now(UTC) + timedelta(days=days)
            made = authority.issue_cert("localhost", not_before=end - timedelta(days=90), not_after=end)
            made.configure_cert(context)
        server = make_server(
            "127.0.0.1", 0, application, threaded=True, request_handler=Quiet, ssl_context=context, processes=1
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return serve


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command; return its exit code and what it said."""
    monkeypatch.setattr(smoke, "_SECONDS_BEFORE_SEND", 2.1)

    def runner(*words: str) -> tuple[int, str]:
        code = main(["smoke", *words])
        return code, capsys.readouterr().out

    return runner


@pytest.fixture
def service(settings: Settings, parts: compose.Runtime) -> Flask:
    """Return a whole service."""
    return compose.application(settings, parts)


def broken(application: Any, path: str, changed: Callable[[str, list[Any]], tuple[str, list[Any]]]) -> Any:
    """Change status and headers of one address."""

    def answers(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        here = environ["PATH_INFO"] == path

        def begin(status: str, headers: list[Any], *also: Any) -> Any:
            return start(*(changed(status, headers) if here else (status, headers)), *also)

        return application(environ, begin)

    return answers


def test_a_good_address_is_looked_at_and_nothing_is_sent(
    served: Served, run: Run, service: Flask, parts: compose.Runtime
) -> None:
    """Certificate, pages, headers and the form work, each in a line; without --send nothing is stored."""
    with served(service) as url:
        code, said = run(url)
    assert code == 0, said
    assert [line.split()[0] for line in said.splitlines()] == ["certificate", "pages", "headers", "form"]
    assert "good for 89." in said
    assert parts.outbox.stats().queued == 0


def test_with_send_an_invented_referral_goes_the_whole_way(
    served: Served, run: Run, service: Flask, parts: compose.Runtime
) -> None:
    """What is sent is a complete referral, each time another one; the line names its reference."""
    with served(service, tls=False) as url:
        said = [run(url, "--send") for _ in range(2)]
    assert [code for code, _ in said] == [0, 0], said
    for entry, (_, words) in zip(parts.outbox.entries(), said, strict=True):
        assert f"TEST referral {entry.reference} was accepted" in words


@pytest.mark.parametrize(
    ("path", "status", "header", "said"),
    [
        ("/contact/", "500 NO", None, "/contact/ answers 500, not 200"),
        ("/service.json", "200 OK", None, "/service.json answers 200, not 404"),
        ("/refer/", None, ("X-Frame-Options", "ALLOW"), "/refer/ has X-Frame-Options: ALLOW, not DENY"),
        ("/refer/", None, ("Set-Cookie", "a=b"), "/refer/ sets a cookie"),
    ],
)
def test_what_is_wrong_is_named_with_its_address(  # noqa: PLR0913, PLR0917 - a case is one line
    served: Served,
    run: Run,
    service: Flask,
    path: str,
    status: str | None,
    header: tuple[str, str] | None,
    said: str,
) -> None:
    """A page that fails, a file that shows, a weaker header, a cookie: one sentence, and exit 1."""

    def change(was: str, headers: list[Any]) -> tuple[str, list[Any]]:
        name = header[0] if header else ""
        return status or was, [*(each for each in headers if each[0] != name), *([header] if header else [])]

    with served(broken(service, path, change)) as url:
        code, out = run(url)
    assert code == 1
    assert said in out


def test_a_certificate_about_to_end_is_named(served: Served, run: Run, service: Flask) -> None:
    """When less than a quarter of its time is left, nobody has renewed it, and somebody is told."""
    with served(service, days=5) as url:
        code, said = run(url)
    assert code == 1
    assert "it ends in 5.0 days and was not renewed" in said


def test_a_certificate_that_nobody_vouches_for_is_named(
    served: Served, run: Run, service: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An authority that this machine does not know stops every look."""
    with served(service) as url:
        monkeypatch.delenv("SSL_CERT_FILE")
        code, said = run(url)
    assert code == 1
    assert said.count("NO: ") == 4
    assert "certificate verify failed" in said


def test_a_closed_form_is_named(served: Served, run: Run, settings: Settings, parts: compose.Runtime) -> None:
    """While the form is closed, the pages are fine but for it, and its answer says so."""
    with served(compose.application(replace(settings, closed=True), parts)) as url:
        code, said = run(url)
    assert code == 1
    assert "shows no form: is it closed" in said
    assert "503 “The online form is closed for now”" in said


def test_a_referral_that_is_not_taken_is_named(
    served: Served, run: Run, service: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent too soon, the form asks to press again: the line says so."""
    monkeypatch.setattr(smoke, "_SECONDS_BEFORE_SEND", 0)
    with served(service) as url:
        code, said = run(url, "--send")
    assert code == 1
    assert "the referral was answered with 200 “Check your answers”" in said


def test_a_page_after_sending_without_a_reference_is_named(served: Served, run: Run, service: Flask) -> None:
    """Somebody who sends must see a reference."""

    def answers(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] == "/referral/sent/":
            start("404 NOT FOUND", [])
            return [b"nothing here"]
        return service(environ, start)

    with served(answers) as url:
        code, said = run(url, "--send")
    assert code == 1
    assert "the page after sending answers 404 (no page of ours)" in said


@pytest.mark.parametrize("url", ["service.test", "ftp://service.test", "https://service.test/page/", "http://[x"])
def test_what_is_no_address_is_wrong_usage(run: Run, url: str) -> None:
    """The address of the site alone is asked for."""
    code, said = run(url)
    assert code == 2
    assert "such as https://service.example" in said
