"""Rules for the text: banned words, HTML that breaks a page, headings, and long sentences."""

import re
from collections.abc import Iterator
from typing import Final

from website.content.pages import FORM_PAGES, Finding, Page
from website.content.schema import HOME_TEMPLATE

MAX_SENTENCE_WORDS: Final = 30
PLAIN_PAGES: Final = FORM_PAGES | {"docs/index.md", "docs/contact.md"}
"""Pages that are plain words in the editor."""
BANNED_WORDS: Final = {
    r"perpetrators?": "Write “person who caused harm”, or “offender”",
    r"click here": "Let the link say where it leads, such as “how to refer”",
    r"users?": "Say who it is: a person harmed, a professional, you",
    r"to-?do|fixme|tbc|lorem ipsum": "Write what is missing, or take it out",
    r"submissions?": "Write “referral”",
    r"kind regards|sent from my \w+": "It is left over from an email: take it out",
    r"(?:85|14) ?%|\d+ ?% satisfaction": "This figure has no source that we can show: take it out",
}
_BANNED: Final = [
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), mend) for words, mend in BANNED_WORDS.items()
]
INLINE_STYLE: Final = "a “style=” of its own, which browsers are told to ignore here"
SCRIPT: Final = "a script, which browsers are told not to run here"
_FORBIDDEN_HTML: Final = {
    r"<style\b": "a style sheet of its own, which browsers are told to ignore here",
    r"<script\b|javascript:|\(data:(?!image/)": SCRIPT,
    r"<(?:iframe|object|embed|video|audio|form|input|button|link|meta|base)\b": "a part that this website does not use",
    r"<img\b": "a picture written as HTML: write ![what it shows](../assets/pictures/name.jpg)",
}
_HTML: Final = [(re.compile(words, re.IGNORECASE), what) for words, what in _FORBIDDEN_HTML.items()]
_MARKUP: Final = re.compile(
    r"</?[a-z][\w-]*(?=[\s/>]|$)[^>]*>?|<!--.*|^\s*(?:!!!|\?\?\?).*|\{:?\s*[.#][^}]*\}", re.IGNORECASE
)
_HEADING: Final = re.compile(r"^(?:\s*(?:-|\d+\.)\s+)?(#{1,6})(?:\s+(.*?))?\s*$")
_ALLOWED_TAGS: Final = "div section figure blockquote p a figcaption span b i strong em".split()  # noqa: SIM905
_PAIRED_TAG: Final = re.compile(rf"<(/?)({'|'.join(_ALLOWED_TAGS)})\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?([a-z][a-z0-9-]*)(?=[\s/>]|$)", re.IGNORECASE)
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?:;])\s+")


def check_wording(page: Page) -> Iterator[Finding]:
    """Check the text of a page; banned words in its front matter too."""
    for number, line in enumerate(page.lines, 1):
        for pattern, mend in _BANNED:
            if found := pattern.search(line):
                yield page.finding(number, f"we do not use “{found[0]}”. {mend}.")
    for number, line in page.body():
        forbidden = [what for pattern, what in _HTML if pattern.search(line)]
        for what in forbidden:
            yield page.finding(number, f"the line holds {what}. Take it out.")
        for name in () if forbidden else dict.fromkeys(_TAG.findall(line)):
            if name.lower() not in (*_ALLOWED_TAGS, "br"):
                sentence = f"<{name}> is not used on this website. If you mean the word, write &lt;{name}&gt;."
                yield page.finding(number, sentence)
        yield from _long_sentences(page, number, line)
        if found := _MARKUP.search(line) if page.path in PLAIN_PAGES else None:
            sentence = f"“{found[0].strip()}” has no place on this page: what is special about it stands in the boxes above the words. Take it out."
            yield page.finding(number, sentence)
    yield from _headings(page)


def _long_sentences(page: Page, number: int, line: str) -> Iterator[Finding]:
    if line.lstrip().startswith(("|", "<!--")):
        return
    plain = _LINK.sub(r"\1", re.sub(r"<[^>]+>", "", line))
    for sentence in _SENTENCE_ENDS.split(plain):
        count = len(sentence.split())
        if count > MAX_SENTENCE_WORDS:
            words = f"a sentence of {count} words is hard to follow. Make two of it."
            yield page.finding(number, words, advice=True)


def _headings(page: Page) -> Iterator[Finding]:
    """Check that there is at most one heading of level 1, none where the title is it, and that no level is skipped."""
    found = [(number, match) for number, line in page.body() if (match := _HEADING.match(line))]
    has_heading = page.is_case_study or page.is_news or page.front_matter.get("template") == HOME_TEMPLATE
    firsts = [number for number, match in found if match[1] == "#"]
    if has_heading and firsts:
        yield page.finding(firsts[0], "the title above is the heading of this page. Write ## instead of #.")
    for extra in firsts[1:]:
        yield page.finding(extra, "the page has its main heading already. Write ## instead of #.")
    level = 1
    for number, match in found:
        if not match[2]:
            yield page.finding(number, "a heading without words. Write them, or take the # out.")
        elif len(match[1]) > level + 1:
            yield page.finding(number, f"the heading skips a level. Write {'#' * (level + 1)} instead of {match[1]}.")
        level = len(match[1])


def check_open_blocks(page: Page) -> Iterator[Finding]:
    """Check that every HTML element is closed: an open one swallows the rest of the page."""
    open_tags: list[tuple[str, int]] = []
    for number, line in page.body():
        for closing, name in _PAIRED_TAG.findall(line):
            if not closing:
                open_tags.append((name.lower(), number))
            elif open_tags and open_tags[-1][0] == name.lower():
                open_tags.pop()
            else:
                yield page.finding(number, f"</{name}> closes nothing. Take it out, or put back <{name}> above.")
    for name, number in open_tags:
        yield page.finding(number, f"<{name}> is never closed. Put back </{name}> where the part ends.")
