"""The addresses of the referral function: the only place that knows Flask."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as AnyResponse

from referral_function.asking.questions import Route
from referral_function.events import alarm, record
from referral_function.web.form_post import SECONDS_LEFT, Post, request_origin
from referral_function.web.journey import Journey, Reply
from referral_function.web.security_headers import headers_for
from referral_function.web.site_page import SitePage

MAX_BODY_BYTES = 1024 * 1024  # bytes; 4,000 emoji are 48 kB encoded
MAX_FORM_FIELDS = 1000  # names in one post; the longest form posts about 120
_ROUTES = {route.slug: route for route in Route}
_URLENCODED = "application/x-www-form-urlencoded"
_SENTENCES = {
    400: ("We could not read that", "Something in what your browser sent cannot be read. Go Back and try again."),
    405: ("This page cannot be used like that", "Start again from the form."),
    413: ("That was too much at once", "We have not kept what you typed. Go Back, and make your answers shorter."),
    415: ("We could not read that", "Your browser sent the form in a way we do not know. Go Back and try again."),
    500: ("Something went wrong on our side", "Please try again in a few minutes, or call us."),
}
_NOT_SENT = ("Something went wrong on our side", "Your referral has NOT been sent. Go Back and try again, or call us.")
_UNSURE = (
    "We could not confirm that it was sent",
    "Something went wrong on our side. Go Back and try again: it will not be sent twice.",
)


def create_app(  # noqa: PLR0913 - everything real comes in here, by name
    *,
    journey: Journey,
    site: Path,
    not_found: SitePage,
    redirects: Mapping[str, str],
    hosts: tuple[str, ...],
    now: Callable[[], datetime],
) -> Flask:
    """Make the application; it answers everything below `/referral/`, and whatever the built site has no file for."""
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY_BYTES,
        "TRUSTED_HOSTS": list(hosts),
        "PROVIDE_AUTOMATIC_OPTIONS": False,
    }
    _add_routes(app, journey, now)
    _add_sent(app, journey, now)
    _add_ways_on(app, site, redirects)
    _add_errors(app, journey, not_found, now)

    @app.after_request
    def with_headers(response: Response) -> Response:
        if (
            response.status_code == HTTPStatus.PERMANENT_REDIRECT
        ):  # the router's own: no word of the request but its path
            words = quote("/".join(filter(None, request.path.split("/"))))
            response.headers["Location"] = f"/{words}/" if words else "/"
        response.headers.update(headers_for(request.path, secure=request.is_secure))
        return response

    return app


def _add_routes(app: Flask, journey: Journey, now: Callable[[], datetime]) -> None:
    def post(slug: str) -> AnyResponse:
        if slug not in _ROUTES:
            raise MethodNotAllowed(["GET", "HEAD"])
        g.post = _read_post(slug, now)
        return _response(journey.answer(g.post))

    app.add_url_rule("/referral/<slug>/", view_func=post, methods=["POST"])

    def closed(slug: str) -> AnyResponse:
        return _response(journey.closed(_ROUTES[slug])) if slug in _ROUTES else abort(404)

    if journey.is_closed:
        app.add_url_rule("/refer/<slug>/", view_func=closed, methods=["GET"])


def _add_sent(app: Flask, journey: Journey, now: Callable[[], datetime]) -> None:
    def sent() -> AnyResponse:
        reply = journey.sent(request.args.get("receipt", ""), now())
        return _response(reply) if reply else abort(404)

    app.add_url_rule("/referral/sent/", view_func=sent, methods=["GET"])


def _add_ways_on(app: Flask, site: Path, redirects: Mapping[str, str]) -> None:
    pages = {page.parent.relative_to(site / "refer").as_posix() for page in (site / "refer").rglob("index.html")}

    def beside_a_form(path: str) -> AnyResponse:
        # Links on a form page are relative, `../` too, and the answers to a post stand at the same depth below /referral/.
        return redirect(f"/refer/{path}/", 303) if path in pages else abort(404)

    def anything_else(path: str = "") -> AnyResponse:
        folder = path.strip("/").partition("/")[0]
        target = redirects.get(f"/{path.strip('/')}") or redirects.get(f"/{folder}/*")
        return redirect(target, 301) if target else abort(404)

    app.add_url_rule("/referral/", "ways_to_refer", lambda: redirect("/refer/", 303), methods=["GET"])
    app.add_url_rule("/referral/<path:path>/", view_func=beside_a_form, methods=["GET"])
    app.add_url_rule("/", "root", anything_else, methods=["GET"])
    app.add_url_rule("/<path:path>", view_func=anything_else, methods=["GET"])


def _add_errors(app: Flask, journey: Journey, not_found: SitePage, now: Callable[[], datetime]) -> None:
    def page(status: int, heading: str, sentence: str) -> Response:
        html = not_found.replace_main(journey.faces.said(heading, sentence), title=f"{heading} – {journey.site_name}")
        return Response(html, status=status)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse:
        cause = getattr(error, "original_exception", None)
        if cause:  # Flask found a fault of ours after the answer was made
            return failed(cause)
        code = error.code or 400
        if code == NotFound.code:  # every scanner asks for pages that are not there: no event
            return Response(not_found.html, status=code)
        record("refused", status=code)
        response = page(code, *_SENTENCES.get(code, _SENTENCES[400]))
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            response.headers["Allow"] = allow
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> AnyResponse:
        alarm("failed", cause=type(error).__name__)
        post: Post | None = g.get("post")
        if request.method != "POST":
            return page(500, *_SENTENCES[500])
        try:  # nobody may lose what they typed to a fault of ours
            return _response(journey.broken(post or _read_post((request.view_args or {})["slug"], now)))
        except Exception as again:  # noqa: BLE001 - then a page without the answers, that is honest all the same
            alarm("failed", cause=type(again).__name__)
        return page(500, *(_UNSURE if post and post.possibly_stored else _NOT_SENT))


def fallback_error_page(not_found: SitePage, service: Mapping[str, str]) -> str:
    """Write, ahead of any fault, the page for when even the error page fails: it can promise nothing, and says so."""
    heading, sentence = "Something went wrong on our side", "If you pressed Send referral, we could not confirm that it"
    sentence += " was sent. Go Back and try again: it will not be sent twice. Or call us on"
    phone = f'<a href="{escape(service["phone_href"])}">{escape(service["phone"])}</a>'
    html = f'<div class="prose"><h1 id="result" tabindex="-1" autofocus>{heading}</h1>\n'
    html += f"<p>{sentence} {phone}. {escape(service.get('relay_uk') or '')}</p></div>"
    return not_found.replace_main(html, title=heading)


def _read_post(slug: str, now: Callable[[], datetime]) -> Post:
    """Read what was posted; refuse what is no form, or has more parts than any form of ours."""
    if request.mimetype != _URLENCODED:
        abort(415)
    if request.get_data(parse_form_data=False).count(b"&") >= MAX_FORM_FIELDS:
        abort(413)
    return Post(
        route=_ROUTES[slug],
        posted=request.form,
        origin=request_origin(
            request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host_url.rstrip("/")
        ),
        client=request.remote_addr or "",
        now=now(),
        seconds_left=request.environ.get(SECONDS_LEFT, lambda: math.inf),
    )


def _response(reply: Reply) -> AnyResponse:
    if reply.location:
        return redirect(reply.location, reply.status)
    return Response(reply.html, status=reply.status)
