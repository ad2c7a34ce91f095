"""The privacy papers say what the program does, and what is still to be decided is listed by a command."""

import json
from pathlib import Path

import pytest

from referral_function.__main__ import main
from referral_function.asking.questions import Route, Sensitivity
from referral_function.asking.referral import questions
from referral_function.settings.settings import REQUIRED_LEGAL_DETAILS
from tests.asvs import ROOT
from website.content.record_of_processing import record_of_processing

ASKED = [(route, question) for route in Route for question in questions(route)]


@pytest.mark.asvs("14.1.1", "14.1.2")
def test_the_record_of_processing_is_fresh() -> None:
    """The record is what the questions give: every one with its class, where it is asked, and why."""
    paper = (ROOT / "handbook" / "privacy" / "record-of-processing.md").read_text("utf-8")
    assert paper == record_of_processing(), "make record"
    assert [question.name for _, question in ASKED if f"| `{question.name}` |" not in paper] == []


@pytest.mark.asvs("14.1.1")
def test_every_question_has_a_purpose_and_a_class() -> None:
    """Nothing is asked without saying why; a question about a person's name, way of contact or health is not plain."""
    personal = ("_name", "_phone", "_email", "_address", "_birth_date", "_needs", "_risks")
    for route, question in ASKED:
        assert question.purpose.endswith("."), question.name
        assert route in question.routes, question.name
        assert not question.name.endswith(personal) or question.sensitivity is not Sensitivity.PLAIN, question.name


def test_the_assessment_asks_for_what_only_the_controller_knows() -> None:
    """The starter of the impact assessment leads to the record and to SECURITY.md, and marks what is to be decided."""
    paper = (ROOT / "handbook" / "privacy" / "dpia-starter.md").read_text("utf-8")
    assert paper.count("**To decide**") >= 6
    assert "(record-of-processing.md)" in paper
    assert "(../../SECURITY.md)" in paper


def test_what_is_kept_and_counted_is_said() -> None:
    """What is kept after delivery, for whom, and what is counted, stand in the notice, the record and the assessment."""
    said = {
        "docs/policies/privacy.md": ["<!-- service: keep_days -->", "We count how many referrals", "Counts under 5"],
        "handbook/privacy/record-of-processing.md": ["only where `keep_days` is set", "| Figures |"],
        "handbook/privacy/dpia-starter.md": ["`keep_days`", "opened by the manager's key alone"],
        "SECURITY.md": ["| The manager's private key |", "only where `REFERRAL_KEEP_KEY` is set"],
    }
    for path, sentences in said.items():
        text = (ROOT / path).read_text("utf-8")
        assert [each for each in sentences if each not in text] == [], path


def listed(folder: Path, service: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Ask what is open, for a site that says this about the service."""
    (folder / "service.json").write_text(json.dumps({"service": service}), "utf-8")
    monkeypatch.setenv("REFERRAL_SITE", str(folder))
    return main(["blanks"])


def test_what_is_to_be_decided_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each blank is named, open ones as such; the exit code says whether all are filled; an unbuilt site is one sentence."""
    assert listed(tmp_path, {"controller": "Somebody"}, monkeypatch) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(REQUIRED_LEGAL_DETAILS)
    assert [line for line in lines if "OPEN" not in line] == [f"{'controller':21} Somebody"]
    assert listed(tmp_path, dict.fromkeys(REQUIRED_LEGAL_DETAILS, "decided"), monkeypatch) == 0
    capsys.readouterr()
    monkeypatch.setenv("REFERRAL_SITE", str(tmp_path / "nowhere"))
    assert main(["blanks"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
