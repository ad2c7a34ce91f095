"""The search index, made from the built pages and read by the search page alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PLACE: Final = "search/pagefind"
UNUSED: Final = ("*-ui.*", "*-component-ui.*", "*-modular-ui.*", "*-highlight.js", "wasm.unknown.pagefind")
"""Ready-made search boxes and a word splitter for languages that we do not write in: no page asks for them."""


def write_index(site: Path) -> None:
    """Index what stands in `<main data-pagefind-body>` of each page. Raises `CalledProcessError`."""
    shutil.rmtree(site / PLACE, ignore_errors=True)
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-subdir", PLACE, "--silent"]
    subprocess.run([*command, "--force-language", "en"], check=True)  # noqa: S603 # our own tool
    for pattern in UNUSED:
        for path in (site / PLACE).glob(pattern):
            path.unlink()
