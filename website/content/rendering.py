"""The words of each page as MkDocs renders them, without a template, and what it finds wrong with their links."""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, get_files
from mkdocs.structure.pages import Page as MkDocsPage

from website.content.pages import Page
from website.content.service_config import SITE_FILE, ConfigError

_INLINE: Final = frozenset("a abbr b br cite code del em i img ins q s small span strong sub sup u".split())  # noqa: SIM905
_VOID: Final = frozenset({"br", "hr", "img", "input", "wbr"})
DOCS: Final = "docs/"
LEFT_OUT: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a block for inline code, for a picture, and for the words of a link."""


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, a list item or a table cell: its tag and its own text with its line ends."""

    tag: str
    text: str = ""
    words: str = ""
    """The text with the words of links."""
    line: int = 0
    """Where the block begins in the file of the page, or as near as its words tell."""


@dataclass(slots=True, kw_only=True)
class RenderedPage:
    """One page: its address, its anchors, what stands on it, and the warnings of MkDocs about its links."""

    url: str
    anchors: frozenset[str] = frozenset()
    warnings: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Address and words of each link."""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    empty_boxes: list[str] = field(default_factory=list)
    """Titles of admonitions without a word in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedSite:
    """Every page that could be read, by its path, and the paths of all files below docs/, with those that the build writes."""

    pages: dict[str, RenderedPage]
    files: frozenset[str]


class _Reader(HTMLParser):
    """Reads a rendered page into its blocks, links and attributes."""

    def __init__(self, page: RenderedPage) -> None:
        super().__init__()
        self.page = page
        self.open: list[tuple[str, str, int]] = []
        """Tag and classes of each open element, and how many blocks stood before it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.page.attributes += values.items()
        if tag not in _INLINE:
            self.page.blocks.append(Block(tag))
        if tag == "a" and "href" in values:
            self.page.links.append((values["href"], ""))
        if tag in {"a", "img"} or (tag == "code" and self.page.blocks and self.page.blocks[-1].tag != "pre"):
            self._add(LEFT_OUT)
        if tag not in _VOID:
            self.open.append((tag, values.get("class", ""), len(self.page.blocks)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1][0] != tag and tag not in _INLINE:
            self.open.pop()
        if not self.open or self.open[-1][0] != tag:
            return
        _tag, classes, before = self.open.pop()
        inside = self.page.blocks[before:]
        if "admonition" in classes.split() and not [block for block in inside[1:] if block.text.strip()]:
            self.page.empty_boxes.append(inside[0].text if inside else "")
        if tag not in _INLINE:
            self.page.blocks.append(Block(self.open[-1][0] if self.open else ""))

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _classes, _before in self.open}
        if self.page.blocks and ("code" not in tags or "pre" in tags):
            self.page.blocks[-1].words += data
        if "a" in tags and self.page.links:
            address, words = self.page.links[-1]
            self.page.links[-1] = (address, words + data)
        elif "code" not in tags or "pre" in tags:
            self._add(data)

    def _add(self, text: str) -> None:
        if self.page.blocks:
            self.page.blocks[-1].text += text


class _Warnings(logging.Handler):
    """Collects what MkDocs warns of about each page, by its path."""

    def __init__(self, pages: dict[str, RenderedPage]) -> None:
        super().__init__(logging.WARNING)
        self.pages = pages

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a sentence such as “Doc file 'contact.md' contains a link …”."""
        path = DOCS + record.getMessage().partition("'")[2].partition("'")[0]
        if path in self.pages:
            self.pages[path].warnings.append(record.getMessage())


def render(root: Path, pages: Collection[Page], generated: Collection[str]) -> RenderedSite:
    """Render the pages; `generated` are the paths of files that the build writes. Raises `ConfigError`."""
    try:
        # Without our templates, whose folder a copy may lack: only the words are read.
        config = load_config(str(root / SITE_FILE), theme="mkdocs")
    except MkDocsException as error:
        raise ConfigError(SITE_FILE, 1, "this file cannot be read. Undo the last change to it.") from error
    files = get_files(config)
    for path in generated:
        if path.removeprefix(DOCS) not in files.src_uris:
            files.append(File(path.removeprefix(DOCS), config.docs_dir, config.site_dir, use_directory_urls=True))
    by_path = {page.path: page for page in pages}
    rendered: dict[str, RenderedPage] = {}
    log, handler = logging.getLogger("mkdocs.structure.pages"), _Warnings(rendered)
    log.addHandler(handler)
    sources = [MkDocsPage(None, file, config) for file in files.documentation_pages() if DOCS + file.src_uri in by_path]
    try:
        for source in sources:
            path = DOCS + source.file.src_uri
            page = rendered[path] = RenderedPage(url=source.file.url)
            source.read_source(config)
            source.render(config, files)
            page.anchors = frozenset(source.present_anchor_ids or ())
            _Reader(page).feed(source.content or "")
            _locate(page.blocks, by_path[path])
        for source in sources:
            source.validate_anchor_links(files=files, log_level=logging.WARNING)
    finally:
        log.removeHandler(handler)
    return RenderedSite(pages=rendered, files=frozenset(DOCS + file.src_uri for file in files))


def _locate(blocks: list[Block], page: Page) -> None:
    """Find the line on which each block begins: the next one that has its first words."""
    block_line = following = page.body_start + 1
    for block in blocks:
        if first := re.findall(r"\w+", block.words)[:3]:
            lines = (number for number, text in page.body() if all(word in text for word in first))
            block_line = next((number for number in lines if number >= following), block_line)
            following = block_line + (0 if block.tag in {"td", "th"} else block.words.strip().count("\n") + 1)
        block.line = block_line
