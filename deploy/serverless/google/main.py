"""The form as a Cloud Run function: what the functions framework calls."""

import functions_framework
from flask import Request
from werkzeug.wrappers import Response

from referral_function.wsgi import application


@functions_framework.http
def referral(request: Request) -> Response:
    """Answer one request."""
    return Response.from_app(application, request.environ, buffered=True)
