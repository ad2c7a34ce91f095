"""What a test does when it needs a program from outside Python."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import external_tools

ROOT = Path(__file__).resolve().parents[1]


def test_a_program_on_the_path_is_found() -> None:
    """A program that is there is named by its path."""
    assert (external_tools.found("python3") or "").endswith("python3")


@pytest.mark.parametrize("name", sorted(external_tools.PACKAGES))
def test_a_missing_program_is_named_with_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a program is not there and there is no package manager, the reason says how to get it."""
    monkeypatch.setenv("PATH", "")
    assert external_tools.found.__wrapped__(name) is None
    assert external_tools.missing(name).endswith(f"apt-get install {external_tools.PACKAGES[name]}")


@pytest.mark.parametrize(
    ("lines", "driver", "starts"),
    [
        ("echo Chromium 140", "", True),
        ("echo libnss3.so: no such file >&2; exit 127", "", False),
        ("echo Chromium 140", "/bin/false", False),
    ],
)
def test_a_browser_counts_only_if_it_starts(lines: str, driver: str, *, starts: bool, tmp_path: Path) -> None:
    """A Chromium whose libraries are not there is none, nor is any where the driver of Playwright ends with an error."""
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{lines}\n")
    program.chmod(0o755)
    environ = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    found = subprocess.run(  # in a process of its own, as a worker may have a driver already
        [sys.executable, "-c", "from tests.browser import chromium; print(chromium.find())"],
        env=environ | ({"PLAYWRIGHT_NODEJS_PATH": driver} if driver else {}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == (str(program) if starts else "None")
