"""Rules for links and images in the body: what MkDocs finds wrong with their targets, and that each has words."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from website.check.picture_files import SHOWN
from website.content.pages import Finding, Page
from website.content.rendering import RenderedSite

_LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)>\"]*?)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE_LINK: Final = re.compile(r"^\s*\[[^\]^]+\]:\s|\]\[")
WEBSITE: Final = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:uk|com|org|net|gov|info)(?:/\S*)?", re.IGNORECASE
)
"""An address of another website, with or without its scheme."""
_EXTERNAL: Final = re.compile(r"[a-z]+:|//", re.IGNORECASE)
MAX_SHOWN: Final = 60  # characters of an address: a picture may stand in it as a whole
_FILE_NAME: Final = re.compile(
    r"^(?:.*\.(?:jpe?g|png|webp|avif|gif|svg)|image|picture|photo|img[\d_-]*)$", re.IGNORECASE
)
_WARNING: Final = re.compile(
    r"contains an? (?:[\w ]+ )?link '([^']*)'(?:.*doc '([^']*)' does not contain)?(?:.*Did you mean '([^']*)')?"
)
"""A warning of MkDocs: the link; the page that lacks its heading; the link that was meant."""


def check_links(page: Page, site: RenderedSite) -> Iterator[Finding]:
    """Check every link and image of a page."""
    yield from _targets(page, site)
    yield from _front_matter_targets(page, site)
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
        if _REFERENCE_LINK.search(line):
            yield page.finding(number, "a link by a name is used nowhere here. Write [words](page.md).")


def _front_matter_targets(page: Page, site: RenderedSite) -> Iterator[Finding]:
    """Check the addresses in the lists of the front matter: a page such as refer/myself/, or a file."""
    entries = [entry for value in page.front_matter.values() if isinstance(value, list) for entry in value]
    for to in (str(entry["to"]) for entry in entries if isinstance(entry, dict) and entry.get("to")):
        path = f"docs/{to.removesuffix('/')}"
        if not {path, f"{path}.md", f"{path}/index.md"} & site.files or to.endswith(".md"):
            line = next(number for number, text in enumerate(page.lines, 1) if f"to: {to}" in text.replace("'", ""))
            yield page.finding(line, f"{to} is no page of this website. Write its address, such as refer/myself/.")


def _targets(page: Page, site: RenderedSite) -> Iterator[Finding]:
    """Say what MkDocs warns of in words for editors."""
    warnings = [found for each in site.pages[page.path].warnings if (found := _WARNING.search(each))]
    for target, without_heading, meant in dict.fromkeys(match.groups() for match in warnings):
        if WEBSITE.fullmatch(target):  # check_rendered says what it needs
            continue
        for number in [number for number, line in page.body() if f"({target}" in line] or [page.body_start + 1]:
            if "#" in target and meant is None and (without_heading or target.startswith("#")):
                where, heading = without_heading or page.path.removeprefix("docs/"), target.partition("#")[2]
                sentence = (
                    f"docs/{where} has no heading for #{heading}. Take the part from # on out, or look the heading up."
                )
            else:
                mend = meant or _same_name(page, target, site)
                mend = f"Did you mean {mend}?" if mend else "Choose another, or take the link out."
                kind = "page" if PurePosixPath(urlsplit(target).path).suffix in {"", ".md"} else "file"
                sentence = f"the link {target} leads to a {kind} that is not there. {mend}"
            yield page.finding(number, sentence)


def _same_name(page: Page, missing: str, site: RenderedSite) -> str:
    """Return a link to a page of the same name in another folder, or nothing."""
    name = PurePosixPath(urlsplit(missing).path).name
    found = next((path for path in sorted(site.pages) if PurePosixPath(path).name == name), "")
    return found and "../" * (page.path.count("/") - 1) + found.removeprefix("docs/")


def _check_image(page: Page, number: int, text: str, target: str) -> Iterator[Finding]:
    if _EXTERNAL.match(target):
        sentence = (
            f"the picture {target[:MAX_SHOWN]} is somewhere else, and browsers are told not to load it. Upload it here."
        )
        yield page.finding(number, sentence)
    if not text.strip():
        sentence = f"the picture {target} has no description. Say between the [ ] what it shows."
        yield page.finding(number, sentence)
    elif _FILE_NAME.match(text.strip()):
        sentence = f"“{text}” is a file name, not a description. Say between the [ ] what the picture shows."
        yield page.finding(number, sentence)
