"""Rules for Markdown that this website does not know: what stays as it was typed on the rendered page, or becomes something else.

Other programs write lists, boxes and tables in ways that MkDocs shows as plain words.
"""

import re
from collections.abc import Iterator
from typing import Final

from website.content.pages import Finding, Page
from website.content.rendering import Block, RenderedPage

_AS_TYPED: Final = "“{}” is shown as it was typed"
_RAW: Final = {
    r"^\s*\|.*|^.*\|\s*:?-{3,}.*": (
        "a table is shown as it was typed. Leave an empty line above it, and write |---|---| below its first line, "
        "with as many columns"
    ),
    r"(?<=\n)(?:[-*+]|\d{1,2}\.)[ \t]+\S+": f"{_AS_TYPED}: a list begins after an empty line. Leave one above its first line",
    r"^[•·▪▫◦‣●○■□➢✓\ue000-\uf8ff]|^o\t": f"{_AS_TYPED}. Begin each line of the list with - and a blank, with an empty line above the first",
    r"^(?:\d{1,2}|[a-z])\)(?=\s)": f"{_AS_TYPED}. Write 1. and a blank, with an empty line above the first line of the list",
    r"~~": "“~~” is shown as it was typed: nothing is struck out here. Take out the words, or both ~~",
    r"\\[!-/:-@[-`{-~]|\\$": "the \\ in “{}” is shown as it was typed. Take it out",
    r"\[[ xX]\](?!\()": f"{_AS_TYPED}: there are no boxes to tick here. Take it out, or say it in words",
    r"^\?\?\?\+?(?=\s)|^===(?=\s)|^!!!.*": (
        f"{_AS_TYPED}. Write a heading, such as ## Words, or a box: !!! note, and four blanks before each of its lines"
    ),
    r"(?<![\w:/]):[a-z][a-z0-9_+-]*:(?![\w:/])": f"{_AS_TYPED}: there are no icons here. Take it out",
    r"(?<!\{)\{:?\s*[^{}]*[.#=][^{}]*\}(?!\})": f"{_AS_TYPED}. Take it out",
    r"(?<!\]\()(?<!\] \()(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?”]": "“{}” cannot be clicked. Write [words](https://…), with words that say where it leads",
    r"\[(?:\^[\w-]+|\d{1,2})\]": f"{_AS_TYPED}: there are no footnotes here. Write the words where they belong",
    r"\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)": f"{_AS_TYPED}. Bold words have ** right before them and right behind them",
    r"(==|\+\+|\^\^)(?=\S)[^=+^\n]+\1": f"{_AS_TYPED}. Take the signs out",
    r"\[[^\[\]\n]*\](?:\(|\s+\((?:https?:|tel:|mailto:|\.\./|[\w-]+/?[\w/-]*\.md)).*": (
        "a link is not finished. Write [words](page.md), with no blank between ] and ( or in the address"
    ),
}
_RULES: Final = [(re.compile(pattern, re.MULTILINE), sentence) for pattern, sentence in _RAW.items()]
_UNDERLINE: Final = re.compile(r"-{2,}|={2,6}|={8,}")  # seven: what a merge leaves
_LIST_ITEM: Final = re.compile(r"( *)(?:[-*+]|\d+\.)\s")
_ALIGNMENT: Final = re.compile(r"\|?[\s:|-]*-[\s:|-]*")
_GLUED_HASH: Final = re.compile(r"#{1,6}[^#\s].*")
_ROW: Final = re.compile(r"(?:\*\*)?[A-Z][\w’' ]{1,24}:(?:\*\*)?\s|\d{1,2}(?:[.:]\d\d|\s?[ap]m)\s", re.ASCII)
"""A line that begins with a time, or with a word and a colon."""
_ESCAPE: Final = re.compile(r"\\[\\`*_{}\[\]()>#+.!-]|(?<=\|).*(\\\|)")
_CODE: Final = re.compile(r"(`+).+?\1")
_ON_PURPOSE: Final = re.compile(r"\{\{\w+\}\}")


