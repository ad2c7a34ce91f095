"""Rules for the shape of mkdocs.yml: every rule after these may take for granted that words are words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from website.content.pages import Finding
from website.content.service_config import LISTS, MAPS, PLACE, About

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED: Final = ("name", "short_name", "short_rest", "area", "phone", "phone_cost", "email", "free")
_SAID: Final = ("id", "name", "who")


def look_at_shapes(about: About) -> Iterator[Finding]:
    """See that each part of `extra` is the list or the map that it was, and that what every page needs is there."""
    broken = [part for part in MAPS if not isinstance(about.extra[part], dict)]
    broken += [part for part in LISTS if not isinstance(about.extra[part], list)]
    for part in broken:
        yield _finding(about.line("extra", part), f"“{part}” is no longer a list. Undo the last change to it.")
    if not broken:
        yield from _service(about)
        yield from _others(about)


def _service(about: About) -> Iterator[Finding]:
    for key in NEEDED:
        if not _is_words(about.extra["service"].get(key)):
            yield _finding(about.line("extra", "service", key), f"“{key}” is empty. Fill it in: every page uses it.")
    for number, one in enumerate(about.extra["not_people"]):
        if not _is_words(one):
            sentence = f"number {number + 1} of “Names of no person” is empty. Write the name, or take it out."
            yield _finding(about.line("extra", "not_people", number), sentence)


def _others(about: About) -> Iterator[Finding]:
    for number, one in enumerate(about.extra["elsewhere"]):
        said = one if isinstance(one, dict) else {}
        for key in _SAID:
            if not _is_words(said.get(key)):
                name = said.get("name") or f"number {number + 1} of those who help elsewhere"
                yield _finding(
                    about.line("extra", "elsewhere", number, key), f"“{key}” of {name} is missing. Fill it in."
                )
    for old, new in about.extra["redirects"].items():
        if not (_is_words(old) and _is_words(new)):
            sentence = f"the old address {old} leads to no page. Write both, such as “/old-page: /contact/”."
            yield _finding(about.line("extra", "redirects", str(old)), sentence)


def _is_words(said: object) -> bool:
    return isinstance(said, str) and said.strip() != ""


def _finding(line: int, sentence: str) -> Finding:
    return Finding(place=PLACE, line=line, sentence=sentence)
