"""The end of a run names what it has left out."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
import pytest

def test_kept(): pass

@pytest.mark.slow("a minute of waiting")
def test_slow(): pass

@pytest.mark.needs("java", "npm")
@pytest.mark.parametrize("number", [1, 2])
def test_needs(number): pass
"""


def test_what_is_left_out_is_named_with_its_reason(tmp_path: Path) -> None:
    """Deselected tests are counted by reason, in two processes as in one; a test that ran is not named."""
    (tmp_path / "test_sample.py").write_text(SAMPLE, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "xdist",
        "-p",
        "tests.left_out",
        "-m",
        "not slow and not needs",
        "-n2",
    ]
    ran = subprocess.run(
        [*command, f"--rootdir={tmp_path}", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # others cost seconds in each process
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 tests left to make check" in ran.stdout
    assert "\n   1 a minute of waiting\n   2 needs java, npm\n" in ran.stdout
    assert "1 passed" in ran.stdout
