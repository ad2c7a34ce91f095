"""A bare Flask application: one address, eleven bytes. The least that our own framework can do."""

from flask import Flask

application = Flask(__name__)


@application.route("/", methods=["GET", "POST"])
def hello() -> str:
    """Say hello."""
    return "Hello world"
