"""Tools from npm: locked in a folder of their own, and installed there when first needed."""

import functools
import subprocess
from pathlib import Path

from tests import external_tools


class NotInstalledError(Exception):
    """The packages of a lock file could not be installed; the text says why."""


@functools.cache
def installed(folder: Path) -> Path:
    """Return the `node_modules` of a folder, installed as its lock file says. Raises `NotInstalledError`."""
    modules, lock = folder / "node_modules", folder / "package-lock.json"
    written = modules / ".package-lock.json"  # npm's own note of what it has installed
    npm = external_tools.found("npm")
    with external_tools.exclusive("npm"):  # asked under the lock: `npm ci` first removes what another worker is using
        if written.exists() and written.stat().st_mtime >= lock.stat().st_mtime:
            return modules
        if npm is None:
            raise NotInstalledError(external_tools.missing("npm"))
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotInstalledError(
            f"npm could not install what {folder.name}/package-lock.json names: {done.stderr.strip()[:300]}"
        )
    return modules
