"""Static files: WSGI middleware that serves the built site with security headers and passes the rest to Flask."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_accept_header
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wsgi import get_host

from referral_function.events import alarm
from referral_function.web.form_post import normalise_host
from referral_function.web.security_headers import FILE_HEADERS, headers_for

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from whitenoise import WhiteNoise

_NOT_PAGES = ("/headers.json", "/service.json", "/404.html")


class StaticFilesMiddleware:
    """Answers GET and HEAD of a file of the site; every other request goes to the application behind."""

    def __init__(  # noqa: PLR0913 - its dependencies, by name
        self,
        app: "WSGIApplication",
        site: Path,
        on_request: Callable[[], None],
        *,
        hosts: tuple[str, ...],
        fallback_error_page: str,
        excluded_paths: Iterable[str] = (),
    ) -> None:
        """Take the application behind.

        `on_request` runs before each request is answered, such as to start a thread after the fork of a server;
        `excluded_paths` are pages that Flask answers; `fallback_error_page` is shown where Flask's error page failed too.
        """
        self._app, self._site, self._on_request = app, site, on_request
        self._excluded = (*_NOT_PAGES, *excluded_paths)
        self._hosts, self._fallback_error_page = list(hosts), fallback_error_page.encode()

    @functools.cached_property
    def _files(self) -> "WhiteNoise":
        """Scan the site when a file is first asked for: on a serverless host none ever is."""
        from whitenoise import WhiteNoise  # noqa: PLC0415 - for the same reason

        files = WhiteNoise(self._app, root=self._site, index_file=True, max_age=None, allow_all_origins=False)
        for path in self._excluded:
            files.files.pop(path, None)
        return files

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        try:
            return (self._serve_file if self._is_file(environ) else self._app)(environ, start_response)
        except Exception as error:  # noqa: BLE001 - the last resort
            alarm("failed", cause=type(error).__name__)
            headers = {"Content-Type": "text/html; charset=utf-8", **_headers(environ)}
            start_response("500 Internal Server Error", list(headers.items()))
            return [self._fallback_error_page]

    def _is_file(self, environ: dict[str, Any]) -> bool:
        try:
            _normalise_headers(environ)
            self._on_request()
            is_file: bool = (
                environ["REQUEST_METHOD"] in {"GET", "HEAD"}
                and environ.get("PATH_INFO", "") in self._files.files
                and host_is_trusted(get_host(environ), self._hosts)
            )
            return is_file  # noqa: TRY300 - an exception of any of these is handled below
        except Exception as error:  # noqa: BLE001 - then Flask answers
            alarm("failed", cause=type(error).__name__)
            return False

    def _serve_file(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start_with_headers(status: str, headers: list[tuple[str, str]]) -> Any:  # noqa: ANN401 - PEP 3333
            return start_response(status, [*headers, *(FILE_HEADERS | _headers(environ)).items()])

        answer: Iterable[bytes] = self._files(environ, start_with_headers)
        return answer


def _normalise_headers(environ: dict[str, Any]) -> None:
    """Write the Host header and the accepted codings as Werkzeug and WhiteNoise compare them."""
    if "HTTP_HOST" in environ:
        environ["HTTP_HOST"] = normalise_host(environ["HTTP_HOST"])
    elif environ["SERVER_PROTOCOL"] == "HTTP/1.1":
        environ["HTTP_HOST"] = ""  # so Flask answers 400 (RFC 9112, section 3.2)
    codings = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))
    environ["HTTP_ACCEPT_ENCODING"] = ", ".join(coding.lower() for coding, quality in codings if quality)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return headers_for(environ.get("PATH_INFO", ""), secure=environ.get("wsgi.url_scheme") == "https")
