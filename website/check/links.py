"""Rules for links and images in the body: each target exists, and each has a text or a description."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import dirname, normpath
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown.extensions.toc import slugify  # type: ignore[import-untyped] # it ships no types

from website.check.picture_files import SHOWN
from website.content.pages import Finding, Page

DOCS: Final = "docs"
_LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)>\s]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_UNFINISHED: Final = re.compile(r"\[[^\[\]]*\]\s+\((?:https?:|tel:|mailto:|\.\./|[\w-]+/?[\w/-]*\.md)[^)]*\)")
_HREF: Final = re.compile(r"<a\s[^>]*href=(?:\"([^\"]*)\"|'([^']*)')|<([a-z]+:[^\s>]*)>")
_REFERENCE_LINK: Final = re.compile(r"^\s*\[[^\]]+\]:\s|\]\[")
_EXTERNAL: Final = re.compile(r"[a-z]+:|//", re.IGNORECASE)
_HEADING: Final = re.compile(r"^\s*(?:(?:-|\d+\.)\s+)?#{1,6}\s+(.*?)\s*(?:\{[^}]*\})?$")
_ID: Final = re.compile(r"\bid=\"([^\"]+)\"|\{[^}]*#([\w-]+)[^}]*\}")
_FILE_NAME: Final = re.compile(
    r"^(?:.*\.(?:jpe?g|png|webp|avif|gif|svg)|image|picture|photo|img[\d_-]*)$", re.IGNORECASE
)
SCHEMES: Final = frozenset({"https", "tel", "mailto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTargets:
    """The targets of links: the files below docs/, with those that the build writes, and the anchors of each page."""

    files: frozenset[str]
    generated: frozenset[str]
    anchors: dict[str, frozenset[str]]

    @classmethod
    def collect(cls, root: Path, pages: list[Page], generated: frozenset[str]) -> "LinkTargets":
        """Collect the targets of a project."""
        files = (path.relative_to(root).as_posix() for path in (root / DOCS).rglob("*") if path.is_file())
        anchors = {page.path: frozenset(_anchors(page)) for page in pages}
        return cls(files=frozenset(files), generated=generated, anchors=anchors)


def check_links(page: Page, targets: LinkTargets) -> Iterator[Finding]:
    """Check every link and image of a page."""
    for number, line in page.body():
        for image, text, target in _LINK.findall(line):
            if image:
                yield from _check_image(page, number, text, target)
            elif not text.strip():
                yield page.finding(number, f"a link without words leads to {target}. Say where it leads.")
            elif PurePosixPath(urlsplit(target).path).suffix.lower() in SHOWN:
                yield page.finding(
                    number, f"{target} is a picture. Show it with ![what it shows]({target}) instead of linking to it."
                )
            if not (image and _EXTERNAL.match(target)):
                yield from _check_target(page, number, target, targets)
        for found in _HREF.findall(line):
            yield from _check_target(page, number, found[0] or found[1] or found[2], targets)
        if _REFERENCE_LINK.search(line):
            yield page.finding(number, "a link by a name is used nowhere here. Write [words](page.md).")
            continue
        if "](" in (rest := _LINK.sub("", line)) or _UNFINISHED.search(rest):
            yield page.finding(
                number,
                "a link is not finished. Write [words](page.md), with no blank between ] and ( or in the address.",
            )


def _check_image(page: Page, number: int, text: str, target: str) -> Iterator[Finding]:
    if _EXTERNAL.match(target):
        sentence = f"the picture {target} is somewhere else, and browsers are told not to load it. Upload it here."
        yield page.finding(number, sentence)
    if not text.strip():
        sentence = f"the picture {target} has no description. Say between the [ ] what it shows."
        yield page.finding(number, sentence)
    elif _FILE_NAME.match(text.strip()):
        sentence = f"“{text}” is a file name, not a description. Say between the [ ] what the picture shows."
        yield page.finding(number, sentence)


def _check_target(page: Page, number: int, target: str, targets: LinkTargets) -> Iterator[Finding]:
    parts = urlsplit(target)
    if parts.scheme in SCHEMES:
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
        yield from _check_internal(page, number, target, targets)


def _check_internal(page: Page, number: int, target: str, targets: LinkTargets) -> Iterator[Finding]:
    parts = urlsplit(target)
    start = DOCS if parts.path.startswith("/") else dirname(page.path)
    path = normpath(f"{start}/{unquote(parts.path)}") if parts.path else page.path
    if path not in targets.files | targets.generated:
        mend = _suggestion(page, path, targets)
        yield page.finding(number, f"the link {target} leads to a page that is not there. {mend}")
    elif parts.fragment and path in targets.anchors and parts.fragment not in targets.anchors[path]:
        sentence = f"{path} has no heading for #{parts.fragment}. Take the part from # on out, or look the heading up."
        yield page.finding(number, sentence)


def _suggestion(page: Page, missing: str, targets: LinkTargets) -> str:
    """Suggest an existing page of the same name, as a link relative to this page."""

    def name(path: str) -> str:
        return path.strip("/").removesuffix("/index.md").removesuffix(".md").rpartition("/")[2]

    for path in sorted(targets.anchors):
        if name(path) == name(missing) and path != missing:
            return f"Did you mean {'../' * (page.path.count('/') - 1)}{path.removeprefix(f'{DOCS}/')}?"
    return "Choose another page, or take the link out."


def _anchors(page: Page) -> Iterator[str]:
    seen: dict[str, int] = {}
    for _number, line in page.body():
        for found in _ID.findall(line):
            yield found[0] or found[1]
        if heading := _HEADING.match(line):
            slug = slugify(re.sub(r"[*_`]|<[^>]+>", "", _LINK.sub(r"\2", heading[1])), "-")
            seen[slug] = seen.get(slug, -1) + 1
            yield f"{slug}_{seen[slug]}" if seen[slug] else slug
