"""The questions as a pydantic model in FastAPI; its answer to errors is JSON, as its guide shows, not a page."""

import secrets
import sqlite3
import threading
import time
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Form
from fastapi.responses import RedirectResponse
from pydantic import Field, create_model

from bench.peers.shared_form import FOLDER, FORM


def field(known: dict[str, Any]) -> tuple[Any, Any]:
    """Return the type of a question and its default."""
    codes: Any = Literal[tuple(code for code, _label in known["choices"])] if known["choices"] else str
    email = r"^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$" if known["kind"] == "email" else None
    text: Any = Annotated[str, Field(max_length=known["limit"], pattern=email)]
    kind = {"one": codes, "several": list[codes]}.get(known["kind"], text)
    return (kind, ...) if known["missing"] else (kind | None, None)


Referral: Any = create_model("Referral", **{known["name"]: field(known) for known in FORM["fields"]})
application = FastAPI()
lock = threading.Lock()
database = sqlite3.connect(FOLDER / "fastapi.db", isolation_level=None, check_same_thread=False)
database.executescript(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS referral (reference text PRIMARY KEY, answers text, created_at real)"
)


@application.post("/referral/person-harmed/")  # type: ignore[untyped-decorator] # FastAPI is not in our environment
def store(referral: Annotated[Referral, Form()]) -> RedirectResponse:
    """Store a valid referral."""
    with lock:
        values = secrets.token_hex(8), referral.model_dump_json(), time.time()
        database.execute("INSERT INTO referral VALUES (?, ?, ?)", values)
    return RedirectResponse("/", status_code=303)
