"""The list of pages in mkdocs.yml, made whole: a case study that was added has its place, a page that is gone has none.

Text in and text out, so that it fits either generator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_LISTED: Final = re.compile(r"^( +)- (?:.*: )?([\w/.-]+\.md)$")
STORIES: Final = "case-studies"


def whole(root: Path) -> str:
    """Give mkdocs.yml with new case studies after those that it names, and without pages that are gone."""
    lines = (root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    docs = root / "docs"
    listed = {number: match for number, line in enumerate(lines) if (match := _LISTED.match(line))}
    named = {match[2] for match in listed.values()}
    found = sorted(f"{STORIES}/{path.name}" for path in (docs / STORIES).glob("*.md"))
    new = [story for story in found if story not in named]
    stories = [number for number, match in listed.items() if match[2].startswith(f"{STORIES}/")]
    made = []
    for number, line in enumerate(lines):
        if number not in listed or (docs / listed[number][2]).is_file():
            made.append(line)
        if stories and number == stories[-1]:
            made += [f"{listed[number][1]}- {story}" for story in new]
    return "\n".join(made) + "\n"
