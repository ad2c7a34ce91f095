"""Safety rule: no full name in a case study whose people are anonymous."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from website.content.pages import Finding, Page
from website.content.service_config import ServiceConfig

_UPPER: Final = "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())
_WORD: Final = rf"[{_UPPER}](?:[^\W\d_]+|[’'][^\W\d_]+)(?:[’'-][^\W\d_]+)*"
_BETWEEN: Final = rf"(?:(?: [{_UPPER}]\.?)* +|(?: (?:al|bin|da|de|den|der|di|dos|el|ibn|la|le|van|von))+ +| al-)"
_NAME: Final = re.compile(rf"\b({_WORD}|(?![AI]\b)[{_UPPER}]\b\.?)({_BETWEEN})({_WORD})\b")
_TITLE_AND_SURNAME: Final = re.compile(
    rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|P?CSO|W?PC|D?C[IC]|D[IS]|Sgt|Sergeant|Inspector|Constable)\.? ({_WORD})"
)
_FIRST_NAMES_THAT_ARE_WORDS: Final = re.compile(
    "Art|April|Bill|Bob|Chance|Chase|Christian|Daisy|Dawn|Dean|Drew|Earl|Faith|Frank|Gene|Grace|Grant|Guy|Harry|Hope|"
    "Iris|Ivy|Jack|Josh|Joy|June|Lily|Mark|May|Nick|Norm|Pat|Ray|Rich|Rob|Rose|Ruby|Rusty|Skip|Sue|Summer|Victor|Will"
)
_NEVER_FIRST_NAME: Final = re.compile(
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|July|August|September|October|November|December|"
    "Aunt|Dad|Dear|Mum|Uncle|UK|HMP"
)
_SENTENCE_OPENERS: Final = re.compile(
    "after|afterwards|all|although|an?|and|as|at|because|before|both|but|by|during|each|eventually|finally|for|from|he|"
    "hello|her|his|how|if|in|its?|later|like|luckily|many|meanwhile|most|my|neither|nobody|nor?|not|now|of|on|once|one|"
    "our|sadly|she|since|slowly|so|some|soon|suddenly|that|the|their|then|there|these|they|this|those|though|to|today|"
    "together|two|unfortunately|until|usually|we|what|when|where|whether|which|while|who|why|with|without|yes|yesterday|"
    "yet|your?"
)
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:“\"(]\s*|[-#>|]\s+)$")
_UNFINISHED_NAME: Final = re.compile(rf"{_WORD}(?: [{_UPPER}]\.?)?$")
_NOT_PUBLISHED: Final = frozenset({"template", "back", "back_title", "source"})


def check_personal_names(page: Page, config: ServiceConfig, ordinary_words: frozenset[str]) -> Iterator[Finding]:
    """Check an anonymous case study, its front matter and its address; `ordinary_words` are the site's lower-case words."""
    if not page.is_case_study or page.front_matter.get("anonymous") is not True:
        return
    extra = config.extra
    allowed = [extra["service"]["name"], *extra["allowed_names"], *extra["districts"]]
    allowed += [other["name"] for other in extra["other_services"]]
    fields = page.front_matter.items()
    above = ((page.line_of(key), str(value)) for key, value in fields if key not in _NOT_PUBLISHED)
    for number, text in (*above, *_body(page)):
        for name in _full_names(text, allowed, ordinary_words):
            yield page.finding(
                number,
                f"“{name}” looks like a full name, and this story is marked anonymous. Write a first name or a "
                "letter; if it is no person, add it to “Names of no person”.",
            )
    title_words = frozenset(re.findall(r"\b[^\W\d_]+\b", str(page.front_matter.get("title"))))
    known_words = ordinary_words | title_words
    for pair in pairwise(PurePosixPath(page.path).stem.split("-")):
        if not known_words & {*pair} and not any(_SENTENCE_OPENERS.fullmatch(word) for word in pair):
            sentence = f"the address of this page looks as if it held a full name, “{'-'.join(pair)}”. "
            yield page.finding(1, f"{sentence}Make the story anew under another title, and delete this one.")


def _body(page: Page) -> Iterator[tuple[int, str]]:
    """Yield each line; where it may end inside a name, with the first word of the next line."""
    for (number, line), (_number, after) in pairwise([*page.body(), (0, "")]):
        continuation = _UNFINISHED_NAME.search(line.rstrip()) and after.split()[:1]
        yield number, f"{line.rstrip()} {continuation[0]}" if continuation else line


def _full_names(line: str, allowed: list[str], ordinary_words: frozenset[str]) -> Iterator[str]:
    line = re.sub(r"<[^>]*>|[\u200b\u2060]", " ", unescape(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)))
    line = re.sub(r"\s+", " ", re.sub(r"[*_]", "", line))
    for phrase in sorted(allowed, key=len, reverse=True):
        line = line.replace(phrase, "·")
    yield from (found[0] for found in _TITLE_AND_SURNAME.finditer(line))
    position = 0
    while found := _NAME.search(line, position):
        ordinary = _is_ordinary(found, line, ordinary_words)
        position = found.end(1) if ordinary else found.end()
        part_of_allowed = any(found[0] in phrase for phrase in allowed)
        if not ordinary and not part_of_allowed and not _TITLE_AND_SURNAME.match(found[0]):
            yield found[0]


def _is_ordinary(found: re.Match[str], line: str, ordinary_words: frozenset[str]) -> bool:
    """Whether the first word is an ordinary one before a name, or the second one begins a sentence."""
    first, second = found[1], found[3]

    def opens_sentence(word: str) -> bool:
        return word.lower() in ordinary_words or _SENTENCE_OPENERS.fullmatch(word.lower()) is not None

    if _NEVER_FIRST_NAME.fullmatch(first) or first.endswith(("’s", "'s")):
        return True
    if first.endswith("."):  # “She met K. The others …”
        return opens_sentence(second)
    if not _SENTENCE_START.search(line[: found.start()]) or _FIRST_NAMES_THAT_ARE_WORDS.fullmatch(first):
        return False
    return opens_sentence(first)
