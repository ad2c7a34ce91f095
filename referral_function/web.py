"""The addresses of the referral function: the only place that knows Flask."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from referral_function.asking.questions import Route
from referral_function.events import alarm
from referral_function.headers import headers_for
from referral_function.journey import Journey, Reply, provenance
from referral_function.page import SitePage

LONGEST_BODY = 1024 * 1024  # bytes; 4,000 emoji are 48 kB encoded
MOST_PARTS = 1000  # names in one post; the longest form posts about 120
_URLENCODED = "application/x-www-form-urlencoded"
_SENTENCES = {
    400: ("We could not read that", "Something in what your browser sent cannot be read. Go Back and try again."),
    404: ("We cannot find this page", "The address may have changed, or a letter in it may be wrong."),
    405: ("This page cannot be used like that", "Start again from the form."),
    413: ("That was too much at once", "We have not kept what you typed. Go Back, and make your answers shorter."),
    415: ("We could not read that", "Your browser sent the form in a way we do not know. Go Back and try again."),
    500: ("Something went wrong on our side", "Your referral has NOT been sent. Please try again in a few minutes."),
}


def create_app(  # noqa: PLR0913 - everything real comes in here, by name
    *,
    journey: Journey,
    site: Path,
    not_found: SitePage,
    redirects: Mapping[str, str],
    hosts: tuple[str, ...],
    now: Callable[[], datetime],
    is_ready: Callable[[], bool],
) -> Flask:
    """Make the application; it answers everything below `/referral/`, and whatever the built site has no file for."""
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "MAX_CONTENT_LENGTH": LONGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LONGEST_BODY,
        "TRUSTED_HOSTS": list(hosts),
        "PROVIDE_AUTOMATIC_OPTIONS": False,
    }
    _add_routes(app, journey, now)
    _add_sent(app, journey, now)
    _add_health(app, is_ready)
    _add_ways_on(app, site, redirects)
    _add_errors(app, journey, not_found)

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(headers_for(request.path, secure=request.is_secure))
        return response

    return app


def _add_routes(app: Flask, journey: Journey, now: Callable[[], datetime]) -> None:
    routes = {route.slug: route for route in Route}

    def post(slug: str) -> AnyResponse:
        if slug not in routes:
            raise MethodNotAllowed(["GET", "HEAD"])
        route = routes[slug]
        posted = _posted()
        came_from = provenance(
            request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host_url.rstrip("/")
        )
        try:
            return _response(journey.answer(route, posted, came_from, now()))
        except Exception as error:  # noqa: BLE001 - nobody may lose what they typed to a fault of ours
            alarm("broken", cause=type(error).__name__)
            return _response(journey.broken(route, posted, now()))

    app.add_url_rule("/referral/<slug>/", view_func=post, methods=["POST"])


def _add_sent(app: Flask, journey: Journey, now: Callable[[], datetime]) -> None:
    def sent() -> AnyResponse:
        reply = journey.sent(request.args.get("receipt", ""), now())
        return _response(reply) if reply else abort(404)

    app.add_url_rule("/referral/sent/", view_func=sent, methods=["GET"])


def _add_health(app: Flask, is_ready: Callable[[], bool]) -> None:
    def livez() -> AnyResponse:
        return Response("ok\n", mimetype="text/plain")

    def readyz() -> AnyResponse:
        ready = is_ready()
        return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    app.add_url_rule("/referral/livez", view_func=livez, methods=["GET"])
    app.add_url_rule("/referral/readyz", view_func=readyz, methods=["GET"])


def _add_ways_on(app: Flask, site: Path, redirects: Mapping[str, str]) -> None:
    pages = {page.parent.relative_to(site / "refer").as_posix() for page in (site / "refer").rglob("index.html")}

    def beside_a_form(path: str) -> AnyResponse:
        # Links on a form page are relative, and the answers to a post stand at the same depth below /referral/.
        return redirect(f"/refer/{path}/", 303) if path in pages else abort(404)

    def anything_else(path: str = "") -> AnyResponse:
        folder = path.strip("/").partition("/")[0]
        target = redirects.get(f"/{path.strip('/')}") or redirects.get(f"/{folder}/*")
        return redirect(target, 301) if target else abort(404)

    app.add_url_rule("/referral/<path:path>/", view_func=beside_a_form, methods=["GET"])
    app.add_url_rule("/", "root", anything_else, methods=["GET"])
    app.add_url_rule("/<path:path>", view_func=anything_else, methods=["GET"])


def _add_errors(app: Flask, journey: Journey, not_found: SitePage) -> None:
    @app.errorhandler(Exception)
    def failed(error: Exception) -> AnyResponse:
        if not isinstance(error, HTTPException):
            alarm("failed", cause=type(error).__name__)
            error = InternalServerError()
        heading, sentence = _SENTENCES.get(error.code or 500, _SENTENCES[400])
        html = not_found.with_main(journey.faces.said(heading, sentence), title=f"{heading} – {journey.site_name}")
        response = Response(html, status=error.code)
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            response.headers["Allow"] = allow
        return response


def _posted() -> MultiDict[str, str]:
    """Read what was posted; refuse what is no form, or has more parts than any form of ours."""
    if request.mimetype != _URLENCODED:
        abort(415)
    if request.get_data(parse_form_data=False).count(b"&") >= MOST_PARTS:
        abort(413)
    return request.form


def _response(reply: Reply) -> AnyResponse:
    if reply.location:
        return redirect(reply.location, reply.status)
    return Response(reply.html, status=reply.status)
