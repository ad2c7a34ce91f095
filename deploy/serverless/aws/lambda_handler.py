"""The form as an AWS Lambda function: what API Gateway calls, and what the schedule calls."""

import json
import os
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any


def load_secrets(environ: MutableMapping[str, str]) -> None:
    """Read this function's secrets at its start, so that they do not stand in its configuration."""
    if arn := environ.get("SECRET_ARN"):
        import boto3  # type: ignore[import-not-found] # noqa: PLC0415 - of the platform

        found = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
        environ.update({f"REFERRAL_{key.upper()}": found[key] for key in environ["SECRET_KEYS"].split()})


load_secrets(os.environ)

from apig_wsgi import make_lambda_handler  # noqa: E402 - the application reads the settings when it is imported

from referral_function.web.form_post import SECONDS_LEFT  # noqa: E402
from referral_function.wsgi import application  # noqa: E402


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
