"""Markdown pages as their editors see them: front matter, numbered lines, and findings about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types

from referral_function.asking.questions import Route
from website.content.schema import CASE_STUDY_TEMPLATE

UNREADABLE: Final = "there is a letter or a day that cannot be read, such as 31 November."
CASE_STUDIES: Final = "docs/case-studies/"
NEWS: Final = "docs/news/"
OWN_PAGES: Final = "docs/pages/"
"""Pages that editors make: `section` in their front matter says where the navigation has them."""
FORM_PAGES: Final = frozenset({*(f"docs/refer/{route.slug}.md" for route in Route), "docs/refer/sent.md"})
LEAFLET_PAGE: Final = "docs/professionals/talking-about-it.md"
LEAFLETS: Final = ("leaflet.pdf", "card.pdf")
"""Made from the words of that page, into docs/downloads/."""
_FENCE: Final = "---"
_MERGE_MARK: Final = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result of the content check: where, and one sentence with what is wrong and how to mend it."""

    path: str
    line: int
    """0 for a file without lines, such as a photo."""
    sentence: str
    advice: bool = False
    """Whether it is listed without failing the check."""

    def __str__(self) -> str:
        """Format the finding as one line."""
        return f"{self.path}{f', line {self.line}' if self.line else ''}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One Markdown file: its path relative to the root, its front matter, and all its lines."""

    path: str
    lines: tuple[str, ...]
    front_matter: dict[str, Any]
    body_start: int
    """The number of lines above the body."""

    @property
    def is_case_study(self) -> bool:
        """Whether it is a case study, by its template or by its folder: a template may be forgotten."""
        in_folder = self.path.startswith(CASE_STUDIES) and not self.path.endswith("/index.md")
        return in_folder or self.front_matter.get("template") == CASE_STUDY_TEMPLATE

    @property
    def is_news(self) -> bool:
        """Whether it is a piece of news."""
        return self.path.startswith(NEWS) and not self.path.endswith("/index.md")

    @property
    def is_own_page(self) -> bool:
        """Whether an editor made it, and chose its place in the navigation."""
        return self.path.startswith(OWN_PAGES)

    def body(self) -> Iterator[tuple[int, str]]:
        """Yield each line below the front matter with its line number."""
        yield from enumerate(self.lines[self.body_start :], self.body_start + 1)

    def line_of(self, key: str) -> int:
        """Return the line number of a key of the front matter; 1 if it is missing."""
        above = enumerate(self.lines[: self.body_start], 1)
        return next((number for number, line in above if line.startswith(f"{key}:")), 1)

    def line_with(self, words: str, *, after: int = 0) -> int:
        """Return the first line of the body that holds `words`, from the line `after` on if there is one; 0 if none does."""
        found = [number for number, line in self.body() if words in unescape(line)]
        return next((number for number in found if number >= after), found[0] if found else 0)

    def finding(self, line: int, sentence: str, *, advice: bool = False) -> Finding:
        """Return a finding about this page."""
        return Finding(path=self.path, line=line, sentence=sentence, advice=advice)


def read_page(root: Path, path: Path) -> Page | Finding:
    """Read a page; return a finding if it cannot be read."""
    place = path.relative_to(root).as_posix()

    def unreadable(line: int, sentence: str) -> Finding:
        return Finding(path=place, line=line, sentence=sentence)

    try:
        lines = tuple(path.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError:
        return unreadable(1, "some letters cannot be read. Save the file as UTF-8, the usual encoding.")
    stripped = [line.rstrip() for line in lines]
    if error := _layout_error(stripped):
        return unreadable(*error)
    body_start = stripped.index(_FENCE, 1) + 1
    try:
        front_matter = yaml.load("\n".join(lines[1 : body_start - 1]), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return unreadable(
            mark.line + 2 if mark else 2,
            'this line cannot be read. If the words have a colon in them, put "quotes" around all of them.',
        )
    except ValueError:
        return unreadable(2, f"{UNREADABLE} Look at the lines up here.")
    if not isinstance(front_matter, dict):
        return unreadable(2, "each line up here needs a word and a colon, such as “title: Contact us”.")
    return Page(path=place, lines=lines, front_matter=front_matter, body_start=body_start)


def _layout_error(lines: list[str]) -> tuple[int, str] | None:
    """Return the line and the sentence where a file has marks of a merge, or no front matter."""
    if marks := [number for number, line in enumerate(lines, 1) if _MERGE_MARK.match(line)]:
        sentence = (
            "two people changed this at once, and both versions stand here. Keep one, and take out the lines of signs."
        )
        return marks[0], sentence
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        sentence = (
            "the lines above the words are missing. "
            "Begin the file with a line ---, then title, description and last_reviewed, then a line ---."
        )
        return 1, sentence
    return None


def news_pages(root: Path) -> list[Page]:
    """Return the pieces of news that can be read and have a day, the newest first."""
    read = (read_page(root, path) for path in sorted((root / NEWS).glob("*.md")))
    pages = [page for page in read if isinstance(page, Page) and page.is_news]
    dated = [page for page in pages if type(page.front_matter.get("published")) is date]
    return sorted(dated, key=lambda page: page.front_matter["published"], reverse=True)
