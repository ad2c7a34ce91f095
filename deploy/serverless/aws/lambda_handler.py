"""The form as an AWS Lambda function: what API Gateway calls, and what the schedule calls."""

from collections.abc import Callable, Iterable
from typing import Any

from apig_wsgi import make_lambda_handler

from referral_function.web.form_post import SECONDS_LEFT
from referral_function.wsgi import application


def in_time(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request, and know how much time Lambda leaves for it."""
    context = environ["apig_wsgi.context"]
    environ[SECONDS_LEFT] = lambda: context.get_remaining_time_in_millis() / 1000
    return application(environ, start_response)


# Compressed pages and files are bytes: a REST API (1.0) needs */* among its binary media types, an HTTP API (2.0) nothing.
handler = make_lambda_handler(in_time, binary_support=True)


def drain(_event: dict[str, Any], _context: object) -> None:
    """Deliver what is due. Fails where a person has to look, so that the platform's own alarm for errors is ours."""
    from referral_function.__main__ import main  # noqa: PLC0415 - a cold start of the form does without the commands

    if main(["drain", "--seconds", "60"]):
        raise RuntimeError("A person has to look: see the events above.")