def check_raw_markdown(page: Page, rendered: RenderedPage) -> Iterator[Finding]:
    """Name what stayed raw in the blocks of the rendered page, once for each block and rule, and what became of layout."""
    for block in rendered.blocks:
        for found, sentence in _raw(block):
            line = page.line_with(found.partition("\n")[0], after=block.line) or _line_beginning(page, block, found)
            yield page.finding(line, f"{sentence.format(found)}.")
    for title in rendered.empty_boxes:
        words = "the box has no words. Begin each of its lines with four blanks, with an empty line below the title."
        yield page.finding(page.line_with(f'"{title}"') or page.line_with("!!!") or page.body_start + 1, words)
    yield from _layout(page)
    yield from _signs(page)


def _line_beginning(page: Page, block: Block, found: str) -> int:
    """Return the line that begins with a sign such as the - of a list, where the rest of it is written in other words."""
    lines = (
        number
        for number, line in page.body()
        if number >= block.line and line.lstrip().startswith(found.split(maxsplit=1)[0])
    )
    return next(lines, block.line)


def _raw(block: Block) -> Iterator[tuple[str, str]]:
    if block.tag == "pre":
        first = block.text.strip().partition("\n")[0][:40]
        yield first, "“{}” is shown as program code. Take out the four blanks before it, or the ``` above it"
        return
    text = _ON_PURPOSE.sub("", block.text.strip())
    for pattern, sentence in _RULES:
        if found := pattern.search(text):
            yield found[0].strip(), sentence


def _layout(page: Page) -> Iterator[Finding]:
    """Name lines that change what stands above them: underlines, lists in lists, columns that are aligned; and lines broken by blanks."""
    above, depths, broken = "", list[int](), 0
    for number, line in page.body():
        words = line.strip()
        if broken and words:
            sentence = "two blanks at the end of this line break it, which the editor does not keep. Begin a new paragraph instead."
            yield page.finding(broken, sentence)
        broken = number if words and line.endswith("  ") else 0
        if _UNDERLINE.fullmatch(words) and above:
            yield page.finding(
                number, f"“{words}” makes a heading of the line above it. Leave an empty line between the two."
            )
        elif "|" in above and ":" in words and _ALIGNMENT.fullmatch(words):
            yield page.finding(
                number, "the : in this line moves the columns of the table, which is not done here. Take each : out."
            )
        if item := _LIST_ITEM.match(line):
            depth = len(item[1])
            depths = [each for each in depths if each <= depth]
            if depths and 0 < depth - depths[-1] < 4:  # noqa: PLR2004 - as Markdown has it
                yield page.finding(
                    number,
                    "a list inside a list begins with four blanks: with fewer, the outer list goes on here. Add blanks.",
                )
            depths.append(depth)
        elif words and not above and not line.startswith(" "):
            depths = []
        above = words


def _signs(page: Page) -> Iterator[Finding]:
    """Name a sign that the editor shows in another way than the site, and lines of one kind that run into each other."""
    rows = 0
    for number, line in page.body():
        words = line.strip()
        rows = rows + 1 if _ROW.match(words) else 0
        if rows == 2:  # noqa: PLR2004 - said once for all of them
            sentence = "this line goes on right behind the one above it. Begin each with - and a blank, with an empty line above the first."
            yield page.finding(number, sentence)
        if _GLUED_HASH.fullmatch(words):
            sentence = f"“{words}” is a heading here. Write a blank behind the #, or another sign before it."
            yield page.finding(number, sentence)
        if escape := _ESCAPE.search(_CODE.sub("", line)):
            sign = escape[1] or escape[0]
            sentence = f"the \\ in “{sign}” is not kept by the editor. Take it out, or say it in other words."
            yield page.finding(number, sentence)
