"""The rules of the house that a machine can hold: which way imports lean, sizes, words, and what a start loads."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project_copies import NOT_COPIED

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = sorted((ROOT / "referral_function").rglob("*.py"))
OUTER = {"compose.py", "wsgi.py", "__main__.py", "app.py"}
FORBIDDEN_IMPORTS = {  # imported module: a module that may not import it
    "dev.run": "website/cms/editor",
    "website.build.site": "website/check/check",
    "referral_function.web.app": "referral_function/asking/questions",
    "flask": "referral_function/papers/office",
    "werkzeug": "referral_function/commands/check",
    "wtforms": "referral_function/asking/answers",
    "jinja2": "referral_function/sending/letter",
    "cryptography": "referral_function/sending/submission",
    "sqlite3": "referral_function/sending/postgres",
    "psycopg": "referral_function/sending/sqlite",
    "waitress": "referral_function/web/app",
    "smtplib": "referral_function/sending/smtp",
    "socket": "referral_function/sending/mailer",
    "ssl": "referral_function/commands/smoke",
    "dns": "referral_function/sending/message",
}
MOST_LINES = 200
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "base", "data", "info"}
HEAVY = {"sqlalchemy", "pydantic", "dns", "email_validator", "django", "psycopg", "brotli", "asyncio", "hypothesis"}


def source(path: Path) -> str:
    """Read a module."""
    return path.read_text(encoding="utf-8")


def too_long(text: str) -> bool:
    """Say whether a module is longer than anyone should have to read at once."""
    return len(text.splitlines()) > MOST_LINES


def ambient(text: str) -> set[str]:
    """Find what a module reads from around it instead of being given: the clock, the environment, randomness."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in {
                ("os", "environ"),
                ("os", "getenv"),
                ("time", "time"),
                ("time", "monotonic"),
                ("datetime", "now"),
                ("datetime", "utcnow"),
                ("date", "today"),
            }:
                found.add(f"{owner}.{name}")
            case ast.Import(names=names) if {"random", "secrets"} & {alias.name for alias in names}:
                found.add("randomness")
            case ast.ImportFrom(module="random" | "secrets"):
                found.add("randomness")
            case _:
                pass
    return found


def test_arrows_point_down() -> None:
    """The import contracts of pyproject.toml hold, and every module of the package has its layer."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="module")
def broken_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run the import contracts once over a copy of the packages in which every forbidden import is planted."""
    folder = tmp_path_factory.mktemp("planted")
    for name in tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["importlinter"]["root_packages"]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for imported, module in FORBIDDEN_IMPORTS.items():
        with (folder / module).with_suffix(".py").open("a") as file:
            file.write(f"import {imported}\n")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("imported", "module"), FORBIDDEN_IMPORTS.items())
def test_a_forbidden_import_is_caught(broken_report: str, imported: str, module: str) -> None:
    """The control: an import that a contract forbids is named in its report."""
    dotted = module.replace("/", ".")
    assert re.search(rf"{re.escape(dotted)} ->\s+{re.escape(imported)} ", broken_report), broken_report


def test_every_import_contract_can_break(broken_report: str) -> None:
    """The control: no contract is kept when its imports are planted, and no library of a contract lacks a plant."""
    contracts = tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert f"Contracts: 0 kept, {len(contracts)} broken." in broken_report
    libraries = {library for contract in contracts for library in contract.get("forbidden_modules", [])}
    assert libraries <= set(FORBIDDEN_IMPORTS)


def test_every_module_can_be_read_at_once() -> None:
    """No module has more than 200 lines."""
    assert [path for path in PACKAGE if too_long(source(path))] == []


def test_a_long_module_is_caught() -> None:
    """The control: 201 lines are too many, 200 are not."""
    assert too_long("\n" * 201)
    assert not too_long("\n" * 200)


def test_names_say_what_a_thing_is() -> None:
    """No module is called utils, helpers or the like, and none asks whether it is being tested."""
    assert [path for path in PACKAGE if path.stem in FORBIDDEN_NAMES] == []
    assert [path for path in PACKAGE if re.search(r"if testing|unittest", source(path), re.IGNORECASE)] == []


def test_only_the_outer_modules_look_around() -> None:
    """The clock, the environment and randomness are read by the outermost modules alone and handed in."""
    inner = [path for path in PACKAGE if path.name not in OUTER and path.parent.name != "commands"]
    assert {path: found for path in inner if (found := ambient(source(path)))} == {}


def test_looking_around_is_caught() -> None:
    """The control: each way of looking around is seen."""
    assert ambient("import os\nos.environ['A']") == {"os.environ"}
    assert ambient("datetime.now(UTC)") == {"datetime.now"}
    assert ambient("import secrets") == ambient("from random import random") == {"randomness"}


def test_a_start_loads_nothing_heavy() -> None:
    """Importing everything that answers a post loads no ORM, no pydantic, no DNS library and no driver that is not used."""
    script = "import sys, referral_function.compose; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY & set(ran.stdout.split()) == set()
    assert "flask" in ran.stdout.split()


def looser(commands: str) -> list[str]:
    """Find each installation that would take more than its lock file names."""
    asked = ("--no-deps", "--require-hashes")
    lines = [
        line for line in commands.splitlines() if re.search(r"install\b.*(--require-hashes|requirements[/\\])", line)
    ]
    return [line for line in lines if not all(option in line for option in asked)]


def test_an_installation_takes_the_lock_file_alone() -> None:
    """What is released after the locking changes no set-up: pip 23 looked for a newer release of a locked package."""
    paths = ("dev/set-up", "bench/paths.py", "deploy/container/Containerfile", "deploy/one-machine/release")
    for path in (*paths, "handbook/runbooks/editing.md"):
        text = source(ROOT / path)
        assert looser(text) == [], path
    assert looser("pip install --require-hashes -r requirements/run.txt") != []
    assert looser("pip install --no-deps -r requirements/run.txt") != []


def test_no_lock_file_names_an_index() -> None:
    """Lock files carry hashes and names, never the address of an index."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = source(path)
        assert "://" not in text, path.name
        assert "--index-url" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
    for path in (ROOT / "tests").glob("*/package-lock.json"):
        text = source(path)
        assert '"resolved"' not in text, path
        assert text.count('"node_modules/') == text.count('"integrity": "sha512-')
