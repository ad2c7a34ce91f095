"""The programs from outside Python that some tests use: each found on the PATH, or got from the system's packages.

A test says what it needs by `@pytest.mark.needs("java")`. `make test` leaves these tests to `make check`, which runs
them where the programs are there or can be had, and names them with the reason where they cannot.
"""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

PACKAGES = {
    "caddy": "caddy",
    "certbot": "certbot",
    "chromium": "chromium",
    "docker-compose": "docker-compose",
    "java": "default-jre-headless",
    "nginx": "nginx-light",
    "npm": "npm",
    "pebble": "pebble",
    "postfix": "postfix",
    "soffice": "libreoffice-writer-nogui",
    "strace": "strace",
    "systemd-nspawn": "systemd-container",
}


def installed(packages: Sequence[str]) -> bool:
    """Install packages of the system, as root where there are any; say whether all are there."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    ask_nothing = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "--yes", "--no-install-recommends", *packages]
    for words in (install, ["update"], install):  # a fresh machine has no list of packages yet
        ran = subprocess.run(["apt-get", "--quiet", *words], env=ask_nothing, check=False, capture_output=True)
        if words is install and ran.returncode == 0:
            return True
    return False


def install(name: str) -> str | None:
    """Install a program; None where that cannot be."""
    sys.stderr.write(f"Installing {name} for the tests (once) ...\n")
    return shutil.which(name) if installed([PACKAGES[name]]) else None


@functools.cache
def found(name: str) -> str | None:
    """Give the path of a program, and get it first where it is missing."""
    return shutil.which(name) or install(name)


def missing(name: str) -> str:
    """Say that a program is not there, and what to do."""
    return f"{name} was not found and could not be installed; on Debian or Ubuntu: apt-get install {PACKAGES[name]}"
