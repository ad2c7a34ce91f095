"""The command `read`, and the record that it prints."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from referral_function.__main__ import main
from referral_function.asking.answer_types import PartialDate
from referral_function.asking.questions import Route
from referral_function.asking.referral import Referral, questions
from referral_function.deciding.decision import definition_version
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_reader import UnreadableLetter, read_letter
from referral_function.sending.letter_text import letter_text
from referral_function.sending.message import Body
from referral_function.sending.record import make_record, record_schema, write_record
from tests.agreement import RECEIVED, REFERENCE, SCHEMA, message_of, wire_of_referral
from tests.examples import a_full_referral
from tests.letter_cases import referral
from tests.test_message import wire_of

if TYPE_CHECKING:
    from pathlib import Path

ANSWERED = referral(Route.PERSON_RESPONSIBLE, a_full_referral(Route.PERSON_RESPONSIBLE))
RECORD = make_record(ANSWERED, reference=REFERENCE, received_at=RECEIVED)


def read(path: Path, wire: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Save a message and read it."""
    path = path / "letter.eml"
    path.write_bytes(wire)
    code = main(["read", str(path)])
    written = capsys.readouterr()
    return code, written.out, written.err


def without_record() -> bytes:
    """Make the message as it is without the setting."""
    plain = letter_text(write_letter(ANSWERED, reference=REFERENCE, received_at=RECEIVED))
    return message_of(Body(plain=plain, html="<p>x</p>"))


@pytest.mark.parametrize("attached", [True, False])
def test_the_record_of_a_message_is_printed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    attached: bool,  # noqa: FBT001
) -> None:
    """With an attachment or without one, the same record is printed, and it fits the published schema."""
    code, out, err = read(tmp_path, wire_of_referral(ANSWERED) if attached else without_record(), capsys)
    assert (code, err) == (0, "")
    assert json.loads(out) == RECORD
    assert SCHEMA.is_valid(json.loads(out))
    assert RECORD["received_at"] == "2027-05-14T14:04:00Z"
    assert RECORD["answers"]["offender_birth_date"] == "1985-03-27"


