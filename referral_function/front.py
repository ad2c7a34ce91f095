"""The one door of a process: files of the built site, with their headers, and the form behind them."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from referral_function.headers import headers_for

if TYPE_CHECKING:
    from whitenoise import WhiteNoise

_NOT_PAGES = ("/headers.json", "/service.json", "/404.html")


class Front:
    """A WSGI application: GET and HEAD of a file of the site, and everything else by the form's own application."""

    def __init__(self, app: Flask, site: Path, first_request: Callable[[], None]) -> None:
        """Take what to do at a request before it is answered, such as to start a thread after the fork of a server."""
        self._app, self._site, self._first_request = app, site, first_request

    @functools.cached_property
    def _files(self) -> "WhiteNoise":
        """Look through the site when a file is first asked for: on a serverless host none ever is."""
        from whitenoise import WhiteNoise  # noqa: PLC0415 - for the same reason

        files = WhiteNoise(self._app, root=self._site, index_file=True, allow_all_origins=False)
        for path in _NOT_PAGES:
            files.files.pop(path, None)
        return files

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        self._first_request()
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or path not in self._files.files:
            return self._app(environ, start_response)
        also = headers_for(path, secure=environ.get("wsgi.url_scheme") == "https")

        def with_headers(status: str, headers: list[tuple[str, str]]) -> Any:  # noqa: ANN401 - as WSGI says
            return start_response(status, [*headers, *also.items()])

        answer: Iterable[bytes] = self._files(environ, with_headers)
        return answer
