"""A rule that keeps people safe: no full name in a story whose people are anonymous."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from editing.about import About
    from editing.pages import Finding, Page

_WORD: Final = r"[A-ZÀ-Þ](?:[a-zß-ÿ]+|[’'][A-Z][a-z]+)(?:[’'-][A-Za-z]+)*"
_NAME: Final = re.compile(rf"\b({_WORD})((?: [A-Z]\.?)? +)({_WORD})\b")
_TITLED: Final = re.compile(rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|PC|DC|Sgt|Sergeant|Constable)\.? ({_WORD})")
_NAMES_THAT_ARE_WORDS: Final = re.compile(
    "Art|April|Bill|Bob|Chance|Chase|Christian|Daisy|Dawn|Dean|Drew|Earl|Faith|Frank|Gene|Grace|Grant|Guy|Harry|Hope|"
    "Iris|Ivy|Jack|Josh|Joy|June|Lily|Mark|May|Nick|Norm|Pat|Ray|Rich|Rob|Rose|Ruby|Rusty|Skip|Sue|Summer|Victor|Will"
)
_OFTEN_FIRST: Final = re.compile(
    "after|afterwards|all|although|an?|and|as|at|because|before|both|but|by|during|each|finally|for|from|he|her|his|how|"
    "if|in|its?|later|like|many|meanwhile|most|my|neither|nobody|nor?|not|now|of|on|once|one|our|she|since|so|some|soon|"
    "that|the|their|then|there|these|they|this|those|though|to|today|together|two|until|we|what|when|where|whether|"
    "which|while|who|why|with|without|yes|yet|your?"
)
_START: Final = re.compile(r"(?:^|[.!?:“\"(]\s*|[-#>|]\s+)$")


def look_for_names(page: Page, about: About, common: frozenset[str]) -> Iterator[Finding]:
    """See that no full name stands in a story whose people are anonymous; `common` are words that are not names."""
    if not page.is_story or page.front.get("anonymous") is not True:
        return
    extra = about.extra
    others = (one["name"] for one in extra["elsewhere"])
    known = " · ".join([extra["service"]["name"], *extra["not_people"], *extra["districts"], *others])
    above = {page.line_of(key) for key in ("title", "summary", "description", "content_note")}
    for number, line in enumerate(page.lines, 1):
        if number > page.begins or number in above:
            words = line if number > page.begins else line.partition(":")[2]
            for name in _names(words, known, common):
                yield page.finding(
                    number,
                    f"“{name}” looks like a full name, and this story is marked anonymous. Write a first name or a "
                    "letter; if it is no person, add it to “Names of no person”.",
                )


def _names(line: str, known: str, common: frozenset[str]) -> Iterator[str]:
    line = re.sub(r"\s+", " ", re.sub(r"[*_]", "", line))
    yield from (titled[0] for titled in _TITLED.finditer(line))
    place = 0
    while found := _NAME.search(line, place):
        first = found[1]
        begins = _START.search(line[: found.start()])
        ordinary = begins and _is_ordinary(first, common)
        place = found.end(1) if ordinary else found.end()
        if not ordinary and found[0] not in known and not _TITLED.match(found[0]):
            yield found[0]


def _is_ordinary(first: str, common: frozenset[str]) -> bool:
    """Say whether the first word of a sentence is a word that happens to begin it, and not a name."""
    if _NAMES_THAT_ARE_WORDS.fullmatch(first):
        return False
    return first.lower() in common or _OFTEN_FIRST.fullmatch(first.lower()) is not None
