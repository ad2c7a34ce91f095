"""Rules that keep people safe: only the service's own numbers and addresses, and no full name in an anonymous story."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from editing.about import About
    from editing.pages import Finding, Page

_NUMBER: Final = re.compile(r"(?<![\w/.-])(?:\+\d|\(?0\d)[\d ()-]{5,}\d(?!\w)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD: Final = r"[A-Z][a-z]+(?:[’'-][A-Za-z]+)*"
_NAME: Final = re.compile(rf"\b({_WORD})((?: [A-Z]\.?)? )({_WORD})\b")
_TITLED: Final = re.compile(rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|PC|DC|Sgt|Sergeant|Constable)\.? ({_WORD})")
_ALSO_GIVEN_NAMES: Final = frozenset(
    [
        "Will",
        "Mark",
        "Rose",
        "Grace",
        "Hope",
        "Joy",
        "May",
        "June",
        "April",
        "Bill",
        "Frank",
        "Grant",
        "Jack",
        "Pat",
        "Rob",
        "Sue",
        "Faith",
        "Dawn",
        "Summer",
        "Victor",
        "Art",
        "Bob",
        "Drew",
        "Ray",
        "Dean",
        "Guy",
        "Harry",
        "Josh",
        "Norm",
        "Nick",
        "Rich",
        "Ruby",
        "Rusty",
        "Skip",
        "Chase",
        "Chance",
        "Christian",
        "Daisy",
        "Earl",
        "Gene",
        "Iris",
        "Ivy",
        "Lily",
    ]
)
_OFTEN_FIRST: Final = frozenset(
    ["a", "after", "afterwards", "all", "although", "an", "and", "as", "at", "because", "before", "both", "but", "by", "during", "each", "finally", "for", "from", "he", "her", "his", "how", "if", "in", "it", "its", "later", "like", "many", "meanwhile", "most", "my", "neither", "no", "nobody", "nor", "not", "now", "of", "on", "once", "one", "or", "our", "she", "since", "so", "some", "soon", "that", "the", "their", "then", "there", "these", "they", "this", "those", "though", "to", "today", "together", "two", "until", "we", "what", "when", "where", "whether", "which", "while", "who", "why", "with", "without", "yes", "yet", "you", "your"]
)
_START: Final = re.compile(r"(?:^|[.!?:“\"(]\s*|[-*#>|]\s+)[*_]*$")


def plain(number: str) -> str:
    """Write a telephone number as digits that begin with 0."""
    digits = re.sub(r"[^\d+]", "", number)
    return "0" + digits.removeprefix("+44").lstrip("0") if digits.startswith("+44") else digits


def look_for_strangers(page: Page, about: About) -> Iterator[Finding]:
    """See that every telephone number and email address is the service's, or one of those who help elsewhere."""
    service, elsewhere = about.extra["service"], about.extra["elsewhere"]
    numbers = {plain(str(one.get("phone") or "")) for one in (service, *elsewhere)}
    emails = {service.get("email"), service.get("public_email")}
    for number, line in enumerate(page.lines, 1):
        for found in dict.fromkeys(_NUMBER.findall(line)):
            if plain(found) not in numbers:
                yield page.finding(
                    number,
                    f"{found.strip()} is not a number of the service. Write {{{{phone}}}} for ours; "
                    "another organisation’s has to stand under “Who helps elsewhere” first; a person’s own never stands here.",
                )
        for found in dict.fromkeys(_EMAIL.findall(line)):
            if found not in emails:
                sentence = f"{found} is not the service’s address. Write {{{{email}}}} for ours, or take it out."
                yield page.finding(number, sentence)


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
    yield from (titled[0] for titled in _TITLED.finditer(line))
    place = 0
    while found := _NAME.search(line, place):
        first = found[1]
        begins = _START.search(line[: found.start()])
        ordinary = begins and first.lower() in common | _OFTEN_FIRST and first not in _ALSO_GIVEN_NAMES
        place = found.end(1) if ordinary else found.end()
        if not ordinary and found[0] not in known and not _TITLED.match(found[0]):
            yield found[0]
