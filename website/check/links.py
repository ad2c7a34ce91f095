"""Rules for links and pictures in the words: each leads somewhere, and says where or what it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from markdown.extensions.toc import slugify  # type: ignore[import-untyped] # it ships no types

from website.check.picture_files import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from website.content.pages import Finding, Page

DOCS: Final = "docs"
_LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)>\s]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_HALF: Final = re.compile(r"\[[^\[\]]*\]\s+\((?:https?:|tel:|mailto:|\.\./|[\w-]+/?[\w/-]*\.md)[^)]*\)")
_HREF: Final = re.compile(r"<a\s[^>]*href=(?:\"([^\"]*)\"|'([^']*)')|<([a-z]+:[^\s>]*)>")
_BY_NAME: Final = re.compile(r"^\s*\[[^\]]+\]:\s|\]\[")
_ELSEWHERE: Final = re.compile(r"[a-z]+:|//", re.IGNORECASE)
_HEADING: Final = re.compile(r"^\s*(?:(?:-|\d+\.)\s+)?#{1,6}\s+(.*?)\s*(?:\{[^}]*\})?$")
_ID: Final = re.compile(r"\bid=\"([^\"]+)\"|\{[^}]*#([\w-]+)[^}]*\}")
_FILE_NAME: Final = re.compile(
    r"^(?:.*\.(?:jpe?g|png|webp|avif|gif|svg)|image|picture|photo|img[\d_-]*)$", re.IGNORECASE
)
_SCHEMES: Final = frozenset({"https", "tel", "mailto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Everything that a link can lead to: the files below docs/, and the headings of each page."""

    files: frozenset[str]
    headings: dict[str, frozenset[str]]

    @classmethod
    def of(cls, root: Path, pages: list[Page]) -> Places:
        """Look at the files and the pages."""
        every = (path.relative_to(root).as_posix() for path in (root / DOCS).rglob("*") if path.is_file())
        return cls(files=frozenset(every), headings={page.place: frozenset(_anchors(page)) for page in pages})


def look_at_links(page: Page, places: Places, made: frozenset[str]) -> Iterator[Finding]:
    """Follow every link of a page; `made` are files that the build makes, such as the forms for Word."""
    for number, line in page.words():
        for picture, words, target in _LINK.findall(line):
            if picture:
                yield from _picture(page, number, words, target)
            elif not words.strip():
                yield page.finding(number, f"a link without words leads to {target}. Say where it leads.")
            elif PurePosixPath(urlsplit(target).path).suffix.lower() in SHOWN:
                yield page.finding(
                    number, f"{target} is a picture. Show it with ![what it shows]({target}) instead of linking to it."
                )
            if not (picture and _ELSEWHERE.match(target)):
                yield from _target(page, number, target, places, made)
        for target in _HREF.findall(line):
            yield from _target(page, number, target[0] or target[1] or target[2], places, made)
        if _BY_NAME.search(line):
            yield page.finding(number, "a link by a name is used nowhere here. Write [words](page.md).")
            continue
        if "](" in (rest := _LINK.sub("", line)) or _HALF.search(rest):
            yield page.finding(
                number,
                "a link is not finished. Write [words](page.md), with no blank between ] and ( or in the address.",
            )


def _picture(page: Page, number: int, words: str, target: str) -> Iterator[Finding]:
    if _ELSEWHERE.match(target):
        sentence = f"the picture {target} is somewhere else, and browsers are told not to load it. Upload it here."
        yield page.finding(number, sentence)
    if not words.strip():
        sentence = f"the picture {target} has no description. Say between the [ ] what it shows."
        yield page.finding(number, sentence)
    elif _FILE_NAME.match(words.strip()):
        sentence = f"“{words}” is a file name, not a description. Say between the [ ] what the picture shows."
        yield page.finding(number, sentence)


def _target(page: Page, number: int, target: str, places: Places, made: frozenset[str]) -> Iterator[Finding]:
    parts = urlsplit(target)
    if parts.scheme in _SCHEMES:
        return
    if parts.scheme == "http":
        yield page.finding(number, f"{target} is not encrypted. Write https:// and see that it opens.")
    elif parts.scheme or parts.netloc:
        yield page.finding(number, f"the link {target} opens nothing that we know. Write https://, tel: or mailto:.")
    elif target.startswith("www."):
        yield page.finding(number, f"the link {target} needs https:// in front.")
    elif not target:
        yield page.finding(number, "a link leads nowhere. Write the address between the ( ).")
    else:
        yield from _inside(page, number, target, places, made)


def _inside(page: Page, number: int, target: str, places: Places, made: frozenset[str]) -> Iterator[Finding]:
    parts = urlsplit(target)
    start = DOCS if parts.path.startswith("/") else dirname(page.place)
    place = normpath(f"{start}/{unquote(parts.path)}") if parts.path else page.place
    if place not in places.files | made:
        yield page.finding(
            number, f"the link {target} leads to a page that is not there. {_instead(page, place, places)}"
        )
    elif parts.fragment and place in places.headings and parts.fragment not in places.headings[place]:
        sentence = f"{place} has no heading for #{parts.fragment}. Take the part from # on out, or look the heading up."
        yield page.finding(number, sentence)


def _instead(page: Page, wanted: str, places: Places) -> str:
    """Name the page that was probably meant, as a link from this page."""
    name = wanted.strip("/").removesuffix("/index.md").removesuffix(".md").rpartition("/")[2]
    for place in sorted(places.headings):
        if place.removesuffix("/index.md").removesuffix(".md").rpartition("/")[2] == name and place != wanted:
            steps = page.place.count("/") - 1
            return f"Did you mean {'../' * steps}{place.removeprefix(f'{DOCS}/')}?"
    return "Choose another page, or take the link out."


def _anchors(page: Page) -> Iterator[str]:
    seen: dict[str, int] = {}
    for _number, line in page.words():
        for found in _ID.findall(line):
            yield found[0] or found[1]
        if heading := _HEADING.match(line):
            plain = re.sub(r"[*_`]|<[^>]+>", "", _LINK.sub(r"\2", heading[1]))
            slug = slugify(plain, "-")
            seen[slug] = seen.get(slug, -1) + 1
            yield f"{slug}_{seen[slug]}" if seen[slug] else slug
