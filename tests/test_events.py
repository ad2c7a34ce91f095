"""What the service says about itself."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function import events

HOSTILE = ["a\r\nb", "\x1b[31m", "name@example.org", "é", "x" * 65, "", " leading", '"}{', "a/b?receipt=c"]


def line_of(record: logging.LogRecord) -> dict[str, object]:
    """Format a record and read it back."""
    text = events.JsonLines().format(record)
    assert "\n" not in text
    assert text.isascii()
    parsed = json.loads(text)
    assert isinstance(parsed, dict)
    return parsed


def record_of(name: object, **fields: object) -> logging.LogRecord:
    """Make the record of an event, at a fixed time."""
    record = logging.LogRecord("referral", logging.INFO, "file.py", 7, name, None, None)
    record.created = datetime(2027, 5, 14, 14, 4, 0, 250_000, tzinfo=UTC).timestamp()
    record.__dict__["fields"] = fields
    return record


@pytest.mark.asvs("16.2.2", "16.2.4")
def test_an_event_is_one_line_of_json_in_utc() -> None:
    """An event has a time in UTC, a level, a name and its figures."""
    line = line_of(record_of("delivered", reference="RJ-4X7K-9PQM", attempts=2, age=0.5))
    assert line == {
        "at": "2027-05-14T14:04:00.250+00:00",
        "level": "INFO",
        "event": "delivered",
        "reference": "RJ-4X7K-9PQM",
        "attempts": 2,
        "age": 0.5,
    }


@pytest.mark.asvs("16.4.1", "1.1.2")
@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_that_is_no_plain_code_is_left_out(value: str) -> None:
    """Words, addresses, line ends and escapes never reach the log, whatever a caller passes."""
    assert "code" not in line_of(record_of("failed", code=value))
    assert line_of(record_of(value))["event"] == "unnamed"


def test_a_field_that_is_not_known_is_left_out() -> None:
    """Nobody adds a field by accident."""
    assert set(line_of(record_of("failed", victim_name="Ann"))) == {"at", "level", "event"}
    assert "code" not in line_of(record_of("failed", code=["a", "list"]))


@given(st.text(), st.text())
def test_any_text_gives_one_line_that_parses(name: str, value: str) -> None:
    """No text can break a line or add one."""
    line_of(record_of(name, code=value))


def test_a_record_of_a_library_shows_its_place_and_never_its_words() -> None:
    """What a library logs may hold an address with its query, so only the place and the kind of error are kept."""
    try:
        int("Ann said")
    except ValueError:
        record = logging.LogRecord(
            "waitress", logging.ERROR, "channel.py", 9, "GET /?receipt=%s", ("x",), sys.exc_info()
        )
    assert line_of(record)["cause"] == "channel:9 ValueError"
    plain = logging.LogRecord("waitress", logging.ERROR, "channel.py", 9, "Ann said", None, None)
    assert line_of(plain)["cause"] == "channel:9"
    assert line_of(plain)["event"] == "library"
    empty = logging.LogRecord("waitress", logging.ERROR, "channel.py", 9, "Ann said", None, (None, None, None))
    assert line_of(empty)["cause"] == "channel:9"


@pytest.fixture
def _logging_put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    logging.raiseExceptions = raising
    root.handlers[:] = handlers
    root.setLevel(level)
    events.LOGGER.setLevel(logging.NOTSET)


@pytest.mark.usefixtures("_logging_put_back")
def test_events_go_to_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events and alarms go to stderr, an alarm as an error."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    events.to_stderr()
    events.record("delivered", reference="RJ-4X7K-9PQM")
    events.alarm("parked", count=1)
    logging.getLogger("library").info("not this")
    lines = [json.loads(line) for line in stderr.getvalue().splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [("INFO", "delivered"), ("ERROR", "parked")]


@pytest.mark.usefixtures("_logging_put_back")
@pytest.mark.asvs("16.2.5")
def test_a_line_that_cannot_be_written_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Where our form of a line breaks, no traceback is printed with what a library had said; the control prints it."""
    events.to_stderr()
    record_without_time = logging.LogRecord("library", logging.ERROR, "x.py", 1, "Zebra %s", ("Zebra",), None)
    record_without_time.created = float("nan")
    logging.getLogger().handle(record_without_time)
    assert capsys.readouterr().err == ""
    logging.raiseExceptions = True
    logging.getLogger().handle(record_without_time)
    assert "Zebra" in capsys.readouterr().err
