"""`set-up` of one machine, typed with the system's own commands left out: what it does to keys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = ("open-keys", "secret-key", "operator-token")
_LEFT_OUT = ("dpkg-query", "apt-get", "adduser", "getent", "install", "chgrp", "systemctl", "make")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Copy the script to where it finds its own `/etc`, and commands that do nothing."""
    here = tmp_path / "deploy" / "one-machine"
    here.mkdir(parents=True)
    for name in ("settings", "Caddyfile"):
        (here / name).write_bytes((ROOT / "deploy" / "one-machine" / name).read_bytes())
    text = (ROOT / "deploy" / "one-machine" / "set-up").read_text("utf-8")
    (here / "set-up").write_text(text.replace("/etc/", f"{tmp_path}/etc/"), "utf-8")
    for folder in ("etc/referral", "etc/caddy", "etc/systemd/journald.conf.d", "commands"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    said = dict.fromkeys(_LEFT_OUT, "exit 0") | {
        "id": "echo 0",
        "dpkg-query": "echo install ok installed",
        "make": "umask > $0.umask",
    }
    for name, does in said.items():
        (tmp_path / "commands" / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        (tmp_path / "commands" / name).chmod(0o755)
    return tmp_path


def set_up(machine: Path) -> "subprocess.CompletedProcess[str]":
    """Type it."""
    environ = os.environ | {"PATH": f"{machine}/commands:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    command = ["sh", str(machine / "deploy" / "one-machine" / "set-up"), "service.example"]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False, umask=0o077)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_never_overwritten(machine: Path, key: str) -> None:
    """Where a key is there without the settings, it stays as it is, no other is written, and one sentence says what to do."""
    (machine / "etc" / "referral" / key).write_text("the only one", "utf-8")
    ran = set_up(machine)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert {path.name: path.read_text("utf-8") for path in (machine / "etc/referral").iterdir()} == {
        key: "the only one"
    }


def test_keys_are_written_once(machine: Path) -> None:
    """The control: where there is nothing, settings and keys are written, and typed again it changes none of them."""
    assert set_up(machine).returncode == 0
    written = {path.name: path.read_text("utf-8") for path in (machine / "etc/referral").iterdir()}
    assert set(written) == {*KEYS, "settings"}
    assert all(written.values())
    assert {path.stat().st_mode & 0o777 for path in (machine / "etc/referral").iterdir()} == {0o640}
    assert set_up(machine).returncode == 0
    assert {path.name: path.read_text("utf-8") for path in (machine / "etc/referral").iterdir()} == written


def test_what_others_read_can_be_read(machine: Path) -> None:
    """Whatever the umask of the shell: the libraries, which the build of a release reads, and the file of Caddy."""
    assert set_up(machine).returncode == 0
    assert (machine / "commands" / "make.umask").read_text("utf-8").strip() == "0022"
    assert (machine / "etc" / "caddy" / "Caddyfile").stat().st_mode & 0o777 == 0o644
