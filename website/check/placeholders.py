"""Rules for the comments in a page that the program reads: where a form goes, and what is written from the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from referral_function.asking.questions import Route
from referral_function.settings.settings import REQUIRED_LEGAL_DETAILS
from referral_function.web.site_page import CLOSING, OPENING
from website.content.generated_sections import made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from website.content.pages import Finding, Page

FORMS: Final = frozenset({*(f"docs/refer/{route.slug}.md" for route in Route), "docs/refer/sent.md"})
PRIVACY: Final = "docs/policies/privacy.md"
FROM_THE_CODE: Final = {
    "docs/refer/index.md": ("criteria",),
    "docs/professionals/index.md": ("referrers", "criteria"),
    "docs/refer/what-we-ask.md": ("questions",),
}
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)")
_MARK: Final = re.compile(r"<!-- (?:/?referral-form|/from the code|(?:from the code|service): \w+) -->")
_KNOWN: Final = frozenset({"phone", "email"})
_FILLED: Final = re.compile(r"\{\{\s*(\w*)\s*\}\}")
_EXACT: Final = re.compile(r"\{\{(\w+)\}\}")


def look_at_marks(page: Page) -> Iterator[Finding]:
    """See that the marks stand where the program looks for them, and nowhere else."""
    text = "\n".join(page.lines)
    if page.place in FORMS:
        for mark in (OPENING, CLOSING):
            if page.lines.count(mark) != 1:
                sentence = f"the form needs the line {mark} exactly once. Put it back: the form goes between the two."
                yield page.finding(page.begins + 1, sentence)
    elif OPENING in text:
        yield page.finding(_line(page, OPENING), "a form can stand on its own page only. Take the line out.")
    yield from _blanks(page, text)
    yield from _from_the_code(page, text)
    yield from _comments(page)
    yield from _filled(page)


def _blanks(page: Page, text: str) -> Iterator[Finding]:
    """See that what only the controller can say still has its place."""
    if page.place == PRIVACY:
        for key in REQUIRED_LEGAL_DETAILS:
            if f"<!-- service: {key} -->" not in text:
                sentence = f"the line <!-- service: {key} --> is gone: the law asks for what stands there. Put it back."
                yield page.finding(page.begins + 1, sentence)


def _from_the_code(page: Page, text: str) -> Iterator[Finding]:
    for what in FROM_THE_CODE.get(page.place, ()):
        opening = f"<!-- from the code: {what} -->"
        if f"{opening}\n\n{made(what)}\n<!-- /from the code -->" not in text:
            sentence = (
                f"the part below “{opening}” is written by the program, and was changed. "
                "Undo that; if the rule itself is new, somebody technical runs: make content REFRESH=yes"
            )
            yield page.finding(_line(page, opening), sentence)


def _comments(page: Page) -> Iterator[Finding]:
    for number, line in page.words():
        for found in _COMMENT.findall(line):
            if not _MARK.fullmatch(found):
                sentence = f"everyone can read the note {found} in the page’s source. Take it out."
                yield page.finding(number, sentence)


def _filled(page: Page) -> Iterator[Finding]:
    for number, line in enumerate(page.lines[: page.begins], 1):
        if found := _FILLED.search(line):
            sentence = f"{found[0]} is filled in only in the words of the page. Take it out up here."
            yield page.finding(number, sentence)
    for number, line in page.words():
        for found in _FILLED.finditer(line):
            if found[1] not in _KNOWN or not _EXACT.fullmatch(found[0]):
                known = " or ".join(f"{{{{{name}}}}}" for name in sorted(_KNOWN))
                yield page.finding(number, f"nothing fills in {found[0]}. Write {known}, without blanks.")


def _line(page: Page, words: str) -> int:
    return next((number for number, line in enumerate(page.lines, 1) if words in line), page.begins + 1)
