"""The guide for the person on duty names what can appear, can be followed, and is short enough for the night."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from referral_function.__main__ import COMMANDS
from referral_function.sending import smtp
from tests.project_copies import ROOT, copy_small_site
from website.check.check import check
from website.check.on_duty import GUIDE

MAX_WORDS: Final = 1800
TEXT: Final = (ROOT / GUIDE).read_text("utf-8")
RUNBOOKS: Final = sorted((ROOT / "handbook" / "runbooks").glob("*.md"))


PROVOKED: Final = {  # each row of the table of alarms, by its first words, and the tests that provoke it
    "no answer at all": ["nothing_answers"],
    "`outbox`": [
        "the_storage_does_not_answer",
        "test_what_cannot_be_accepted_is_said_honestly",
        "test_it_outlives_every_fault",
    ],
    "`replaced`": ["the_storage_does_not_answer"],
    "`key_missing`": ["a_key_is_missing"],
    "`relay_refuses`": ["the_relay_refuses"],
    "`parked`": ["something_is_parked", "an_entry_may_not_be_ours"],
    "`bounced`": ["an_email_came_back"],
    "`overdue`": ["the_relay_is_down"],
    "`drains_missed`": ["nothing_is_trying"],
    "`clock`": ["our_clock_was_wrong"],
    "`disk`": ["the_disk_fills"],
    "`limit`": ["very_many_referrals_come"],
    "`limit_store`": ["the_limits_store_is_down", "test_a_store_that_is_down_does_not_close_the_form"],
    "`failed` with a `cause`": [
        "a_fault_of_ours",
        "test_a_fault_of_ours_keeps_what_was_typed",
        "test_a_record_of_a_library_shows_its_place_and_never_its_words",
    ],
}


def first_cells(text: str) -> set[str]:
    """Return what is set as code in the first cell of each row of a table."""
    rows = (line.split("|")[1] for line in text.splitlines() if line.startswith("|"))
    return {code for row in rows for code in re.findall(r"`([\w-]+)`", row)}


def status_alarms(source: str) -> set[str]:
    """Find each name that the status page can show: the checks of `alarms`, and what stands in a list."""
    tree = ast.parse(source)
    checks = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "alarms")
    names: list[ast.AST | None] = [key for node in ast.walk(checks) if isinstance(node, ast.Dict) for key in node.keys]
    names += [each for node in ast.walk(tree) if isinstance(node, ast.List) for each in ast.walk(node)]
    return {each.value for each in names if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def causes(source: str) -> set[str]:
    """Find each word that a failure can have as its code."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and len(node.args) == 2)
    named = (call.args[1] for call in calls if "Failure" in ast.unparse(call.func))
    return {word.value for word in named if isinstance(word, ast.Constant) and isinstance(word.value, str)}


def test_the_guide_names_every_alarm_of_the_status_page() -> None:
    """Each alarm has its row."""
    named = status_alarms((ROOT / "referral_function/sending/health.py").read_text("utf-8"))
    assert named > {"parked", "relay_refuses", "outbox", "replaced"}
    assert named - first_cells(TEXT) == set()
    assert named - first_cells(TEXT.replace("`relay_refuses`", "")) == {"relay_refuses"}  # the control


def test_the_guide_names_every_code_that_is_a_word() -> None:
    """Each word that can stand in the column "code" has its row; numbers of the relay stand there by class."""
    sources = [path.read_text("utf-8") for path in (ROOT / "referral_function/sending").glob("*.py")]
    named = set().union(*map(causes, sources)) | set(smtp._CAUSES.values()) | {"certificate", "unsettled"}  # noqa: SLF001 - a closed list
    assert named > {"closed", "timeout", "garbled", "missing", "mac", "head", "key"}
    assert named - first_cells(TEXT) == set()
    assert all(f"`{stage}`: {code}" in TEXT for stage, code in (("auth", "503"), ("auth", "535"), ("dot", "5xx")))


def test_each_alarm_of_the_guide_is_provoked() -> None:
    """A row is new or gone: so is what provokes it; the walk through the guide calls each of its steps."""
    table = TEXT[TEXT.index("| Alarm (status)") :].partition("\n\n")[0].splitlines()[2:]
    assert [row for row in table if not row[2:].startswith(tuple(PROVOKED))] == []
    assert len(table) == len(PROVOKED)
    trees = {path: ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py")}
    known = {node.name for tree in trees.values() for node in tree.body if isinstance(node, ast.FunctionDef)}
    named = {name for names in PROVOKED.values() for name in names}
    assert named <= known
    walk = trees[ROOT / "tests" / "hosting" / "test_on_duty.py"]
    steps = {node.name for node in walk.body if isinstance(node, ast.FunctionDef) and "Duty" in ast.unparse(node.args)}
    assert steps == {name for name in named if not name.startswith("test_")}
    calls = {ast.unparse(node.func) for node in ast.walk(walk.body[-1]) if isinstance(node, ast.Call)}
    assert steps <= calls


def test_every_command_of_the_guide_exists() -> None:
    """What the guide lets somebody type is a command of the form."""
    typed = set(re.findall(r"(?m)(?:^|`)referral ([a-z-]+)", TEXT))
    assert typed >= {"check", "outbox", "drain", "keys", "settings", "send-test"}
    assert {name.replace("-", "_") for name in typed} - set(COMMANDS) == set()


def test_the_guide_is_short() -> None:
    """It is read at night: at most 1,800 words."""
    assert 1000 < len(TEXT.split()) <= MAX_WORDS


def test_whom_to_ring_is_a_blank_until_it_is_filled_in(tmp_path: Path) -> None:
    """The content check names each row without a number, and stops nothing."""
    guide = copy_small_site(tmp_path) / GUIDE
    guide.parent.mkdir(parents=True)
    today = datetime.now(UTC).date()
    for text, blank in ((TEXT, True), (re.sub(r"\|\s*\|$", "| 01632 960000 |", TEXT, flags=re.MULTILINE), False)):
        guide.write_text(text, encoding="utf-8")
        found = [finding for finding in check(tmp_path, today) if finding.path == GUIDE]
        assert any("how to reach the service manager, at night too." in str(finding) for finding in found) is blank
        assert len(found) == (5 if blank else 0)
        assert all(finding.advice for finding in found)


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.name)
def test_runbooks_use_the_terms_of_the_field(path: Path) -> None:
    """What is encrypted is called encrypted, outside the names of settings."""
    assert (
        re.findall(r"(?i)\b(?:un)?seal(?:s|ed|ing)?\b", re.sub(r"(?s)```.*?```|`[^`]*`", "", path.read_text("utf-8")))
        == []
    )
