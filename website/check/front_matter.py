"""Rules for what stands above the words: nothing missing, nothing unknown, nothing too long."""

from __future__ import annotations

from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from website.content.schema import LONGEST, SHORTEST, TEMPLATES, Entry, Kind, page_entries, story_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from website.content.pages import Finding, Page
    from website.content.service_config import About

REVIEWED_EVERY: Final = timedelta(days=365)
_MEASURED: Final = frozenset({"description", "summary"})


def entries_of(page: Page, about: About) -> tuple[Entry, ...]:
    """Give what the front matter of a page may hold."""
    return (
        story_entries(about.extra["offences"], about.extra["contacts"])
        if page.is_story
        else page_entries(page.front.get("template"))
    )


def look_above(page: Page, about: About, today: date) -> Iterator[Finding]:
    """Compare the front matter of one page with the schema."""
    entries = {entry.key: entry for entry in entries_of(page, about)}
    for entry in entries.values():
        said = page.front.get(entry.key)
        if said is None or said == "":
            if entry.needed:
                sentence = f"“{entry.key}” is missing. Add a line: {entry.key}: {_example(entry)}"
                yield page.finding(1, sentence)
        elif wrong := _wrong(entry, said):
            yield page.finding(page.line_of(entry.key), wrong)
    for key in page.front.keys() - entries.keys():
        near = get_close_matches(str(key), entries, n=1)
        meant = f"Did you mean “{near[0]}”?" if near else "Take the line out."
        yield page.finding(
            page.line_of(str(key)), f"“{key}” is not one of the words that a page can have here. {meant}"
        )
    yield from _days(page, today)
    yield from _waiting(page)


def _wrong(entry: Entry, said: object) -> str | None:
    """Say in one sentence what is wrong with what is said, and nothing where it is right."""
    match entry.kind:
        case Kind.LINE | Kind.SENTENCES:
            return _wrong_words(entry, said)
        case Kind.DAY:
            fine = type(said) is date
            return None if fine else f"“{said}” is not a day. Write it as year, month, day, such as 2026-11-23."
        case Kind.YES_NO:
            return None if isinstance(said, bool) else f"“{entry.key}” is true or false, not “{said}”."
        case Kind.CHOICE:
            known = [code for code, _label in entry.choices]
            return None if said in known else f"“{said}” is not one of the choices. Write one of: {', '.join(known)}."
        case Kind.LIST:
            fine = isinstance(said, list) and all(isinstance(one, str) for one in said)
            return None if fine else f"“{entry.key}” is a list: one line each, beginning with a dash."
        case Kind.FIXED:
            fine = said == entry.given if entry.given is not None else entry.key != "template" or said in TEMPLATES
            mend = f"of a case study is always “{entry.given}”" if entry.given else "is not one that there is"
            return None if fine else f"“{entry.key}” {mend}. Put it back."


def _wrong_words(entry: Entry, said: object) -> str | None:
    if not isinstance(said, str):
        return f'“{said}” is read as a number, a day or a list. Add a word, or put "quotes" around it in the file.'
    long = len(said)
    if entry.key in _MEASURED and not SHORTEST <= long <= LONGEST:
        mend = f"Shorten it to {LONGEST}" if long > LONGEST else f"Say more, up to {LONGEST}"
        return f"the {entry.key} has {long} characters. {mend}."
    if entry.key == "content_note" and not said.endswith("."):
        return "the note before reading is a sentence. End it with a full stop."
    return None


def _example(entry: Entry) -> str:
    match entry.kind:
        case Kind.DAY:
            return "2026-11-23"
        case Kind.YES_NO:
            return "true"
        case Kind.CHOICE:
            return entry.choices[0][0]
        case _:
            return str(entry.given or "and your words")


def _days(page: Page, today: date) -> Iterator[Finding]:
    reviewed = page.front.get("last_reviewed")
    if type(reviewed) is not date:
        return
    line = page.line_of("last_reviewed")
    if reviewed > today:
        yield page.finding(line, f"{reviewed} has not come yet. Write the day on which the page was last read.")
    elif today - reviewed > REVIEWED_EVERY:
        sentence = f"nobody has reviewed this page since {reviewed}. Read it, then write today’s date."
        yield page.finding(line, sentence, advice=True)


def _waiting(page: Page) -> Iterator[Finding]:
    if not page.is_story:
        return
    waits = page.front.get("permission") == "to_confirm"
    if waits and page.front.get("anonymous") is False:
        sentence = "full names may stand here only with permission. Write “anonymous: true” until it is given."
        yield page.finding(page.line_of("anonymous"), sentence)
    elif waits:
        sentence = "permission still has to be confirmed. When you have it, write “permission: given”."
        yield page.finding(page.line_of("permission"), sentence, advice=True)
    if page.front.get("complete") is False:
        sentence = "the rest of the story is missing. When you have it, add it and write “complete: true”."
        yield page.finding(page.line_of("complete"), sentence, advice=True)


def look_for_doubles(pages: Iterable[Page]) -> Iterator[Finding]:
    """See that no two pages have the same title or the same description: in a list of search results they look the same."""
    for key in ("title", "description"):
        first: dict[str, Page] = {}
        for page in pages:
            said = page.front.get(key)
            if isinstance(said, str) and first.setdefault(said, page) is not page:
                sentence = f"{first[said].place} has the same {key}. Give each page its own."
                yield page.finding(page.line_of(key), sentence)
