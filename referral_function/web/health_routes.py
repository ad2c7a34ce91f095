"""Health check routes: liveness, readiness and, with a bearer token, the operator's status, metrics and drain."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

from flask import Flask, Response, abort, request

from referral_function.events import record
from referral_function.sending.metrics import CONTENT_TYPE, prometheus_text

Counts: TypeAlias = tuple[int, Mapping[str, object]]
"""An HTTP status with the counts of its JSON body."""


def register_health_routes(
    app: Flask,
    *,
    is_ready: Callable[[], bool],
    operator_token: str | None,
    status: Callable[[], Counts],
    drain: Callable[[], Counts] | None,
) -> None:
    """Add `livez`, `readyz`, `status`, `metrics` and `drain` below `/referral/`; the last three are 404 without a token."""

    def authorise() -> None:
        if operator_token is None:
            abort(404)
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(f"Bearer {operator_token}".encode(), given):
            record("refused", status=401)
            abort(Response("no\n", status=401, headers={"WWW-Authenticate": "Bearer"}, mimetype="text/plain"))

    @app.get("/referral/livez")
    def livez() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/referral/readyz")
    def readyz() -> Response:
        ready = is_ready()
        return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    @app.get("/referral/status")
    def status_page() -> Response:
        authorise()
        return _json(*status())

    @app.get("/referral/metrics")
    def metrics() -> Response:
        authorise()
        return Response(prometheus_text(status()[1]), content_type=CONTENT_TYPE)

    @app.post("/referral/drain")
    def drain_now() -> Response:
        if drain is None:
            abort(404)
        authorise()
        return _json(*drain())


def _json(code: int, counts: Mapping[str, object]) -> Response:
    return Response(json.dumps(counts) + "\n", status=code, mimetype="application/json")
