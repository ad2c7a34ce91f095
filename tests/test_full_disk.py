"""A real disk that is full: a small one of memory, mounted for one process alone, with room that ends everywhere in turn."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.small_disk import MOUNTED

ROOT = Path(__file__).resolve().parents[1]


def on_a_small_disk(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run something where a folder is a disk of one megabyte, seen by nobody else."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNTED, str(folder), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow("a small disk is filled up hundreds of times")
def test_a_disk_that_is_full_is_told_truly_and_loses_nothing(
    environ: dict[str, str], site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full while it is opened, at INSERT or at COMMIT, in the database or its WAL: “NOT been sent”, answers kept, database whole, and room brings it back."""
    folder = tmp_path / "small"
    folder.mkdir()
    if shutil.which("unshare") is None or on_a_small_disk(folder, "true").returncode:
        pytest.skip("no disk of one's own here: it needs Linux and user namespaces (unshare --user --mount)")
    for name, value in (
        environ | {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off", "REFERRAL_LIMIT": "off"}
    ).items():
        monkeypatch.setenv(name, value)
    ran = on_a_small_disk(folder, sys.executable, "-m", "tests.campaign.small_disk")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["wrong"] == []
    assert set(found["full at"]) >= {"opening", "INSERT", "COMMIT"}
    assert found["answers"]["303"] > 20
    assert found["answers"]["503 NOT been sent"] > 30
    assert list(folder.iterdir()) == []  # the control: it was another disk
