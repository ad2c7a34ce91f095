"""The pages as their writers see them: files with lines, and what stands above the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types

from website.content.schema import STORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNREADABLE: Final = "there is a letter or a day that cannot be read, such as 31 November."
STORIES: Final = "docs/case-studies/"
_FENCE: Final = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not right: where it is, and a sentence that says what it is and how to mend it."""

    place: str
    line: int
    """0 for what has no lines, such as a photo."""
    sentence: str
    advice: bool = False

    def __str__(self) -> str:
        """Say it as one line."""
        return f"{self.place}{f', line {self.line}' if self.line else ''}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One Markdown file: its place below the root, its front matter, and its lines, numbered as an editor counts."""

    place: str
    lines: tuple[str, ...]
    front: dict[str, Any]
    begins: int
    """How many lines stand above the words."""

    @property
    def is_story(self) -> bool:
        """Say whether it is a case study: by its template, or by where it is, as a template may be forgotten."""
        listed = self.place.startswith(STORIES) and not self.place.endswith("/index.md")
        return listed or self.front.get("template") == STORY

    def words(self) -> Iterator[tuple[int, str]]:
        """Give each line below the front matter with its number."""
        yield from enumerate(self.lines[self.begins :], self.begins + 1)

    def line_of(self, key: str) -> int:
        """Give the number of the line of the front matter that begins with a key; 1 where it is missing."""
        above = enumerate(self.lines[: self.begins], 1)
        return next((number for number, line in above if line.startswith(f"{key}:")), 1)

    def finding(self, line: int, sentence: str, *, advice: bool = False) -> Finding:
        """Say something about this page."""
        return Finding(place=self.place, line=line, sentence=sentence, advice=advice)


def read_page(root: Path, path: Path) -> Page | Finding:
    """Read a page, or say why it cannot be read."""
    place = path.relative_to(root).as_posix()
    try:
        lines = tuple(path.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError:
        return Finding(
            place=place, line=1, sentence="some letters cannot be read. Save the file as UTF-8, the usual encoding."
        )
    ruled = [line.rstrip() for line in lines]
    if not lines or ruled[0] != _FENCE or _FENCE not in ruled[1:]:
        return Finding(
            place=place,
            line=1,
            sentence="the lines above the words are missing. "
            "Begin the file with a line ---, then title, description and last_reviewed, then a line ---.",
        )
    begins = ruled.index(_FENCE, 1) + 1
    try:
        front = yaml.safe_load("\n".join(lines[1 : begins - 1]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Finding(
            place=place,
            line=mark.line + 2 if mark else 2,
            sentence='this line cannot be read. If the words have a colon in them, put "quotes" around all of them.',
        )
    except ValueError:
        sentence = f"{UNREADABLE} Look at the lines up here."
        return Finding(place=place, line=2, sentence=sentence)
    if not isinstance(front, dict):
        return Finding(
            place=place, line=2, sentence="each line up here needs a word and a colon, such as “title: Contact us”."
        )
    return Page(place=place, lines=lines, front=front, begins=begins)
