"""A rule that keeps people safe: no full name in a story whose people are anonymous."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from website.content.pages import Finding, Page
    from website.content.service_config import About

_UPPER: Final = "".join(sign for sign in map(chr, range(0x41, 0x530)) if sign.isupper())
_WORD: Final = rf"[{_UPPER}](?:[^\W\d_]+|[’'][^\W\d_]+)(?:[’'-][^\W\d_]+)*"
_BETWEEN: Final = rf"(?:(?: [{_UPPER}]\.?)* +|(?: (?:al|bin|da|de|den|der|di|dos|el|ibn|la|le|van|von))+ +| al-)"
_NAME: Final = re.compile(rf"\b({_WORD}|(?![AI]\b)[{_UPPER}]\b\.?)({_BETWEEN})({_WORD})\b")
_TITLED: Final = re.compile(
    rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|P?CSO|W?PC|D?C[IC]|D[IS]|Sgt|Sergeant|Inspector|Constable)\.? ({_WORD})"
)
_NAMES_THAT_ARE_WORDS: Final = re.compile(
    "Art|April|Bill|Bob|Chance|Chase|Christian|Daisy|Dawn|Dean|Drew|Earl|Faith|Frank|Gene|Grace|Grant|Guy|Harry|Hope|"
    "Iris|Ivy|Jack|Josh|Joy|June|Lily|Mark|May|Nick|Norm|Pat|Ray|Rich|Rob|Rose|Ruby|Rusty|Skip|Sue|Summer|Victor|Will"
)
_NEVER_FIRST: Final = re.compile(
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|July|August|September|October|November|December|"
    "Aunt|Dad|Dear|Mum|Uncle|UK|HMP"
)
_OFTEN_FIRST: Final = re.compile(
    "after|afterwards|all|although|an?|and|as|at|because|before|both|but|by|during|each|eventually|finally|for|from|he|"
    "hello|her|his|how|if|in|its?|later|like|luckily|many|meanwhile|most|my|neither|nobody|nor?|not|now|of|on|once|one|"
    "our|sadly|she|since|slowly|so|some|soon|suddenly|that|the|their|then|there|these|they|this|those|though|to|today|"
    "together|two|unfortunately|until|usually|we|what|when|where|whether|which|while|who|why|with|without|yes|yesterday|"
    "yet|your?"
)
_START: Final = re.compile(r"(?:^|[.!?:“\"(]\s*|[-#>|]\s+)$")
_GOES_ON: Final = re.compile(rf"{_WORD}(?: [{_UPPER}]\.?)?$")
_SHOWN_NOWHERE: Final = frozenset({"template", "back", "back_title", "source"})


def look_for_names(page: Page, about: About, common: frozenset[str]) -> Iterator[Finding]:
    """See that no full name stands in a story whose people are anonymous; `common` are words that are not names."""
    if not page.is_story or page.front.get("anonymous") is not True:
        return
    extra = about.extra
    known = [extra["service"]["name"], *extra["not_people"], *extra["districts"]]
    known += [one["name"] for one in extra["elsewhere"]]
    above = ((page.line_of(key), str(said)) for key, said in page.front.items() if key not in _SHOWN_NOWHERE)
    for number, words in (*above, *_lines(page)):
        for name in _names(words, known, common):
            yield page.finding(
                number,
                f"“{name}” looks like a full name, and this story is marked anonymous. Write a first name or a "
                "letter; if it is no person, add it to “Names of no person”.",
            )
    slug = PurePosixPath(page.place).stem.split("-")
    lower = common | frozenset(re.findall(r"\b[^\W\d_]+\b", str(page.front.get("title"))))
    for first, second in pairwise(slug):
        if not {first, second} & lower and not (_OFTEN_FIRST.fullmatch(first) or _OFTEN_FIRST.fullmatch(second)):
            sentence = f"the address of this page looks as if it held a full name, “{first}-{second}”. "
            yield page.finding(1, f"{sentence}Make the story anew under another title, and delete this one.")


def _lines(page: Page) -> Iterator[tuple[int, str]]:
    """Give each line of the words, with the first word of the next one where a name may go on there."""
    for (number, line), (_number, after) in pairwise([*page.words(), (0, "")]):
        goes_on = _GOES_ON.search(line.rstrip()) and after.split()[:1]
        yield number, f"{line.rstrip()} {goes_on[0]}" if goes_on else line


def _names(line: str, known: list[str], common: frozenset[str]) -> Iterator[str]:
    line = re.sub(r"<[^>]*>|[\u200b\u2060]", " ", unescape(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)))
    line = re.sub(r"\s+", " ", re.sub(r"[*_]", "", line))
    for phrase in sorted(known, key=len, reverse=True):
        line = line.replace(phrase, "·")
    yield from (titled[0] for titled in _TITLED.finditer(line))
    place = 0
    while found := _NAME.search(line, place):
        ordinary = _is_ordinary(found, line, common)
        place = found.end(1) if ordinary else found.end()
        part_of_known = any(found[0] in phrase for phrase in known)
        if not ordinary and not part_of_known and not _TITLED.match(found[0]):
            yield found[0]


def _is_ordinary(found: re.Match[str], line: str, common: frozenset[str]) -> bool:
    """Say whether the first word is one that happens to stand before a name, or the second one begins a sentence."""
    first, second = found[1], found[3]
    if _NEVER_FIRST.fullmatch(first) or first.endswith(("’s", "'s")):
        return True
    if first.endswith("."):  # “She met K. The others …”
        return second.lower() in common or _OFTEN_FIRST.fullmatch(second.lower()) is not None
    if not _START.search(line[: found.start()]) or _NAMES_THAT_ARE_WORDS.fullmatch(first):
        return False
    return first.lower() in common or _OFTEN_FIRST.fullmatch(first.lower()) is not None
