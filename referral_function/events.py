"""What the service says about itself: one line of JSON on stderr for each event, and never anyone's words.

An event has a name and a few figures. Every field is known here, and a text that is not a plain code is left out, so
that no answer, address or reply of a server can slip into a log.
"""

import json
import logging
import re
from datetime import UTC, datetime

LOGGER = logging.getLogger("referral")
FIELDS = frozenset(
    {"reference", "route", "state", "stage", "code", "cause", "age", "count", "attempts", "seconds", "status", "key_id"}
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,63}", re.ASCII)


def record(name: str, **fields: str | float) -> None:
    """Write down that something happened."""
    LOGGER.info(name, extra={"fields": fields})


def alarm(name: str, **fields: str | float) -> None:
    """Write down that a person has to look: a watcher of the log alarms on level ERROR."""
    LOGGER.error(name, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """One event as one line of JSON, in UTC, with known fields only."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. A record of another library shows its place and the kind of its error, never its text."""
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
    """Send events, and the warnings of libraries, to stderr as lines of JSON."""
    logging.raiseExceptions = False  # or a line that cannot be written is shown as a traceback, with all its words
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(logging.INFO)


def _plain(name: str, value: object) -> bool:
    return name in FIELDS and (
        isinstance(value, int | float) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))
    )
