"""What machines may ask: whether the process lives, whether it can accept, and, with a token, whether a person must look."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, Response, abort, request

from referral_function.events import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What the person who runs the service may ask for by a bearer token; without a token both addresses are closed."""

    token: str | None
    status: Callable[[], tuple[int, Mapping[str, object]]]
    drain: Callable[[], tuple[int, Mapping[str, object]]] | None


def register_health_routes(app: Flask, is_ready: Callable[[], bool], operator: Operator) -> None:
    """Give the application the addresses that machines ask, and those of the operator."""

    def livez() -> Response:
        return Response("ok\n", mimetype="text/plain")

    def readyz() -> Response:
        ready = is_ready()
        return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    app.add_url_rule("/referral/livez", view_func=livez, methods=["GET"])
    app.add_url_rule("/referral/readyz", view_func=readyz, methods=["GET"])

    def answered(ask: Callable[[], tuple[int, Mapping[str, object]]] | None) -> Response:
        if operator.token is None or ask is None:
            abort(404)
        if not hmac.compare_digest(
            f"Bearer {operator.token}".encode(), request.headers.get("Authorization", "").encode()
        ):
            record("refused", status=401)
            return Response("no\n", status=401, headers={"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
        code, counts = ask()
        return Response(json.dumps(counts) + "\n", status=code, mimetype="application/json")

    def status() -> Response:
        return answered(operator.status)

    def drain() -> Response:
        return answered(operator.drain)

    app.add_url_rule("/referral/status", view_func=status, methods=["GET"])
    app.add_url_rule("/referral/drain", view_func=drain, methods=["POST"])
