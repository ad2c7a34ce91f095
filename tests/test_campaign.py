"""Short runs of the fault campaign, and its control: a build that is broken on purpose."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow("a campaign of random faults over several processes")
ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_short_campaign_loses_nothing(engine: str, site: Path) -> None:
    """Two web and two drain processes, killed at random, before a relay that fails in every way: nothing is lost."""
    ran = campaign("--engine", engine, "--referrals", "300", "--seconds", "15", "--site", str(site))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing was lost." in ran.stdout


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_what_bounces_after_a_short_campaign_is_sent_again(engine: str, site: Path) -> None:
    """Every report is matched, the machine alone opens nothing of what is kept, and every resent message arrives."""
    ran = campaign("--engine", engine, "--referrals", "200", "--seconds", "10", "--bounces", "20", "--site", str(site))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    bounced = re.search(r"^bounced +(\d+)$", ran.stdout, re.MULTILINE)
    assert bounced
    assert int(bounced[1]) > 10


def test_a_short_campaign_with_a_server_that_crashes_loses_nothing(site: Path) -> None:
    """PostgreSQL itself is killed and started again while clients post and drains run: all reconnect, nothing is lost."""
    words = ("--engine", "postgres", "--referrals", "150", "--seconds", "15", "--crashes", "1", "--site", str(site))
    ran = campaign(*words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    crashes = re.search(r"crashes of the server (\d+)", ran.stdout)
    assert crashes
    assert int(crashes[1]) >= 1


def test_a_build_that_marks_before_the_yes_is_caught(site: Path) -> None:
    """The control: marking as delivered before the relay's 250 loses, and the campaign says so."""
    ran = campaign("--referrals", "800", "--seconds", "30", "--site", str(site), "--control", "marks-early")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "FOUND: Lost" in ran.stdout


def campaign(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run a campaign in a process of its own."""
    command = [sys.executable, "-m", "tests.campaign", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
