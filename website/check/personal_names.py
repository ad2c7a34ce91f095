"""Safety rule: no full name in a case study whose people are anonymous.

Two words with capitals in a row are a name, unless `known_names.toml`, the service's data or the dictionary knows them
otherwise: somebody's name that slips through does more harm than a place that an editor has to allow.
"""

import functools
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

from website.check.spelling import correct_words
from website.content.pages import Finding, Page
from website.content.rendering import RenderedPage
from website.content.service_config import ServiceConfig

_UPPER: Final = "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())
_WORD: Final = rf"[{_UPPER}](?:[^\W\d_]+|[’'][^\W\d_]+)(?:[’'-][^\W\d_]+)*"
_PARTICLE: Final = (
    r"al-|(?:ab|al|ap|bin|bint|da|das|de|del|della|den|der|di|dos|du|el|ferch|ibn|la|le|ter|ul|ur|van|von|zu)\b"
)
_TOKEN: Final = re.compile(rf"\b(?:{_WORD}|[{_UPPER}]\b\.?|{_PARTICLE})")
_TITLE_AND_SURNAME: Final = re.compile(
    rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Rev|Cllr|Sir|Dame|P?CSO|W?PC|D?C[IC]|D[IS]|Sgt|Sergeant|Inspector|Constable|Officer|Judge)\.? ({_WORD})\b(?! [{_UPPER}])"
)
_SKIPPED: Final = frozenset(
    {"Aunt", "Auntie", "Dad", "Dear", "Gran", "Grandad", "Hello", "Hey", "Hi", "Mum", "Nan", "Uncle", "A", "I"}
)
_SENTENCE_OPENERS: Final = frozenset(
    "after afterwards all although an and as at because before both but by during each eventually finally for from he "  # noqa: SIM905
    "hello her his how if in it its later like luckily many meanwhile most my neither nobody no nor not now of on once one or "
    "our sadly she since slowly so some soon suddenly that the their then there these they this those though to today "
    "together two unfortunately until usually we what when where whether which while who why with without yes yesterday "
    "yet you your".split()
)
_SUFFIX: Final = re.compile(
    r"(?:i?es|ed|ing|e?rs?|or|al|ally|ly|ations?|ions?|ment|ness|ity|able|ful|less|ist|ism|ive|ous|ic|ical|ary)$"
)
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:“\"(]\s*|[-#>|]\s+)$")
_NOT_PUBLISHED: Final = frozenset({"template", "back", "back_title", "source"})


@functools.cache
def _known() -> dict[str, frozenset[str]]:
    """Read the words of `known_names.toml` by table; phrases are parted by “|”."""
    tables = tomllib.loads(Path(__file__).with_name("known_names.toml").read_text(encoding="utf-8"))
    phrases = re.split(r"[|\n]", tables.pop("phrases")["words"].strip())
    words = {name: frozenset(" ".join(table.values()).split()) for name, table in tables.items()}
    words["people"] = frozenset(f"{tables['things']['roles']} {tables['things']['kin']}".split())
    words["bodies"] = frozenset(tables["ordinary"]["brands"].split())
    return words | {"phrases": frozenset(phrases), "dictionary": correct_words() | _SENTENCE_OPENERS}


def check_personal_names(
    page: Page, rendered: RenderedPage, config: ServiceConfig, ordinary_words: frozenset[str]
) -> Iterator[Finding]:
    """Check an anonymous case study, its front matter and its address; `ordinary_words` are the site's lower-case words."""
    if not page.is_case_study or page.front_matter.get("anonymous") is not True:
        return
    extra = config.extra
    service = extra["service"]
    allowed = [service["name"], *service["area"].split(), *extra["allowed_names"], *extra["districts"]]
    allowed += [other["name"] for other in extra["other_services"]]
    names = Names(allowed, ordinary_words)
    fields = page.front_matter.items()
    above = ((page.line_of(key), str(value)) for key, value in fields if key not in _NOT_PUBLISHED)
    for number, text in (*above, *((block.line, block.words) for block in rendered.blocks)):
        for name in names.full_names(text):
            first = page.line_with(name.split()[0], after=number) if number > page.body_start else number
            yield page.finding(
                first or number,
                f"“{name}” looks like a full name, and this story is marked anonymous. Write a first name or a "
                "letter; if it is no person, add it to “Allowed names”.",
            )
    title_words = frozenset(re.findall(r"\b[^\W\d_]+\b", str(page.front_matter.get("title"))))
    for pair in pairwise(PurePosixPath(page.path).stem.split("-")):
        if not title_words & {*pair} and names.is_person([word.capitalize() for word in pair]):
            sentence = f"the address of this page looks as if it held a full name, “{'-'.join(pair)}”. "
            yield page.finding(1, f"{sentence}Make the story anew under another title, and delete this one.")


