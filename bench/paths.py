"""Paths of the benchmark, and the virtual environment of the peers."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "var" / "bench"
_VENV: Final = FOLDER / "venv"


def peers_python() -> str:
    """Return the Python of the peers; install them where `bench/requirements.txt` has changed."""
    python, stamp = str(_VENV / "bin" / "python"), _VENV / "stamp"
    wanted = (ROOT / "bench" / "requirements.txt").read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        print("Installing the peers (once) ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_VENV)], check=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        locked = ["install", "--no-deps", "--require-hashes", "-r", "bench/requirements.txt"]
        subprocess.run([*pip, *locked], cwd=ROOT, check=True)
        stamp.write_text(wanted, "utf-8")
    return python
