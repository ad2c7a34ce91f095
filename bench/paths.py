"""Paths of the benchmark, and the virtual environment of the peers."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "var" / "bench"
_VENV: Final = FOLDER / "venv"


def peers_python() -> str:
    """Return the Python of the peers; install what is missing of `bench/requirements.txt`."""
    python, uv = str(_VENV / "bin" / "python"), str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(_VENV)], check=True)
    sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", python]
    subprocess.run([*sync, "bench/requirements.txt"], cwd=ROOT, check=True)
    return python
