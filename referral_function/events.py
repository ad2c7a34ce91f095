"""Structured log events: one line of JSON on stderr each, with fields from a closed list.

A text that is not a plain code is left out, so that no answer, address or reply of a server can reach a log.
"""

import json
import logging
import re
from datetime import UTC, datetime

LOGGER = logging.getLogger("referral")
FIELDS = frozenset({"reference", "route", "stage", "code", "cause", "age", "count", "attempts", "status", "key_id"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,63}", re.ASCII)


def record(name: str, **fields: str | float) -> None:
    """Log at INFO."""
    LOGGER.info(name, extra={"fields": fields})


def alarm(name: str, **fields: str | float) -> None:
    """Log at ERROR: needs the operator's attention."""
    LOGGER.error(name, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """Formats an event as one line of JSON, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a record of another library has its place and the type of its exception, never its text."""
        fields = record.__dict__.get("fields")
        if fields is None:
            name = "library"
            fields = {"cause": f"{record.module}:{record.lineno}"}
            if record.exc_info and record.exc_info[0]:
                fields["cause"] += f" {record.exc_info[0].__name__}"
        else:
            name = record.getMessage()
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "event": name if _CODE.fullmatch(name) else "unnamed"}
        return json.dumps(line | {name: value for name, value in fields.items() if _plain(name, value)})


def to_stderr() -> None:
    """Configure logging: events, and warnings of libraries, go to stderr as lines of JSON."""
    logging.raiseExceptions = False  # or logging prints a traceback with the text of a line that cannot be written
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(logging.INFO)


def _plain(name: str, value: object) -> bool:
    return name in FIELDS and (
        isinstance(value, int | float) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))
    )
