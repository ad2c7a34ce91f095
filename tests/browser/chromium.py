"""Finds a Chromium for the tests, and gets one where it can: `python -m tests.browser.chromium` prints its path."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.external_tools import install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE_FOUND = (
    "No Chromium was found that starts, and none could be installed. Install one (apt-get install chromium libatomic1), "
    "or name one: make test CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """Return the path of a Chromium: the one that CHROMIUM names, or the first that starts, Playwright's own the last."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    try:
        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
    except Exception:  # noqa: BLE001 - Playwright's: a bare Debian lacks a library that its driver needs
        return None
    return next((path for path in (*map(shutil.which, NAMES), own) if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Whether the libraries that it needs are there too."""
    try:
        return (
            subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def get() -> str | None:
    """Install a Chromium: from the system's packages as root where there are any, else Playwright's own."""
    if os.environ.get("CHROMIUM"):
        return None
    if path := install("chromium"):
        return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    return find()


def main() -> int:
    """Print the path, or say in one sentence what to do."""
    path = find() or get()
    (sys.stdout if path else sys.stderr).write(f"{path or NONE_FOUND}\n")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
