"""The table in handbook/asvs.md is what the tests of this run say."""

import pytest

from tests.asvs import CLOSING, OPENING, PAPER, ROOT, checks, facts_of, problems, table, written


def collected_all(items: list[pytest.Item]) -> bool:
    """Say whether every file of tests takes part in this run, with all its tests that carry an id."""
    return {item.path for item in items} == set((ROOT / "tests").rglob("test_*.py"))


def test_the_table_is_what_the_run_gives(request: pytest.FixtureRequest) -> None:
    """Every requirement has a test or a reason, and handbook/asvs.md says which; run alone, what was collected is there."""
    items, paper = request.session.items, PAPER.read_text("utf-8")
    facts = facts_of(items)
    if collected_all(items):
        assert problems(facts, checks()) == []
        assert written(paper, table(facts, checks())) == paper, "make asvs"
    committed = paper.split(OPENING)[1].split(CLOSING)[0]
    for shown in facts.values():
        for file, sentence in shown:
            assert f"{sentence} (`{file}`)".replace("|", "&#124;") in committed, "make asvs"


def test_the_list_covers_what_was_agreed() -> None:
    """Every requirement of our list of security checks has a row, and whole chapters that do not apply say why."""
    known = checks()
    agreed = (
        "1.1.1 1.1.2 1.2.1 1.2.2 1.2.4 1.3.2 1.3.3 1.3.7 1.3.11 1.3.12 1.5.2 2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 "
        "2.3.3 2.4.1 2.4.2 3.1.1 3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 3.3.5 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.4.7 3.4.8 "
        "3.5.1 3.5.3 3.5.8 3.6.1 3.7.2 3.7.5 4.1.1 4.1.3 4.1.4 8.3.1 12.3.1 12.3.2 13.1.1 13.1.2 13.1.3 13.1.4 13.2.1 "
        "13.2.2 13.2.3 13.2.4 13.2.5 13.2.6 13.3.1 13.3.2 13.3.3 13.3.4 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5 13.4.6 13.4.7 "
        "14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.2.5 14.2.6 14.2.7 14.2.8 14.3.1 14.3.2 14.3.3 15.1.1 15.1.2 15.1.3 "
        "15.1.4 15.1.5 15.2.1 15.2.2 15.2.3 15.2.4 15.2.5 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7 15.4.1 15.4.2 "
        "15.4.3 15.4.4 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 "
        "16.5.2 16.5.3 16.5.4 V5 V6 V7 V9 V10 V17"
    )
    assert set(agreed.split()) - known.keys() == set()
    assert any(name.startswith("11.") for name in known)


def test_a_row_without_a_test_is_caught() -> None:
    """The controls: no test and no reason, both at once, and an id that nobody listed."""
    known = {"1.1": {"holds": "a"}, "1.2": {"holds": "b", "reason": "none"}}
    assert problems({}, known) == ["1.1: no test and no reason"]
    shown = frozenset({("tests/test_x.py", "It holds.")})
    assert problems({"1.1": shown, "1.2": shown, "9.9": shown}, known) == [
        "1.2: a test and a reason why there is none",
        "9.9: not in asvs.toml",
    ]
    text = table({"1.1": shown}, known)
    assert "| 1.1 | a | It holds. (`tests/test_x.py`) |" in text
    assert "| 1.2 | b | none |" in text
    assert written(f"x\n{OPENING}\nold\n{CLOSING}\ny", "new") == f"x\n{OPENING}\n\nnew\n\n{CLOSING}\ny"
