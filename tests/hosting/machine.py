"""A fresh Debian for a runbook: systemd in a container, on a disposable copy of this machine.

What it changes lies in memory alone, and its network is its own loopback. It needs root, overlayfs and the Debian
package `systemd-container`.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
CHECKOUT = "/root/service"
TRUSTED = "/root/authorities.pem"
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "TERM": "dumb"}
_MOUNT = """
set -eu
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
rm -rf etc/systemd/system/*.wants etc/machine-id etc/caddy etc/pip.conf root/.config root/.npmrc var/lib/caddy/.local
mkdir -p etc/caddy
touch etc/machine-id
rm -f usr/local/bin/npm usr/bin/npm
cp -a "$2/." root/
exec systemd-nspawn --quiet --directory="$1/root" --boot --machine="$0" --private-network --register=no --keep-unit \
  --link-journal=no --console=pipe --bind-ro="$3" systemd.unified_cgroup_hierarchy=1
"""


class CannotBoot(Exception):
    """No container can be booted here; the text says why."""


class Failed(AssertionError):
    """A command failed; the text is its output."""


@dataclass(slots=True, kw_only=True)
class Machine:
    """The machine, as a context manager. `wheels` is what pip may install, as there is no network."""

    wheels: Path
    leader: int = 0
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="machine")))
    _process: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> Self:
        brought = self._folder / "brought"
        self._bring(brought)
        over = self._folder / "over"
        over.mkdir()
        with (self._folder / "boot.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    _MOUNT,
                    f"hosting-{os.getpid()}",
                    str(over),
                    str(brought),
                    str((ROOT / ".venv").resolve()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        try:
            self._wait(self._is_up, 60)
        except Failed as error:
            self.__exit__()
            raise CannotBoot(f"no container could be booted: {error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            if self.leader:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.leader, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def types(self, command: str, **also: str) -> str:
        """Run commands in a shell in the checkout; return their output. Raises `Failed`."""
        into = ["nsenter", "--target", str(self.leader), "--mount", "--uts", "--ipc", "--net", "--pid", "--root"]
        ran = subprocess.run(
            [*into, "sh", "-e", "-c", f"cd {CHECKOUT}\n{command}"],
            env={**_ENVIRONMENT, "SSL_CERT_FILE": TRUSTED, **also},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = ran.stdout.decode()
        if ran.returncode:
            raise Failed(f"{command}\n{said}")
        return said

    def waits_for(self, command: str, seconds: float = 60) -> None:
        """Repeat a command until it succeeds."""

        def succeeds() -> bool:
            self.types(command)
            return True

        self._wait(succeeds, seconds)

    def _wait(self, is_so: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if is_so():
                    return
                said = "nothing happened"
            except Failed as error:
                said = str(error)
            if time.monotonic() > deadline:
                raise Failed(said)
            time.sleep(0.1)

    def _is_up(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise CannotBoot(
                (self._folder / "boot.log").read_text("utf-8", "replace").strip() or "systemd-nspawn ended"
            )
        children = subprocess.run(
            ["pgrep", "--parent", str(self._process.pid)], stdout=subprocess.PIPE, check=False
        ).stdout.split()
        self.leader = int(children[0]) if children else 0
        return bool(self.leader) and "systemd" in self.types("systemctl --version; systemctl show --property=Version")

    def _bring(self, home: Path) -> None:
        """Prepare /root of the machine: a clone with uncommitted changes, and the wheels."""
        service = home / Path(CHECKOUT).name
        home.mkdir()
        _git("clone", "--quiet", str(ROOT), str(service))
        changed = _git("-C", str(ROOT), "ls-files", "-z", "--modified", "--others", "--exclude-standard").split("\0")
        for name in filter(None, changed):
            if (ROOT / name).is_file():
                (service / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, service / name)
        for lock in (service / "requirements").iterdir():
            os.utime(lock, (0, 0))  # what they ask for is installed
        (service / ".venv").symlink_to((ROOT / ".venv").resolve())
        shutil.copytree(self.wheels, home / "wheels")
        (home / ".config" / "pip").mkdir(parents=True)
        (home / ".config" / "pip" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /root/wheels\n")


def _git(*words: str) -> str:
    ran = subprocess.run(["git", "-c", "safe.directory=*", *words], stdout=subprocess.PIPE, check=True)
    return ran.stdout.decode()
