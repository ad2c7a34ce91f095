"""The documents for developers and operators: what they name exists, and what exists is in them."""

import re
from argparse import ArgumentParser
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Final

from referral_function.__main__ import COMMANDS
from referral_function.sending.outbox import Stats

ROOT: Final = Path(__file__).resolve().parents[1]
DECISIONS: Final = ROOT / "handbook" / "decisions"
REFERENCE: Final = (ROOT / "handbook" / "reference.md").read_text("utf-8")
HEADINGS: Final = ["Context", "Decision", "Consequences"]
MAX_LINES: Final = 45


def malformed(text: str) -> bool:
    """Whether a decision record lacks its status or a heading, or is too long."""
    has_status = re.search(r"^Status: (accepted|superseded), \d{4}-\d\d-\d\d", text, re.MULTILINE)
    return not has_status or re.findall(r"^## (.+)$", text, re.MULTILINE) != HEADINGS or text.count("\n") > MAX_LINES


def test_every_decision_has_its_form_and_stands_in_the_index() -> None:
    """A decision record has status, context, decision and consequences on half a page, and the index links to it."""
    records = sorted(DECISIONS.glob("0*.md"))
    index = (DECISIONS / "README.md").read_text("utf-8")
    assert [path.name for path in records if malformed(path.read_text("utf-8"))] == []
    assert sorted(re.findall(r"\]\((0[^)]+)\)", index)) == [path.name for path in records]
    assert malformed("# 1. A\n\nStatus: accepted, 2026-11-23\n\n## Context\n\n## Decision\n")


def named_by_help() -> set[str]:
    """Return each command, action of `outbox` and option of the command line, as its help names it."""
    parser = ArgumentParser()
    subparsers = parser.add_subparsers()
    for name in COMMANDS:
        import_module(f"referral_function.commands.{name}").add_to(subparsers)
    actions = re.findall(r"^    (\w+)(?: |$)", subparsers.choices["outbox"].format_help(), re.MULTILINE)
    options = {
        each for command in subparsers.choices.values() for each in re.findall(r"--[a-z-]+", command.format_help())
    }
    return {*subparsers.choices, *(f"outbox {action}" for action in actions), *options} - {"--help"}


def test_every_command_stands_in_the_reference() -> None:
    """The table of commands has every command, action and option that the command line accepts."""
    table = REFERENCE.split("## Commands", 1)[1].split("## Status JSON", 1)[0]
    named = named_by_help()
    assert {"serve", "outbox reconcile", "--loop"} <= named
    assert [name for name in sorted(named) if not re.search(rf"(`|\[| ){name}\b", table)] == []
    assert not re.search(r"(`|\[| )--unknown\b", table)


def test_every_count_of_the_status_page_has_its_unit() -> None:
    """The table of the status JSON has every field with its unit, and no other."""
    table = REFERENCE.split("## Status JSON", 1)[1].split("| Alarm |", 1)[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)
    assert rows == [*(each.name for each in fields(Stats)), "alarms"]
