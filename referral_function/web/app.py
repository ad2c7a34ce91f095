"""The Flask application: the routes below `/referral/`, redirects of old addresses, and error pages."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as AnyResponse

from referral_function.asking.questions import Route
from referral_function.events import alarm, record
from referral_function.web import outcomes
from referral_function.web.form_post import SECONDS_LEFT, FormPost, request_origin
from referral_function.web.journey import Journey
from referral_function.web.render import Page, Renderer
from referral_function.web.security_headers import CLEAR_CACHE_PATH, headers_for

MAX_BODY_BYTES = 1024 * 1024  # 4,000 emoji are 48 kB encoded
MAX_FORM_FIELDS = 1000  # in one post; the longest form posts about 120
_EMPTY_GIF = (
    b"GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"  # one transparent pixel
)
_ROUTES = {route.slug: route for route in Route}  # the seven forms, by the last part of their address
_URLENCODED = "application/x-www-form-urlencoded"
_MESSAGES = {
    400: ("We could not read that", "Something in what your browser sent cannot be read. Go Back and try again."),
    405: ("This page cannot be used like that", "Start again from the form."),
    413: ("That was too much at once", "We have not kept what you typed. Go Back, and make your answers shorter."),
    415: ("We could not read that", "Your browser sent the form in a way we do not know. Go Back and try again."),
    500: ("Something went wrong on our side", "Please try again in a few minutes, or call us."),
}
_NOT_SENT = ("Something went wrong on our side", "Your referral has NOT been sent. Go Back and try again, or call us.")
_UNCONFIRMED = (
    "We could not confirm that it was sent",
    "Something went wrong on our side. Go Back and try again: it will not be sent twice.",
)


def create_app(  # noqa: PLR0913 - its dependencies, by name
    *,
    journey: Journey,
    renderer: Renderer,
    site: Path,
    redirects: Mapping[str, str],
    hosts: tuple[str, ...],
    now: Callable[[], datetime],
) -> Flask:
    """Make the application that answers below `/referral/`, and whatever the built site has no file for."""
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY_BYTES,
        "TRUSTED_HOSTS": list(hosts),
        "PROVIDE_AUTOMATIC_OPTIONS": False,
    }
    _add_form_routes(app, journey, renderer, now)
    _add_redirects(app, site, redirects)
    _add_error_pages(app, journey, renderer, now)

    @app.after_request
    def add_security_headers(response: Response) -> Response:
        if response.status_code == 308:  # noqa: PLR2004 - Werkzeug's own redirect to the trailing slash repeats host and query
            path = quote("/".join(filter(None, request.path.split("/"))))
            response.headers["Location"] = f"/{path}/" if path else "/"
        response.headers.update(headers_for(request.path, secure=request.is_secure))
        return response

    return app


def _add_form_routes(app: Flask, journey: Journey, renderer: Renderer, now: Callable[[], datetime]) -> None:
    @app.post("/referral/<slug>/")
    def post_form(slug: str) -> AnyResponse:
        if slug not in _ROUTES:
            raise MethodNotAllowed(["GET", "HEAD"])
        g.post = _read_post(slug, now)
        return _response(renderer.page(journey.outcome(g.post)))

    @app.get("/referral/sent/")
    def sent() -> AnyResponse:
        outcome = journey.tokens.read_receipt(request.args.get("receipt", ""), now())
        return _response(renderer.page(outcome)) if outcome else abort(404)

    @app.get(CLEAR_CACHE_PATH)
    def clear_cache() -> AnyResponse:
        return Response(_EMPTY_GIF, mimetype="image/gif")

    if journey.is_closed:

        @app.get("/refer/<slug>/")
        def closed_form(slug: str) -> AnyResponse:
            return _response(renderer.page(outcomes.Closed(route=_ROUTES[slug]))) if slug in _ROUTES else abort(404)


def _add_redirects(app: Flask, site: Path, redirects: Mapping[str, str]) -> None:
    site_pages = {page.parent.relative_to(site / "refer").as_posix() for page in (site / "refer").rglob("index.html")}

    @app.get("/referral/")
    def ways_to_refer() -> AnyResponse:
        return redirect("/refer/", 303)

    @app.get("/referral/<path:path>/")
    def redirect_to_site_page(path: str) -> AnyResponse:
        # Links on a form page are relative, `../` too, and the answers to a post stand at the same depth below /referral/.
        return redirect(f"/refer/{path}/", 303) if path in site_pages else abort(404)

    @app.get("/")
    @app.get("/<path:path>")
    def redirect_old_address(path: str = "") -> AnyResponse:
        target = new_address(redirects, path)
        return redirect(target, 301) if target else abort(404)


def new_address(redirects: Mapping[str, str], path: str) -> str | None:
    """Return where an address of the earlier site leads: the first entry that fits; a star stands for anything."""
    address = f"/{path.strip('/')}"
    for old, new in redirects.items():
        if address == old.rstrip("/") or (old.endswith("/*") and f"{address}/".startswith(old[:-1])):
            return new
    return None


def _add_error_pages(app: Flask, journey: Journey, renderer: Renderer, now: Callable[[], datetime]) -> None:
    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> AnyResponse:
        cause = getattr(error, "original_exception", None)
        if cause:  # an exception that Flask met after the view had answered
            return server_error(cause)
        if error.code == NotFound.code:  # every scanner asks for pages that are not there: no event
            return _response(renderer.not_found())
        code = error.code or 400
        record("refused", status=code)
        response = _response(renderer.message(code, *_MESSAGES.get(code, _MESSAGES[400])))
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            response.headers["Allow"] = allow
        return response

    @app.errorhandler(Exception)
    def server_error(error: Exception) -> AnyResponse:
        alarm("failed", cause=type(error).__name__)
        post: FormPost | None = g.get("post")
        if request.method != "POST":
            return _response(renderer.message(500, *_MESSAGES[500]))
        try:  # to give the answers back
            post = post or _read_post((request.view_args or {})["slug"], now)
            return _response(renderer.page(journey.server_error(post)))
        except Exception as again:  # noqa: BLE001 - then a page without the answers
            alarm("failed", cause=type(again).__name__)
        possibly_stored = post is not None and post.possibly_stored
        return _response(renderer.message(500, *(_UNCONFIRMED if possibly_stored else _NOT_SENT)))


def _read_post(slug: str, now: Callable[[], datetime]) -> FormPost:
    """Read the posted form; 415 for another type, 413 for more fields than any form of ours has."""
    if request.mimetype != _URLENCODED:
        abort(415)
    if request.get_data(parse_form_data=False).count(b"&") >= MAX_FORM_FIELDS:
        abort(413)
    origin = request_origin(
        request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host_url.rstrip("/")
    )
    return FormPost(
        route=_ROUTES[slug],
        fields=request.form,
        origin=origin,
        client=request.remote_addr or "",
        now=now(),
        seconds_left=request.environ.get(SECONDS_LEFT, lambda: math.inf),
    )


def _response(page: Page) -> AnyResponse:
    return redirect(page.location, page.status) if page.location else Response(page.html, status=page.status)
