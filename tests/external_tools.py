"""Programs from outside Python that some tests use: found on the PATH, or installed from the system's packages.

A test says what it needs by `@pytest.mark.needs("java")`. `make test` leaves these tests to `make check`, which runs
them where the programs are there or can be had, and names them with the reason where they cannot.
"""

import contextlib
import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

PACKAGES = {
    "caddy": "caddy",
    "certbot": "certbot",
    "chromium": "chromium libatomic1",  # the second for the driver of Playwright
    "dig": "bind9-dnsutils",
    "docker-compose": "docker-compose",
    "java": "default-jre-headless",
    "lynx": "lynx",
    "nginx": "nginx-light",
    "npm": "npm",
    "opendkim": "opendkim",
    "opendkim-genkey": "opendkim-tools",
    "pebble": "pebble",
    "postfix": "postfix",
    "promtool": "prometheus",
    "redis-server": "redis-server python3-redis",
    "soffice": "libreoffice-writer-nogui",
    "strace": "strace",
    "systemd-nspawn": "systemd-container",
    "w3m": "w3m",
}


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold a lock between the processes of this machine: workers of pytest-xdist install nothing at the same time."""
    with (Path(tempfile.gettempdir()) / f"referral-tests-{os.getuid()}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def installed(packages: Sequence[str]) -> bool:
    """Install packages of the system, as root where there are any; whether all are there."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    ask_nothing = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "--yes", "--no-install-recommends", *packages]
    with exclusive("apt"):
        for words in (install, ["update"], install):  # a fresh machine has no list of packages yet
            ran = subprocess.run(["apt-get", "--quiet", *words], env=ask_nothing, check=False, capture_output=True)
            if words is install and ran.returncode == 0:
                return True
    return False


def install(name: str) -> str | None:
    """Install a program; None where that cannot be."""
    sys.stderr.write(f"Installing {name} for the tests (once) ...\n")
    return shutil.which(name) if installed(PACKAGES[name].split()) else None


@functools.cache
def found(name: str) -> str | None:
    """Return the path of a program, installed first where it is missing."""
    return shutil.which(name) or install(name)


def missing(name: str) -> str:
    """Return the reason for a skip: the program is not there, and what to do."""
    return f"{name} was not found and could not be installed; on Debian or Ubuntu: apt-get install {PACKAGES[name]}"
