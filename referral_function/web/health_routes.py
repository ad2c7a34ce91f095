"""Health check routes: liveness, readiness and, with a bearer token, the operator's status and drain."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask, Response, abort, request

from referral_function.events import record

Counts: TypeAlias = tuple[int, Mapping[str, object]]
"""An HTTP status with the counts of its JSON body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorEndpoints:
    """Endpoints behind the bearer token; without a token both addresses are 404."""

    token: str | None
    status: Callable[[], Counts]
    drain: Callable[[], Counts] | None


def register_health_routes(app: Flask, is_ready: Callable[[], bool], operator: OperatorEndpoints) -> None:
    """Add `livez`, `readyz`, `status` and `drain` below `/referral/`."""

    def livez() -> Response:
        return Response("ok\n", mimetype="text/plain")

    def readyz() -> Response:
        ready = is_ready()
        return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    def authorised(endpoint: Callable[[], Counts] | None) -> Response:
        if operator.token is None or endpoint is None:
            abort(404)
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(f"Bearer {operator.token}".encode(), given):
            record("refused", status=401)
            return Response("no\n", status=401, headers={"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
        code, counts = endpoint()
        return Response(json.dumps(counts) + "\n", status=code, mimetype="application/json")

    app.add_url_rule("/referral/livez", view_func=livez, methods=["GET"])
    app.add_url_rule("/referral/readyz", view_func=readyz, methods=["GET"])
    app.add_url_rule("/referral/status", "status", lambda: authorised(operator.status), methods=["GET"])
    app.add_url_rule("/referral/drain", "drain", lambda: authorised(operator.drain), methods=["POST"])
