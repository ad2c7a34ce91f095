"""Common misspellings, found by codespell."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from website.content.pages import Finding

_RESULT: Final = re.compile(r"^(?:\./)?(?P<path>.*?):(?P<line>\d+): (?P<wrong>\S+) ==> (?P<right>.+)$")


def check_spelling(root: Path) -> Iterator[Finding]:
    """Run codespell on every page."""
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear", "--disable-colors", "docs"]
    command += ["--ignore-words-list", "claus,ines,ned,sade"]  # first names
    command += ["--skip", "*.svg,*.docx,*.odt,*.png,*.jpg,*.jpeg,*.webp,*.avif"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 # our own tool
    for line in ran.stdout.splitlines():
        if found := _RESULT.match(line):
            sentence = f"“{found['wrong']}” is misspelt. Did you mean “{found['right']}”?"
            yield Finding(path=found["path"].replace("\\", "/"), line=int(found["line"]), sentence=sentence)
