"""Common misspellings, from the dictionary of codespell."""

import functools
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from website.content.pages import Finding, Page

_WORD: Final = re.compile(r"[\w'’-]+")
_FIRST_NAMES: Final = {"claus", "ines", "ned", "sade"}


@functools.cache
def _corrections() -> dict[str, str]:
    """Read the dictionary, whose lines are “wrong->right” or “wrong->right, right,”."""
    text = (files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8")
    return dict(line.split("->") for line in text.lower().splitlines())


@functools.cache
def correct_words() -> frozenset[str]:
    """Return the lower-case words of three letters or more to which the dictionary corrects."""
    text = (files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8")
    return frozenset(re.findall(r"\b[a-z]{3,}\b", " ".join(line.partition("->")[2] for line in text.splitlines())))


def check_spelling(page: Page) -> Iterator[Finding]:
    """Look up each word of a page."""
    for number, line in enumerate(page.lines, start=1):
        for word in _WORD.findall(line):
            known = word.lower().replace("’", "'")
            if known in _corrections() and known not in _FIRST_NAMES:
                sentence = f"“{word}” is misspelt. Did you mean “{_spelled_as(word, _corrections()[known])}”?"
                yield Finding(path=page.path, line=number, sentence=sentence)


def _spelled_as(word: str, corrections: str) -> str:
    """Write the corrections with the capitals and the apostrophe of the word."""
    each = [correction.strip() for correction in corrections.rstrip(",").split(",")]
    if word == word.capitalize():
        each = [correction.capitalize() for correction in each]
    elif word == word.upper():
        each = [correction.upper() for correction in each]
    text = ", ".join(each)
    return text.replace("'", "’") if "’" in word else text
