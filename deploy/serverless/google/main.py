"""The form as a Cloud Run function: what the functions framework calls."""

import os
import time

import functions_framework
from flask import Request
from werkzeug.wrappers import Response

from referral_function.web.form_post import SECONDS_LEFT
from referral_function.wsgi import application

_TIMEOUT = float(os.environ.get("CLOUD_RUN_TIMEOUT_SECONDS", "60"))  # as the platform and its framework name it


@functions_framework.http
def referral(request: Request) -> Response:
    """Answer one request, and know how much time Cloud Run leaves for it."""
    end = time.monotonic() + _TIMEOUT
    environ = request.environ | {SECONDS_LEFT: lambda: end - time.monotonic()}
    return Response.from_app(application, environ, buffered=True)
