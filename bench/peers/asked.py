"""What every peer is given: the same questions, the same page around them, and where to store an answer durably."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BENCH_FOLDER"])
SECTIONS: list[dict[str, Any]] = json.loads((FOLDER / "questions.json").read_text("utf-8"))
QUESTIONS: list[dict[str, Any]] = [question for section in SECTIONS for question in section["questions"]]
for question in QUESTIONS:
    question["choices"] = [(code, label) for code, label in question.get("choices", ())]
BEFORE, AFTER = ((FOLDER / name).read_text("utf-8") for name in ("before.html", "after.html"))


def missing(answers: dict[str, Any]) -> dict[str, str]:
    """Give the sentences for questions that the other answers make required."""
    found = {}
    for question in QUESTIONS:
        holds = any(set(_codes(answers.get(name))) & set(codes) for name, codes in question["needed"].items())
        if question["missing"] and holds and not answers.get(question["name"]):
            found[question["name"]] = question["missing"]
    return found


def _codes(answer: Any) -> list[str]:
    return [answer] if isinstance(answer, str) else answer or []


def opened(name: str) -> sqlite3.Connection:
    """Open a database that commits as durably as ours."""
    connection = sqlite3.connect(FOLDER / name, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS referral (reference text PRIMARY KEY, answers text, created_at real)"
    )
    return connection