class Names:
    """Tells names of people from other words with capitals."""

    def __init__(self, allowed: list[str], ordinary_words: frozenset[str]) -> None:
        phrases = {phrase for phrase in (*allowed, *_known()["phrases"]) if " " in phrase}
        self.phrases = re.compile(
            "|".join(rf"\b{re.escape(each)}(?![\w-])" for each in sorted(phrases, key=len, reverse=True))
        )
        self.allowed = _known()["ordinary"] | {phrase for phrase in allowed if " " not in phrase}
        self.dictionary = _known()["dictionary"] | ordinary_words

    def full_names(self, text: str) -> Iterator[str]:
        """Yield each full name in a text, and each surname behind a title."""
        text = re.sub(r"<[^>]*>|[\u200b\u2060]", " ", unescape(text))
        text = self.phrases.sub("·", re.sub(r"\s+", " ", re.sub(r"[*_]", "", text)).replace("'", "’"))
        titled = [found[0] for found in _TITLE_AND_SURNAME.finditer(text) if not self.is_thing(found[1])]
        yield from titled
        for run, opens_sentence in _runs(text):
            words = self._without_openers(run) if opens_sentence else run
            if (name := self._person(words)) and not any(name in each or each.endswith(name) for each in titled):
                yield name.removesuffix("’s")

    def names_body(self, text: str) -> bool:
        """Whether a text names an organisation, such as “Citizens Advice” or “Samaritans”."""
        return any(
            set(run) & _known()["bodies"] or (len(run) > 1 and any(map(self.is_thing, run)) and not self._person(run))
            for run, _opens_sentence in _runs(text.replace("'", "’"))
        )

    def is_thing(self, word: str) -> bool:
        """Whether a word ends the name of a body, a role, a place or an event."""
        return word in _known()["things"] or word.title() in _known()["things"]

    def is_ordinary(self, word: str) -> bool:
        """Whether a word, or each part of it, is known as no surname or stands in the dictionary."""
        parts = [part for part in re.split(r"[-’]", word) if part not in {"", "s"}]
        return all(
            part in self.allowed
            or part.title() in self.allowed
            or self.is_thing(part)
            or self._in_dictionary(part.lower())
            for part in parts
        )

    def _in_dictionary(self, word: str) -> bool:
        return any(each in self.dictionary for each in (word, word.removesuffix("s"), word.removesuffix("ing")))

    def _is_derived(self, word: str) -> bool:
        """Whether a word is ordinary, or made from one: only behind another, for “Peter” would be made from “pet”."""
        stem = _SUFFIX.sub("", word.lower())
        return self.is_ordinary(word) or any(stem + end in self.dictionary for end in ("", "e", "y"))

    def is_person(self, words: list[str]) -> bool:
        """Whether two or more words in a row are somebody's name."""
        if len(words) < 2:  # noqa: PLR2004 - a first name alone is allowed
            return False
        first = words[0].rstrip(".").title()
        return (
            len(first) == 1
            or first in _known()["first_names"]
            or not (self.is_ordinary(words[0]) and all(map(self._is_derived, words[1:])))
        )

    def _person(self, words: list[str]) -> str:
        """Return the part of a run that is somebody's name, or nothing; what belongs to a thing is left out."""
        rest = list(words)
        while len(rest) > 1:
            thing = next((index for index, word in enumerate(rest) if self.is_thing(word)), None)
            if rest[0] in _SKIPPED or rest[0] in _SKIPPED_DAYS:
                rest = rest[1:]
            elif rest[0].rstrip(".") in _known()["before"] - _known()["first_names"]:
                rest = rest[2:]
            elif thing is None or (rest[thing] in _known()["people"] and self.is_person(rest[:thing])):
                rest = rest[:thing]
                break
            else:
                rest = rest[thing + 1 :]
        return " ".join(rest).replace("al- ", "al-") if self.is_person(rest) else ""

    def _without_openers(self, words: list[str]) -> list[str]:
        """Leave out the words that only begin a sentence: “Afterwards Lucy”."""
        rest = list(words)
        while len(rest) > 1 and rest[0] not in _known()["first_names"] and self._in_dictionary(rest[0].lower()):
            rest = rest[1:]
        return rest


_SKIPPED_DAYS: Final = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March July August September October November December".split()  # noqa: SIM905
)


def _runs(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield each row of words with capitals, with whether it begins a sentence; a possessive ends it, as does a full stop."""
    run: list[str] = []
    start = end = 0
    for token in _TOKEN.finditer(text):
        joined = run and text[end : token.start()] in {" ", ""} and not run[-1].endswith(("’s", "s’"))
        if not joined or (run[-1].endswith(".") and token[0].lower() in _SENTENCE_OPENERS):
            yield _trimmed(run), _SENTENCE_START.search(text[:start]) is not None
            run, start = [], token.start()
        run.append(token[0])
        end = token.end()
    yield _trimmed(run), _SENTENCE_START.search(text[:start]) is not None


def _trimmed(run: list[str]) -> list[str]:
    """Leave out particles at both ends of a run, and initials at its end."""
    while run and (run[0][0].islower()):
        run = run[1:]
    while run and (run[-1][0].islower() or len(run[-1].rstrip(".")) == 1):
        run = run[:-1]
    return run
