"""`make mutants`: what it tries, and that it names a survivor."""

from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import ROOT, Group, Mutant, groups, judge, modules_of, reasons, try_group

WEAK = Mutant(
    module="shop/prices.py", function="fare", was="return 3 if age <= 4 else 7", now="return 3 if age < 4 else 7"
)


def test_every_module_is_tried_once_against_tests_that_are_there() -> None:
    """Each module that asks, decides, sends, reads settings or leads the journey stands in one group, with its tests."""
    tried = [module for group in groups() for module in modules_of(group, ())]
    folders = [ROOT / "referral_function" / each for each in ("asking", "deciding", "sending", "settings")]
    modules = [path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*.py")]
    assert sorted(tried) == sorted([*modules, "referral_function/web/journey.py"])
    assert [test for group in groups() for test in group.tests if not (ROOT / test).is_file()] == []


def test_a_part_can_be_named() -> None:
    """A path named takes the modules below it alone."""
    found = [module for group in groups() for module in modules_of(group, ["referral_function/deciding"])]
    assert found
    assert {Path(module).parent.name for module in found} == {"deciding"}


def test_each_listed_survivor_has_a_reason() -> None:
    """No mutant may survive without a reason."""
    assert [mutant for mutant, why in reasons().items() if not why.strip()] == []


def test_what_survives_unlisted_and_what_is_listed_and_killed_are_named() -> None:
    """A listed survivor is let go; another one is named, and one that is no longer a survivor, unless only a sample ran."""
    for listed in (WEAK[:4], WEAK[:3], WEAK[:2]):  # a mutant, a line, a function
        assert list(judge([WEAK], {listed: "known"}, complete=[WEAK.module])) == []
        assert "killed or gone" in next(judge([], {listed: "known"}, complete=[WEAK.module]))
    other = ("shop/prices.py", "fare", "return 7")
    assert [each.split(":")[0] for each in judge([WEAK], {other: "known"}, complete=[WEAK.module])] == [
        "survived",
        "listed, but killed or gone",
    ]
    assert "survived" in next(judge([WEAK], {}, complete=[WEAK.module]))
    assert list(judge([], {WEAK: "known"}, complete=[])) == []


def small_project(folder: Path, *, more: str = "") -> None:
    """Make a project of one module and its test; `more` stands in its function, too."""
    for name, text in {
        "shop/__init__.py": "",
        "shop/names.py": "def small(name: str) -> str:\n    return name.lower()\n\n\nSHOP = small('A')\n",
        "shop/prices.py": f"def fare(age: int) -> int:\n{more}    return 3 if age <= 4 else 7\n\n\nNORMAL = fare(30)\n",
        "tests/test_prices.py": (
            "from shop.names import SHOP\nfrom shop.prices import NORMAL, fare\n\n\n"
            "def test_name():\n    assert SHOP == 'a'\n\n\n"
            "def test_fares():\n    assert (NORMAL, fare(4), fare(5)) == (7, 3, 7)\n\n\n"
        ),
        "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['browser', 'needs']\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.mark.slow("mutmut starts pytest for each change")
def test_a_survivor_is_found_in_code_with_a_weak_test(tmp_path: Path) -> None:
    """The control: a test that never looks at the edge of a rule lets its mutant live, and kills the others."""
    small_project(tmp_path / "project")
    for strong in (True, False):
        if not strong:
            test = tmp_path / "project" / "tests" / "test_prices.py"
            test.write_text(test.read_text("utf-8").replace("fare(4)", "fare(3)"), "utf-8")
        group = Group(modules=["shop/*.py"], tests=["tests/test_prices.py"])
        counts, survivors = try_group(group, [WEAK.module], tmp_path / "run", root=tmp_path / "project")
        killed, tried = counts[WEAK.module]
        assert survivors == ([] if strong else [WEAK])
        assert tried - killed == len(survivors) < tried


@pytest.mark.slow("mutmut starts pytest for each change")
def test_a_module_that_runs_at_import_alone_can_be_named(tmp_path: Path) -> None:
    """Its mutants are tried in fresh interpreters, though no test reaches its functions."""
    small_project(tmp_path / "project")
    group = Group(modules=["shop/*.py"], tests=["tests/test_prices.py"], imported=True)
    counts, survivors = try_group(group, ["shop/names.py"], tmp_path / "run", root=tmp_path / "project")
    assert (list(counts), survivors) == (["shop/names.py"], [])
    assert counts["shop/names.py"][0] > 0


@pytest.mark.slow("mutmut starts pytest for each change")
def test_a_mutant_that_never_ends_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pytest ends a test that takes too long, so that a loop without an end counts as noticed."""
    small_project(tmp_path / "project", more="    years = 3\n    while years > 0:\n        years -= 1\n")
    monkeypatch.setattr(mutants, "PYTEST", (*mutants.PYTEST, "-o", "faulthandler_timeout=2"))
    group = Group(modules=["shop/*.py"], tests=["tests/test_prices.py"])
    counts, survivors = try_group(group, [WEAK.module], tmp_path / "run", root=tmp_path / "project")
    assert "years += 1" not in {mutant.now for mutant in survivors}
    assert counts[WEAK.module][0] > 0
