"""The navigation of mkdocs.yml, completed: new case studies are added, entries of deleted pages are removed.

Works on the text of the file, so that either generator can read the result.
"""

import re
from pathlib import Path
from typing import Final

_NAV_ENTRY: Final = re.compile(r"^( +)- (?:.*: )?([\w/.-]+\.md)$")
_FILE_NAME: Final = re.compile(r"[\w.-]+")  # a line end in it would begin a setting of its own
_CASE_STUDIES: Final = "case-studies/"


def complete_navigation(root: Path) -> str:
    """Return the text of mkdocs.yml with new case studies after the listed ones and without deleted pages."""
    lines = (root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    docs = root / "docs"
    entries = {number: match for number, line in enumerate(lines) if (match := _NAV_ENTRY.match(line))}
    listed = {match[2] for match in entries.values()}
    on_disk = sorted(
        f"{_CASE_STUDIES}{path.name}" for path in (docs / _CASE_STUDIES).glob("*.md") if _FILE_NAME.fullmatch(path.name)
    )
    last = max((number for number, match in entries.items() if match[2].startswith(_CASE_STUDIES)), default=None)
    completed = []
    for number, line in enumerate(lines):
        if number not in entries or (docs / entries[number][2]).is_file():
            completed.append(line)
        if number == last:
            completed += [f"{entries[number][1]}- {story}" for story in on_disk if story not in listed]
    return "\n".join(completed) + "\n"
