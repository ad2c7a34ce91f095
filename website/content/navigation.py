"""The navigation of mkdocs.yml, completed: pages that editors made are added, entries of deleted pages are removed.

Works on the text of the file, so that either generator can read the result.
"""

import re
from pathlib import Path
from typing import Final

from website.content.pages import CASE_STUDIES, NEWS, OWN_PAGES, Page, news_pages, read_page

_NAV_ENTRY: Final = re.compile(r"^( +)- (?:.*: )?([\w/.-]+\.md)$")
_SECTION: Final = re.compile(r"^  - ([^:]+):$")
_FILE_NAME: Final = re.compile(r"[\w.-]+")  # a line end in it would begin a setting of its own
_DOCS: Final = "docs/"


def complete_navigation(root: Path) -> str:
    """Return the text of mkdocs.yml without deleted pages, with new stories, news and pages of editors in their places."""
    lines = (root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    entries = {number: match for number, line in enumerate(lines) if (match := _NAV_ENTRY.match(line))}
    listed = {match[2] for match in entries.values()}
    added = _new_pages(root, lines, entries)
    completed = []
    for number, line in enumerate(lines):
        if number not in entries or (root / _DOCS / entries[number][2]).is_file():
            completed.append(line)
        completed += [f"{entries[number][1]}- {page}" for page in added.get(number, ()) if page not in listed]
    return "\n".join(completed) + "\n"


def _new_pages(root: Path, lines: list[str], entries: dict[int, re.Match[str]]) -> dict[int, list[str]]:
    """Return the pages to list after each line."""

    def last_of(folder: str) -> int:
        return max((number for number, match in entries.items() if f"{_DOCS}{match[2]}".startswith(folder)), default=-1)

    added = {
        last_of(CASE_STUDIES): [f"{CASE_STUDIES}{path.name}" for path in sorted((root / CASE_STUDIES).glob("*.md"))],
        last_of(NEWS): [page.path for page in news_pages(root)],
    }
    sections = {match[1]: number for number, line in enumerate(lines) if (match := _SECTION.match(line))}
    for path in sorted((root / OWN_PAGES).glob("*.md")):
        page = read_page(root, path)
        section = sections.get(str(page.front_matter.get("section"))) if isinstance(page, Page) else None
        if isinstance(page, Page) and section is not None:
            end = section
            while end + 1 in entries:
                end += 1
            added.setdefault(end, []).append(page.path)
    return {
        number: [page.removeprefix(_DOCS) for page in pages if _FILE_NAME.fullmatch(Path(page).name)]
        for number, pages in added.items()
    }
