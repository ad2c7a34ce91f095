"""Rules for the words: the ones we do not use, headings, HTML that breaks a page, and sentences that are too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from website.content.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from website.content.pages import Finding, Page

LONG: Final = 30  # words in a sentence
NOT_OURS: Final = {
    r"perpetrators?": "Write “person who caused harm”, or “offender”",
    r"click here": "Let the link say where it leads, such as “how to refer”",
    r"users?": "Say who it is: a person harmed, a professional, you",
    r"submissions?": "Write “referral”",
    r"(?:85|14) ?%|\d+ ?% satisfaction": "This figure has no source that we can show: take it out",
}
_NOT_OURS: Final = [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), mend) for words, mend in NOT_OURS.items()]
_FORBIDDEN: Final = {
    r"(?:\s|\{:?)\s*style\s*=": "a “style=” of its own, which browsers are told to ignore here",
    r"<style\b": "a style sheet of its own, which browsers are told to ignore here",
    r"<script\b|(?:<\w[^>]*\s|\{:?\s*)on[a-z]+\s*=|javascript:|\(data:": "a script, which browsers are told not to run here",
    r"<(?:iframe|object|embed|video|audio|form|input|button|link|meta|base)\b": "a part that this website does not use",
    r"<img\b": "a picture written as HTML: write ![what it shows](../assets/pictures/name.jpg)",
}
_HTML: Final = [(re.compile(words, re.IGNORECASE), what) for words, what in _FORBIDDEN.items()]
_HEADING: Final = re.compile(r"^(?:\s*(?:-|\d+\.)\s+)?(#{1,6})\s*(.*?)\s*$")
_USED: Final = ("div", "section", "figure", "blockquote", "p", "a", "figcaption", "span", "b", "i", "strong", "em")
_BLOCKS: Final = re.compile(rf"<(/?)({'|'.join(_USED)})\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?([a-z][a-z0-9-]*)(?=[\s/>]|$)", re.IGNORECASE)
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?:;])\s+")


def look_at_words(page: Page) -> Iterator[Finding]:
    """Read every line below the front matter, and the words above it that readers see."""
    for number, line in enumerate(page.lines, 1):
        for pattern, mend in _NOT_OURS:
            if found := pattern.search(line):
                yield page.finding(number, f"we do not use “{found[0]}”. {mend}.")
    for number, line in page.words():
        said = [what for pattern, what in _HTML if pattern.search(line)]
        for what in said:
            yield page.finding(number, f"the line holds {what}. Take it out.")
        for name in () if said else dict.fromkeys(_TAG.findall(line)):
            if name.lower() not in (*_USED, "br"):
                sentence = f"<{name}> is not used on this website. If you mean the word, write &lt;{name}&gt;."
                yield page.finding(number, sentence)
        yield from _long(page, number, line)
    yield from _headings(page)
    yield from _open_blocks(page)


def _long(page: Page, number: int, line: str) -> Iterator[Finding]:
    if line.lstrip().startswith(("|", "<!--")):
        return
    plain = _LINK.sub(r"\1", re.sub(r"<[^>]+>", "", line))
    for sentence in _SENTENCE_ENDS.split(plain):
        count = len(sentence.split())
        if count > LONG:
            words = f"a sentence of {count} words is hard to follow. Make two of it."
            yield page.finding(number, words, advice=True)


def _headings(page: Page) -> Iterator[Finding]:
    """See that there is one heading of the first level where the page needs it, and that none is skipped."""
    found = [(number, match) for number, line in page.words() if (match := _HEADING.match(line))]
    given = page.is_story or page.front.get("template") == HOME
    firsts = [number for number, match in found if match[1] == "#"]
    if given and firsts:
        yield page.finding(firsts[0], "the title above is the heading of this page. Write ## instead of #.")
    elif not given and not firsts:
        yield page.finding(
            page.begins + 1, f"the page has no heading. Begin it with “# {page.front.get('title', '')}”."
        )
    for extra in firsts[1:]:
        yield page.finding(extra, "the page has its main heading already. Write ## instead of #.")
    level = 1
    for number, match in found:
        if not match[2]:
            yield page.finding(number, "a heading without words. Write them, or take the # out.")
        elif len(match[1]) > level + 1:
            yield page.finding(number, f"the heading skips a level. Write {'#' * (level + 1)} instead of {match[1]}.")
        level = len(match[1])


def _open_blocks(page: Page) -> Iterator[Finding]:
    """See that every block that is opened in HTML is closed: one that is not swallows the rest of the page."""
    waiting: list[tuple[str, int]] = []
    for number, line in page.words():
        for closing, name in _BLOCKS.findall(line):
            if not closing:
                waiting.append((name.lower(), number))
            elif waiting and waiting[-1][0] == name.lower():
                waiting.pop()
            else:
                yield page.finding(number, f"</{name}> closes nothing. Take it out, or put back <{name}> above.")
    for name, number in waiting:
        yield page.finding(number, f"<{name}> is never closed. Put back </{name}> where the part ends.")
