"""`make audit`: are weaknesses known of what is locked? It says so, too, when nobody could be asked."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNASKED = "Not checked: the advisory data could not be reached from here."
TO_DO = (
    "To do: make lock UPGRADE=--upgrade, then make check; put it on main, and build a release of it on every host. "
    "Where no release is mended yet, read the advisory: if the form does what it describes, close the form until one is."
)
# What pip-audit says when the data, rather than a library, is the trouble.
_NO_DATA = (
    "could not be audited",
    "ConnectionError",
    "ServiceError",
    "Max retries exceeded",
    "NameResolutionError",
    "Failed to fetch",
    "Could not connect",
    "ConnectTimeout",
    "timed out",
    "Forbidden",
    "HTTPError",
)


def verdict(code: int, said: str) -> tuple[int, str]:
    """Turn what pip-audit said into our exit code and sentence: 0 nothing known, 1 something is, 2 nobody was asked."""
    if code == 0:
        return 0, "No weakness is known of what is locked."
    if not re.search(r"Found \d+ known vulnerabilit", said) and any(word in said for word in _NO_DATA):
        return 2, UNASKED
    return 1, f"{said.rstrip()}\n{TO_DO}"


def ask(lock: Path) -> tuple[int, str]:
    """Ask about one lock file; return the verdict."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--strict", "--disable-pip", "--require-hashes"]
    command += ["--progress-spinner", "off", "--timeout", "15", "-r", str(lock)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return verdict(ran.returncode, ran.stdout + ran.stderr)


def main() -> int:
    """Ask about every lock file at once."""
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    with ThreadPoolExecutor() as pool:
        verdicts = list(pool.map(ask, locks))
    for lock, (_code, sentence) in zip(locks, verdicts, strict=True):
        sys.stdout.write(f"requirements/{lock.name}: {sentence}\n")
    return max(code for code, _sentence in verdicts)


if __name__ == "__main__":
    sys.exit(main())
