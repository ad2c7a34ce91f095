"""Flask with one view: the least that our own framework can do."""

from flask import Flask

application = Flask(__name__)


@application.get("/<path:_path>")
def hello(_path: str) -> str:
    """Answer eleven bytes."""
    return "Hello world"
