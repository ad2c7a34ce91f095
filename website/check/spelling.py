"""Words that are often misspelt, found by codespell."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from website.content.pages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SAID: Final = re.compile(r"^(?:\./)?(?P<place>.*?):(?P<line>\d+): (?P<wrong>\S+) ==> (?P<right>.+)$")


def look_at_spelling(root: Path) -> Iterator[Finding]:
    """Ask codespell about every page."""
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear", "--disable-colors", "docs"]
    command += ["--ignore-words-list", "claus,ines,ned,sade"]  # first names
    skipped = ["--skip", "*.svg,*.docx,*.odt,*.png,*.jpg,*.jpeg,*.webp,*.avif"]
    ran = subprocess.run([*command, *skipped], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 # our own tool
    for line in ran.stdout.splitlines():
        if said := _SAID.match(line):
            sentence = f"“{said['wrong']}” is misspelt. Did you mean “{said['right']}”?"
            yield Finding(place=said["place"].replace("\\", "/"), line=int(said["line"]), sentence=sentence)
