"""The documents for developers and operators: what they name exists, and what exists is in them."""

import ast
import io
import re
import subprocess
import tokenize
from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import Final

import referral_function
from referral_function.__main__ import add_commands
from referral_function.sending.entry import Stats

ROOT: Final = Path(__file__).resolve().parents[1]
DECISIONS: Final = ROOT / "handbook" / "decisions"
REFERENCE: Final = (ROOT / "handbook" / "reference.md").read_text("utf-8")
HEADINGS: Final = ["Context", "Decision", "Consequences"]
MAX_LINES: Final = 45
FILES: Final = frozenset(
    subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
)
FOLDERS: Final = frozenset(str(folder) for file in FILES for folder in Path(file).parents)
TOP: Final = "|".join(sorted(re.escape(folder) for folder in FOLDERS if folder != "." and "/" not in folder))
PATH: Final = re.compile(rf"(?<![\w/.:-])((?:{TOP})/[\w./-]*\w)(?![\w/*…])")
MODULE: Final = re.compile(r"`((?:referral_function|website|dev|bench|tests)(?:\.\w+)+)`")
NAME: Final = re.compile(r"(?<![\w/.*<-])([\w-]*[a-z][\w-]*\.(?:py|html)|[A-Z][A-Z_-]+\.md)\b")
LINK: Final = re.compile(r"\]\(([^)#:\s]+)(?=[)#])")
OLDEST_PYTHON: Final = re.compile(
    r"Python 3\.(\d+) or newer|requires-python = \">=3\.(\d+)|version_info < \(3, (\d+)\)|--python-version 3\.(\d+)"
    r"|target-version = \"py3(\d+)|python: \[\"3\.(\d+)"
)
TERMS: Final = (
    "rate limit",
    "static files",
    "error summary",
    "timeout",
    "minify",
    "SBOM",
    "health check",
    "middleware",
)


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
    add_commands(subparsers)
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


def absent(file: str, text: str) -> set[str]:
    """Return the paths, dotted modules, file names and links in a text that lead to nothing in the repository."""
    names = {Path(each).name for each in FILES}
    found = {each for each in PATH.findall(text) if each not in FILES | FOLDERS}
    found |= {each for each in NAME.findall(text) if each not in names}
    for dotted in MODULE.findall(text):
        path = dotted.replace(".", "/")
        if not {f"{path}.py", f"{path.rpartition('/')[0]}.py", path} & (FILES | FOLDERS):
            found.add(dotted)
    if file.endswith(".md"):
        found |= {link for link in LINK.findall(text) if not (ROOT / file).parent.joinpath(link).exists()}
    return found


def prose(file: str) -> str:
    """Read a document, or the docstrings and comments of a module."""
    text = (ROOT / file).read_text("utf-8")
    if not file.endswith(".py"):
        return text
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, documented)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join((*docstrings, *(each.string for each in tokens if each.type == tokenize.COMMENT)))


def test_what_the_documents_name_exists() -> None:
    """Every path, module and link in documents for developers, docstrings and comments leads to something."""
    own = [
        file
        for file in FILES
        if file.endswith((".py", ".md", "Makefile", "pyproject.toml"))
        and not file.startswith(("docs/", "tests/small_site"))
    ]
    assert {"README.md", "handbook/README.md", "referral_function/compose.py"} <= set(own)
    assert {file: found for file in own if (ROOT / file).exists() and (found := absent(file, prose(file)))} == {}


def test_a_name_that_leads_nowhere_is_found() -> None:
    """The control: each kind of name is found when nothing is there, and none when it is."""
    gone = "see handbook/gone.md, `website.gone.module`, gone.html, GONE.md and [a page](gone/page.md)"
    assert absent("README.md", gone) == {
        "handbook/gone.md",
        "website.gone.module",
        "gone.html",
        "GONE.md",
        "gone/page.md",
    }
    assert (
        absent("README.md", "handbook/README.md, `referral_function.compose.application`, app.py, SECURITY.md") == set()
    )


def is_part(name: str) -> bool:
    """Whether a name, such as `web.app` or `web/app`, is a package or module of `referral_function`."""
    path = f"referral_function/{name.replace('.', '/')}"
    return path in FOLDERS or f"{path}.py" in FILES


def test_maps_name_what_is_there() -> None:
    """The docstring of `referral_function` and the diagram in README.md name its parts, and README.md has every folder."""
    readme = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"`([\w.]+)`", referral_function.__doc__ or "")
    drawn = re.findall(r'[\[(]"([\w/]+)<br>', readme)
    assert len(named) > 5
    assert len(drawn) > 5
    assert [name for name in (*named, *drawn) if not is_part(name)] == []
    assert not is_part("web/journeys")
    top = {folder for folder in FOLDERS if "/" not in folder and not folder.startswith(".")}
    assert [folder for folder in sorted(top) if f"| `{folder}/` |" not in readme] == []


def test_the_documents_can_be_searched_by_the_terms_of_the_field() -> None:
    """A developer who searches CONTRIBUTING.md for a standard term finds where it is implemented."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [term for term in TERMS if term not in text] == []


def test_node_has_one_version() -> None:
    """Every place that names a version of Node.js names the same."""
    texts = {file: (ROOT / file).read_text("utf-8") for file in FILES if file.endswith((".md", "cms/editor.py"))}
    named = {file: found for file, text in texts.items() if (found := re.findall(r"Node\.js (\d+)", text))}
    assert "website/cms/editor.py" in named
    assert len(set().union(*named.values())) == 1, named


def oldest_pythons(text: str) -> set[str]:
    """Find the minor versions that a file names as the oldest Python."""
    return {next(filter(None, found)) for found in OLDEST_PYTHON.findall(text)}


def test_python_has_one_oldest_version() -> None:
    """Metadata, set-up, lock files, documents and the first job of the build server name the same oldest Python."""
    named = {file: found for file in FILES - {"tests/test_documents.py"} if (found := oldest_pythons(read(file)))}
    asked = {"pyproject.toml", "dev/set-up", "Makefile", "README.md", "CONTRIBUTING.md", ".github/workflows/check.yml"}
    assert asked <= named.keys()
    assert set().union(*named.values()) == {"11"}, named
    assert oldest_pythons("Python 3.12 or newer") == {"12"}


def read(file: str) -> str:
    """Return the text of a file, of a picture nothing."""
    return (ROOT / file).read_text("utf-8", "ignore") if (ROOT / file).is_file() else ""


def test_the_newest_release_in_the_changelog_is_the_version() -> None:
    """CHANGELOG.md begins with Unreleased, then the release that `__version__` names, with its date."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(referral_function.__version__)} - \d{{4}}-\d\d-\d\d", headings[1])
