"""The one door of a process: files of the built site, with their headers, and the form behind them."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wsgi import get_host

from referral_function.events import alarm
from referral_function.web.security_headers import headers_for

if TYPE_CHECKING:
    from whitenoise import WhiteNoise

_NOT_PAGES = ("/headers.json", "/service.json", "/404.html")


class StaticFilesMiddleware:
    """A WSGI application: GET and HEAD of a file of the site, and everything else by the form's own application."""

    def __init__(  # noqa: PLR0913 - what never changes, by name
        self,
        app: Flask,
        site: Path,
        on_first_request: Callable[[], None],
        *,
        hosts: tuple[str, ...],
        fallback_error_page: str,
        hidden: Iterable[str] = (),
    ) -> None:
        """Take what to do at a request before it is answered, such as to start a thread after the fork of a server.

        `hidden` are pages of the site that the form answers itself, and
        `last_page` is shown where the form's own error page failed too.
        """
        self._app, self._site, self._first_request = app, site, on_first_request
        self._hidden = (*_NOT_PAGES, *hidden)
        self._hosts, self._last_page = list(hosts), fallback_error_page.encode()

    @functools.cached_property
    def _files(self) -> "WhiteNoise":
        """Look through the site when a file is first asked for: on a serverless host none ever is."""
        from whitenoise import WhiteNoise  # noqa: PLC0415 - for the same reason

        files = WhiteNoise(self._app, root=self._site, index_file=True, allow_all_origins=False)
        for path in self._hidden:
            files.files.pop(path, None)
        return files

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        try:
            return (self._file if self._is_file(environ) else self._app)(environ, start_response)
        except Exception as error:  # noqa: BLE001 - the last resort
            alarm("failed", cause=type(error).__name__)
            headers = {"Content-Type": "text/html; charset=utf-8", **_headers(environ)}
            start_response("500 Internal Server Error", list(headers.items()))
            return [self._last_page]

    def _is_file(self, environ: dict[str, Any]) -> bool:
        try:
            self._first_request()
            found: bool = (
                environ["REQUEST_METHOD"] in {"GET", "HEAD"}
                and environ.get("PATH_INFO", "") in self._files.files
                and host_is_trusted(get_host(environ), self._hosts)
            )
            return found  # noqa: TRY300 - inside: whatever happens here is caught
        except Exception as error:  # noqa: BLE001 - then the form's application answers as well as it can
            alarm("failed", cause=type(error).__name__)
            return False

    def _file(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        also = _headers(environ)

        def with_headers(status: str, headers: list[tuple[str, str]]) -> Any:  # noqa: ANN401 - as WSGI says
            return start_response(status, [*headers, *also.items()])

        answer: Iterable[bytes] = self._files(environ, with_headers)
        return answer


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    return headers_for(environ.get("PATH_INFO", ""), secure=environ.get("wsgi.url_scheme") == "https")
