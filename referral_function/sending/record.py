"""The record of a referral: its answers by question name, as JSON, and the JSON Schema of that from the definition."""

import json
from datetime import UTC, datetime
from typing import Any, assert_never

from referral_function.asking.answer_types import AnyOf, DateParts, LongText, OneOf, ShortText
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions
from referral_function.deciding.decision import definition_version
from referral_function.sending.reference import SYMBOLS

SCHEMA_FILE = "referral-record.schema.json"
_DATE = r"^([0-9]{4}|-{4})-([0-9]{2}|--)-([0-9]{2}|--)$"


def make_record(referral: Referral, *, reference: str, received_at: datetime, form_version: str = "") -> dict[str, Any]:
    """Return the record; a date has dashes for an unknown part, a question that was not answered has no key."""
    return {
        "reference": reference,
        "route": referral.route.value,
        "received_at": received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "form_version": form_version or definition_version(),
        "answers": referral.plain_answers(),
    }


def write_record(record: dict[str, Any]) -> str:
    """Write a record as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the records of every route."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Restorative Justice referral",
        "oneOf": [_route_schema(route) for route in Route],
    }


def _route_schema(route: Route) -> dict[str, Any]:
    answers = {question.name: _answer_schema(question) for question in questions(route)}
    return _object(
        {
            "reference": {"type": "string", "pattern": f"^RJ-[{SYMBOLS}]{{4}}-[{SYMBOLS}]{{4}}$"},
            "route": {"const": route.value},
            "received_at": {"type": "string", "format": "date-time"},
            "form_version": {"type": "string"},
            "answers": _object(answers, required=False),
        }
    )


def _object(properties: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    names = {"required": list(properties)} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **names}


def _answer_schema(question: Question) -> dict[str, Any]:
    title = {"title": question.short}
    codes = [choice.code for choice in question.choices]
    match question.answer:
        case ShortText(limit=limit) | LongText(limit=limit):
            return {**title, "type": "string", "minLength": 1, "maxLength": limit}
        case OneOf():
            return {**title, "enum": codes}
        case AnyOf():
            return {**title, "type": "array", "items": {"enum": codes}, "minItems": 1, "uniqueItems": True}
        case DateParts():
            return {**title, "type": "string", "pattern": _DATE}
        case _:
            assert_never(question.answer)
