"""The set-up that `make` does: the real Makefile in a copy, with faults in each of its steps."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests import conftest
from tests.campaign.small_disk import MOUNTED

ROOT: Final = Path(__file__).resolve().parents[1]
PYTHON: Final = """#!/bin/sh
case "$*" in
-c*) {version} ;;
"-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; {venv} ;;
*--version) {pip} ;;
*install*) {install} ;;
esac
"""
WORKS: Final = {"version": ":", "venv": ":", "pip": ":", "install": ":"}
FAULTS: Final = {
    "no python3-venv": (
        {"venv": "echo ensurepip is not available; exit 1", "pip": "exit 1"},
        "On Debian or Ubuntu: apt-get install python3-venv",
    ),
    "an old Python": ({"version": "exit 1"}, "This needs Python 3.11 or newer"),
    "no network": ({"install": "echo 'Retrying (Retry(total=1'; exit 1"}, "Is there a network?"),
    "a full disk": ({"install": "echo 'OSError: [Errno 28] No space left'; exit 1"}, "The disk is full"),
    "a quota": ({"venv": "echo 'Disk quota exceeded'; exit 1"}, "The disk is full"),
    "a package that was tampered with": ({"install": "echo THE HASHES DIFFER; exit 1"}, "THE HASHES DIFFER"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the set-up reads, into a folder whose name has a space."""
    folder = tmp_path / "a checkout"
    for name in ("Makefile", "dev/set-up", "requirements/run.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def python(checkout: Path, **faults: str) -> None:
    """Write a Python whose steps do as told; the one in `.venv` is a copy of it."""
    path = checkout / "python"
    path.write_text(PYTHON.format_map(WORKS | faults))
    path.chmod(0o755)


def set_up(checkout: Path, program: str = "./python", **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run the set-up, with nothing in its environment that a test did not put there."""
    command = ["make", f"PYTHON={program}", ".venv/run.stamp"]
    environ = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(command, cwd=checkout, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", FAULTS)
def test_a_set_up_that_failed_leaves_nothing_behind(checkout: Path, name: str) -> None:
    """A step that fails gives a sentence, no `.venv` is left, and the same command works once the cause is gone."""
    faults, sentence = FAULTS[name]
    python(checkout, **faults)
    failed = set_up(checkout)
    assert failed.returncode
    assert sentence in failed.stderr
    assert not (checkout / ".venv").exists()
    python(checkout)
    assert set_up(checkout).returncode == 0
    assert (checkout / ".venv" / "run.stamp").exists()
    assert not (checkout / ".venv" / "unfinished").exists()


def test_a_python_that_is_not_there_is_named(checkout: Path) -> None:
    """`PYTHON=python9` is answered with what to type instead."""
    failed = set_up(checkout, "python9")
    assert failed.stderr.startswith("There is no python9 here. Name a Python 3.11 or newer, as in: make run PYTHON=")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("step", ["venv", "install"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_a_set_up_that_was_interrupted_is_begun_anew(checkout: Path, number: signal.Signals, step: str) -> None:
    """Ctrl-C, a closed terminal, a stop and a power cut leave nothing that the next set-up would take for whole."""
    python(checkout, **{step: "touch began; exec sleep 600"})
    began = checkout / "began"
    with subprocess.Popen(["make", "PYTHON=./python", ".venv/run.stamp"], cwd=checkout, process_group=0) as making:
        while not began.exists():
            assert making.poll() is None
            time.sleep(0.02)
        os.killpg(making.pid, number)
    if number == signal.SIGKILL:
        (checkout / ".venv" / "left").touch()
    while number != signal.SIGKILL and (checkout / ".venv").exists():
        time.sleep(0.02)
    python(checkout)
    assert set_up(checkout).returncode == 0
    assert not (checkout / ".venv" / "left").exists()


def test_a_new_lock_file_that_cannot_be_installed_leaves_what_works(checkout: Path) -> None:
    """An upgrade without a network keeps the `.venv` that is there, and is tried again by the next command."""
    python(checkout)
    assert set_up(checkout).returncode == 0
    os.utime(checkout / "requirements" / "run.txt", (time.time() + 60,) * 2)
    shutil.copy(checkout / "python", checkout / "whole")
    python(checkout, install="echo 'Retrying (Retry(total=1'; exit 1")
    shutil.copy(checkout / "python", checkout / ".venv" / "bin" / "python")
    assert "Is there a network?" in set_up(checkout).stderr
    shutil.copy(checkout / "whole", checkout / ".venv" / "bin" / "python")
    again = set_up(checkout)
    assert (again.returncode, again.stdout.split()[0]) == (0, "Installing")


def test_a_venv_without_pip_is_made_anew(checkout: Path) -> None:
    """What an earlier release left half-made, or a Python that was removed, leads into no dead end."""
    python(checkout, pip="test -e whole")
    set_up(checkout)
    (checkout / "whole").touch()
    (checkout / ".venv" / "bin" / "python").unlink()
    os.utime(checkout / "requirements" / "run.txt", (time.time() + 60,) * 2)
    assert set_up(checkout).returncode == 0
    assert (checkout / ".venv" / "bin" / "python").exists()


def test_a_make_of_a_test_takes_over_nothing_from_the_outer_one(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make test ARGS=tests/test_make.py` hands its ARGS on to every program; the session forgets them as it begins."""
    monkeypatch.setenv("MAKEFLAGS", " -- ARGS=tests/test_make.py")
    monkeypatch.setenv("ARGS", "tests/test_make.py")
    command, makefile = ["make", "-f-"], "all: ; @echo '[$(ARGS)]'"
    assert subprocess.check_output(command, input=makefile, text=True) == "[tests/test_make.py]\n"
    conftest.pytest_sessionstart(request.session)
    assert subprocess.check_output(command, input=makefile, text=True) == "[]\n"


def test_what_needs_no_browser_is_tested_without_one(checkout: Path) -> None:
    """Without a Chromium, `make test` says that the tests in a browser are left out; one file is run as it is."""
    shutil.copy(ROOT / "requirements" / "check.txt", checkout / "requirements")
    python(checkout)
    assert set_up(checkout).returncode == 0
    program = checkout / ".venv" / "bin" / "python"
    program.write_text(
        '#!/bin/sh\n[ "$2" != tests.browser.chromium ] || { echo No Chromium >&2; exit 1; }\necho "$@"\n'
    )
    (checkout / ".venv" / "check.stamp").touch()
    for words, ran, left_out in (
        (["ARGS=tests/test_letter.py"], "worksteal tests/test_letter.py\n", False),
        ([], "-m not needs and not slow and not browser\n", True),
    ):
        tested = subprocess.run(["make", "test", *words], cwd=checkout, capture_output=True, text=True, check=True)
        assert ran in tested.stdout
        assert tested.stderr.splitlines() == ["No Chromium", *["The tests in a browser are left out."] * left_out]


def test_a_real_pip_without_a_network_is_one_sentence(checkout: Path) -> None:
    """With an index that nobody listens at, Python's own venv and pip leave nothing but the sentence."""
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    failed = set_up(checkout, sys.executable, **nowhere)
    assert failed.stderr.splitlines()[0] == (
        "The package index does not answer, and nothing was installed. Is there a network? Then type it again."
    )
    assert not (checkout / ".venv").exists()


def test_a_real_disk_that_is_full_is_one_sentence(checkout: Path, tmp_path: Path) -> None:
    """On a disk of one megabyte, Python's own venv leaves nothing but the sentence, and the room that was there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNTED, str(disk)]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no disk of one's own here: it needs Linux and user namespaces (unshare --user --mount)")
    commands = 'cp -r "$0/." "$SMALL_DISK" && cd "$SMALL_DISK" && ! make PYTHON="$1" .venv/run.stamp && ls -A'
    ran = subprocess.run(
        [*alone, "sh", "-c", commands, str(checkout), sys.executable],
        env={"PATH": os.environ["PATH"]},  # a make around this one would have it say which folder it enters
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.startswith(
        "The disk is full, and nothing was installed. Make room (300 MB; 2 GB for the tests), then type it again."
    )
    assert sorted(ran.stdout.split()) == ["Makefile", "dev", "requirements"]
