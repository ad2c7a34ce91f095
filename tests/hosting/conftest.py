"""A fresh Debian for the tests of the runbook."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.external_tools import installed
from tests.hosting.machine import ROOT, CannotBoot, Machine


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch what a release installs."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    lock = str(ROOT / "requirements" / "function.txt")
    subprocess.run([*pip, "--requirement", lock, "--dest", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def machine(wheels: Path) -> Iterator[Machine]:
    """Boot a fresh Debian whose packages are at hand; name what is missing where it cannot be had."""
    packages = re.search(r"^for package in (.*); do$", (ROOT / "deploy/one-machine/set-up").read_text(), re.MULTILINE)
    assert packages
    if not installed(packages[1].split()):
        pytest.skip("the packages of deploy/one-machine/set-up cannot be installed here: it needs Debian, and root")
    try:
        with Machine(wheels=wheels) as booted:
            yield booted
    except CannotBoot as error:
        pytest.skip(str(error))
