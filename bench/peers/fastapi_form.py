"""The same questions in FastAPI as a pydantic model; its answer to errors is JSON, as its guide shows, not a page."""

import secrets
import threading
import time
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field, create_model, model_validator

from bench.peers import asked


class Asked(BaseModel):  # type: ignore[misc] # pydantic is not in our environment
    """What the other answers make required."""

    @model_validator(mode="after")  # type: ignore[untyped-decorator] # the same
    def complete(self) -> "Asked":
        """Refuse what is missing."""
        sentences = asked.missing(self.model_dump())
        if sentences:
            raise ValueError(". ".join(sentences.values()))
        return self


def field(question: dict[str, Any]) -> tuple[Any, Any]:
    """Make the type of a question, and its default."""
    kind: Any
    match question["kind"]:
        case "line" if question["shape"] == "email":
            kind = Annotated[str, Field(pattern=r"^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$")]
        case "line" | "long":
            kind = Annotated[str, Field(max_length=question["limit"])]
        case "one" | "tick":
            kind = Literal[tuple(code for code, _label in question["choices"])]
        case "several":
            kind = list[Literal[tuple(code for code, _label in question["choices"])]]  # type: ignore[misc] # data
        case _:
            kind = str
    return (kind, ...) if question["missing"] and not question["needed"] else (kind | None, None)


Referral: Any = create_model(
    "Referral", __base__=Asked, **{question["name"]: field(question) for question in asked.QUESTIONS}
)
PAGE = (asked.FOLDER / "form.html").read_text("utf-8")
application = FastAPI()
database, guard = asked.opened("fastapi.db"), threading.Lock()


@application.get("/")  # type: ignore[untyped-decorator] # FastAPI is not in our environment
def shown() -> HTMLResponse:
    """Show the form: the page as text, no template."""
    return HTMLResponse(PAGE)


@application.post("/")  # type: ignore[untyped-decorator] # the same
def stored(referral: Annotated[Referral, Form()]) -> RedirectResponse:
    """Store what FastAPI has checked."""
    with guard:
        values = secrets.token_hex(8), referral.model_dump_json(), time.time()
        database.execute("INSERT INTO referral VALUES (?, ?, ?)", values)
    return RedirectResponse("/", status_code=303)
