"""What an engineer types first: the usual commands work, or say in a sentence what to type instead."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path

import pytest

from referral_function import __version__
from referral_function.__main__ import main
from tests.ports import free_port
from tests.project_copies import ROOT

WHAT_TO_TYPE = "The form goes here. To look at it, type: make preview. To publish it, type: make site"
WHERE_TO_BEGIN = (
    "`python -m referral_function settings` explains each, `keygen` makes the keys, "
    "and `make run` tries it all on this machine."
)
RUNNING = ("serve", "check", "drain", "keys", "send-test")


def typed(words: Sequence[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in the project's folder, with no settings of the form but these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REFERRAL_")}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=clean | environ, capture_output=True, text=True, check=False)


def test_mkdocs_build_works_and_the_empty_slot_says_what_to_type(site: Path, tmp_path: Path) -> None:
    """`mkdocs build`, and `mkdocs serve` with it, makes every page without a warning; where the form will be stands how to see it."""
    ran = typed(["mkdocs", "build", "--site-dir", str(tmp_path)], {"DISABLE_MKDOCS_2_WARNING": "true"})
    assert (ran.returncode, "WARNING -" in ran.stderr) == (0, False), ran.stderr
    page = Path("refer") / "myself" / "index.html"
    assert WHAT_TO_TYPE in (tmp_path / page).read_text(encoding="utf-8")
    assert not [path for path in site.rglob("*.html") if WHAT_TO_TYPE in path.read_text(encoding="utf-8")]


def test_flask_run_serves_pages_and_form(site: Path, environ: dict[str, str]) -> None:
    """`flask --app referral_function.wsgi run` finds the application, with the files of the site in front of it."""
    port = free_port()
    settings = environ | {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off"}
    command = [sys.executable, "-m", "flask", "--app", "referral_function.wsgi", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=subprocess.PIPE) as server:
        try:
            answers = {path: status(port, path) for path in ("/refer/myself/", "/referral/livez", "/nowhere")}
        finally:
            server.terminate()
    assert answers == {"/refer/myself/": 200, "/referral/livez": 200, "/nowhere": 404}


def status(port: int, path: str) -> int:
    """Ask until somebody answers; the test run's own limit ends what never comes."""
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            time.sleep(0.1)


@pytest.mark.parametrize(
    "words", [["flask", "--app", "referral_function.wsgi", "run"], *(["referral_function", name] for name in RUNNING)]
)
def test_without_settings_what_to_type_is_said(words: list[str]) -> None:
    """Each setting that is missing is named, and a sentence points to where to begin; no traceback is in between."""
    ran = typed(words, {})
    assert ran.returncode == 1
    assert "REFERRAL_INBOX: it is missing." in ran.stderr
    assert ran.stderr.splitlines()[-1] == WHERE_TO_BEGIN


@pytest.mark.parametrize("words", [["--version"], ["serve", "--version"], ["outbox", "--version"]])
def test_the_version_can_be_asked_for(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version of the program and of each of its commands."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert (ended.value.code, capsys.readouterr().out) == (0, f"{__version__}\n")


def test_the_program_without_a_command_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m referral_function` alone is wrong usage, and says what to name."""
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    said = "name a command: serve serves the form, --help lists the others; make run tries it all on this machine"
    assert capsys.readouterr().err.endswith(f"error: {said}\n")