def test_a_changed_line_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes a digit of the plain text is found out, and so is a record that says something else."""
    wire = without_record()
    code, out, err = read(tmp_path, wire.replace(b"01632 960 002", b"01632 960 009"), capsys)
    assert code == 1
    assert "01632 960 009" in out
    assert err == "A line of the plain text was changed after the message was made: compare it with the HTML text.\n"
    code, _out, err = read(
        tmp_path, wire_of_referral(ANSWERED).replace(b'"offender_adult": "yes"', b'"offender_adult": "no"'), capsys
    )
    assert code == 1
    assert "do not say the same" in err


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (wire_of("Hello\n"), "This is not the plain text of a referral."),
        (b"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n", "no message with a plain text"),
        (without_record().replace(b"Date: ", b"X-Date: "), "and a date"),
        (b"", "This is no message"),
    ],
)
def test_what_is_no_letter_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wire: bytes, said: str
) -> None:
    """Any other message is refused in one sentence, and so is a file that is not there."""
    code, out, err = read(tmp_path, wire, capsys)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert said in err
    assert main(["read", str(tmp_path / "none.eml")]) == 1


@pytest.mark.parametrize(
    "born", [PartialDate(year=1985), PartialDate(day=3, month=5), PartialDate(month=5, year=1985), PartialDate(day=3)]
)
def test_a_date_comes_back_with_what_was_known(born: PartialDate) -> None:
    """A date with unknown parts is read back as it was."""
    answered = Referral(route=Route.PERSON_RESPONSIBLE, answers={"offender_birth_date": born})
    text = letter_text(write_letter(answered, reference=REFERENCE, received_at=RECEIVED))
    assert read_letter(text).referral == answered


def test_the_version_of_the_form_is_read_from_the_letter() -> None:
    """A letter of an older form keeps its version."""
    text = letter_text(write_letter(ANSWERED, reference=REFERENCE, received_at=RECEIVED))
    assert read_letter(text.replace(definition_version(), "0.1.0-12345678")).form_version == "0.1.0-12345678"


def test_a_line_that_was_joined_is_no_crash() -> None:
    """A letter whose lines a mail program has joined or cut is read as far as it can be, and said to be changed."""
    text = letter_text(write_letter(ANSWERED, reference=REFERENCE, received_at=RECEIVED))
    for line in text.splitlines()[5:-1]:
        assert read_letter(text.replace(f"{line}\n", "", 1)).changed
    assert read_letter(text.replace("Contact ONLY", "Contact ONLY by: ? x\nContact ONLY")).changed
    assert read_letter(re.sub(r"\n  1\. .*", "\n  1. Another title", text)).changed
    lines = text.splitlines()
    for cut in (lines[1:], lines[:-1], [line for line in lines if not line.startswith("Route: ")]):
        with pytest.raises(UnreadableLetter, match=r"^This is not the plain text of a referral\.$"):
            read_letter("\n".join(cut))


@pytest.mark.parametrize("route", Route)
def test_a_letter_without_a_name_comes_back(route: Route) -> None:
    """Nobody is made up who is to be asked for; a text that looks like a date is a text."""
    name = "message" if route is Route.CONTACT_ME else "summary"
    answered = Referral(route=route, answers={name: "27 May 2027"})
    text = letter_text(write_letter(answered, reference=REFERENCE, received_at=RECEIVED))
    assert read_letter(text).referral == answered


def test_the_schema_refuses_what_is_no_record() -> None:
    """Another route, an unknown name, a part that is missing and an answer that the form would not take do not fit."""
    schema = Draft202012Validator(record_schema())
    assert schema.is_valid(RECORD | {"answers": RECORD["answers"] | {"victim_name": "x" * 100}})
    for name in RECORD:
        assert not schema.is_valid({other: value for other, value in RECORD.items() if other != name}), name
    for fits in ({}, {"victim_name": "x"}):  # no answer has to be there
        assert schema.is_valid(RECORD | {"answers": fits}), fits
    misfits: tuple[dict[str, object], ...] = (
        {"route": "nobody"},
        {"reference": "RJ-1"},
        {"reference": 1},
        {"received_at": 1},
        {"form_version": 1},
        {"more": "x"},
        {"answers": []},
        {"answers": {"who": "x"}},
        {"answers": {"victim_name": "x" * 101}},
        {"answers": {"victim_name": ""}},
        {"answers": {"victim_name": 1}},
        {"answers": {"offender_adult": "perhaps"}},
        {"answers": {"offence_group": ["none", "none"]}},
        {"answers": {"offence_group": ["x"]}},
        {"answers": {"offence_group": []}},
        {"answers": {"offence_group": "none"}},
        {"answers": {"offender_birth_date": "27 March"}},
        {"answers": {"offender_birth_date": 1}},
    )
    for changes in misfits:
        assert not schema.is_valid(RECORD | changes), changes


def test_the_schema_names_what_it_describes() -> None:
    """Whoever reads it finds the dialect, a title, and for each answer the words that staff know it by."""
    schema = record_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "A Restorative Justice referral"
    for route, found in zip(Route, schema["oneOf"], strict=True):
        properties = found["properties"]
        assert properties["received_at"]["format"] == "date-time"
        titles = {name: each["title"] for name, each in properties["answers"]["properties"].items()}
        assert titles == {question.name: question.short for question in questions(route)}


def test_a_record_is_made_as_it_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time in UTC to the second, wherever the machine stands, the version of the form that asked, a line for each answer, letters as they are."""
    made = make_record(ANSWERED, reference=REFERENCE, received_at=RECEIVED.astimezone(timezone(timedelta(hours=1))))
    assert made == RECORD
    assert list(made) == ["reference", "route", "received_at", "form_version", "answers"]
    assert (made["reference"], made["route"]) == (REFERENCE, "person_responsible")
    assert (made["received_at"], made["form_version"]) == ("2027-05-14T14:04:00Z", definition_version())
    with monkeypatch.context() as machine:
        machine.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        made = make_record(ANSWERED, reference=REFERENCE, received_at=RECEIVED)
    time.tzset()
    assert made == RECORD
    older = make_record(ANSWERED, reference=REFERENCE, received_at=RECEIVED, form_version="0.1-x")
    assert older == made | {"form_version": "0.1-x"}
    assert write_record({"name": "Zoë", "more": []}) == '{\n "name": "Zoë",\n "more": []\n}\n'
