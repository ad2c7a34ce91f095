"""Health check routes: liveness, readiness and, with a bearer token, the operator's status, metrics and drain."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask, Response, abort, request

from referral_function.events import record
from referral_function.sending.metrics import CONTENT_TYPE

Counts: TypeAlias = tuple[int, Mapping[str, object]]
"""An HTTP status with the counts of its JSON body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorEndpoints:
    """Endpoints behind the bearer token; without a token their addresses are 404."""

    token: str | None
    status: Callable[[], Counts]
    metrics: Callable[[], str]
    drain: Callable[[], Counts] | None


def register_health_routes(app: Flask, is_ready: Callable[[], bool], operator: OperatorEndpoints) -> None:
    """Add `livez`, `readyz`, `status`, `metrics` and `drain` below `/referral/`."""

    def livez() -> Response:
        return Response("ok\n", mimetype="text/plain")

    def readyz() -> Response:
        ready = is_ready()
        return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    def authorised(endpoint: Callable[[], Response] | None) -> Response:
        if operator.token is None or endpoint is None:
            abort(404)
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(f"Bearer {operator.token}".encode(), given):
            record("refused", status=401)
            return Response("no\n", status=401, headers={"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
        return endpoint()

    def status() -> Response:
        return _json(*operator.status())

    def metrics() -> Response:
        return Response(operator.metrics(), content_type=CONTENT_TYPE)

    def drain() -> Response:
        assert operator.drain  # noqa: S101 - `authorised` asked
        return _json(*operator.drain())

    app.add_url_rule("/referral/livez", view_func=livez, methods=["GET"])
    app.add_url_rule("/referral/readyz", view_func=readyz, methods=["GET"])
    app.add_url_rule("/referral/status", "status", lambda: authorised(status), methods=["GET"])
    app.add_url_rule("/referral/metrics", "metrics", lambda: authorised(metrics), methods=["GET"])
    app.add_url_rule("/referral/drain", "drain", lambda: authorised(operator.drain and drain), methods=["POST"])


def _json(code: int, counts: Mapping[str, object]) -> Response:
    return Response(json.dumps(counts) + "\n", status=code, mimetype="application/json")
