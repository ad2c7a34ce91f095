"""The search index (Pagefind), made from the built pages and loaded by the search page alone."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

INDEX_PATH: Final = "search/pagefind"
_UNUSED: Final = ("*-ui.*", "*-component-ui.*", "*-modular-ui.*", "*-highlight.js", "wasm.unknown.pagefind")
"""Ready-made search boxes, and a word splitter for other languages."""


def write_search_index(site: Path) -> None:
    """Index the `<main data-pagefind-body>` of each page. Raises `CalledProcessError`."""
    shutil.rmtree(site / INDEX_PATH, ignore_errors=True)
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-subdir", INDEX_PATH, "--silent"]
    subprocess.run([*command, "--force-language", "en"], check=True)  # noqa: S603 # our own tool
    for pattern in _UNUSED:
        for path in (site / INDEX_PATH).glob(pattern):
            path.unlink()
