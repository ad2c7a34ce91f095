"""Rules for the front matter of a page, by the schema: nothing missing, unknown, too long or overdue."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from website.content.field import Field, Kind
from website.content.pages import Finding, Page
from website.content.schema import (
    MAX_LENGTH,
    MEASURED,
    MIN_LENGTH,
    TEMPLATES,
    case_study_fields,
    news_fields,
    own_page_fields,
    page_fields,
)
from website.content.service_config import ServiceConfig

_FIXED: Final = re.compile(r"[\w/-]*", re.ASCII)  # such as a path within the website: no scheme, no host
_COMMENT: Final = re.compile(r"\s*(?:[\w-]+:|-)\s+(?![\"'|>\[{])\S.*\s#")
_KEY: Final = re.compile(r"([\w-]+):")
REVIEW_INTERVAL: Final = timedelta(days=365)


def check_front_matter(page: Page, config: ServiceConfig, today: date) -> Iterator[Finding]:
    """Compare the front matter of a page with the schema."""
    if page.is_case_study:
        schema = case_study_fields(config.extra["contacts"])
    elif page.is_news:
        schema = news_fields()
    elif page.is_own_page:
        schema = own_page_fields(config.sections)
    else:
        schema = page_fields(page.front_matter.get("template"))
    fields = {field.key: field for field in schema}
    for field in fields.values():
        value = page.front_matter.get(field.key)
        if value is None or value == "":
            if field.required:
                yield page.finding(1, f"“{field.key}” is missing. Add a line: {field.key}: {_example(field)}")
        elif error := _type_error(field, value):
            yield page.finding(page.line_of(field.key), error)
    for key in page.front_matter.keys() - fields.keys():
        near = get_close_matches(str(key), fields, n=1)
        meant = f"Did you mean “{near[0]}”?" if near else "Take the line out."
        yield page.finding(
            page.line_of(str(key)), f"“{key}” is not one of the words that a page can have here. {meant}"
        )
    yield from _lost_in_yaml(page)
    yield from _review_date(page, today)
    if page.is_case_study:
        yield from _awaited(page)


def _type_error(field: Field, value: object) -> str | None:
    match field.kind:
        case Kind.LINE | Kind.SENTENCES | Kind.FILE | Kind.PDF:
            return _text_error(field, value)
        case Kind.DAY:
            is_valid = type(value) is date
            return None if is_valid else f"“{value}” is not a day. Write it as year, month, day, such as 2026-11-23."
        case Kind.YES_NO:
            return None if isinstance(value, bool) else f"“{field.key}” is true or false, not “{value}”."
        case Kind.CHOICE:
            known = [code for code, _label in field.choices]
            return (
                None
                if value in known
                else f"“{value}” is not one of the choices. Write one of: “{'”, “'.join(known)}”."
            )
        case Kind.LIST | Kind.PARTS:
            return _list_error(field, value)
        case Kind.FIXED:
            if field.default:
                mend = "" if value == field.default else f"is always “{field.default}”"
            else:
                wrong = field.key in {"back", "exit"} and not _FIXED.fullmatch(str(value))
                wrong |= field.key == "template" and value not in TEMPLATES
                mend = "is not one that there is" if wrong else ""
            return f"“{field.key}” {mend}. Put it back." if mend else None


def _list_error(field: Field, value: object) -> str | None:
    entries = value if isinstance(value, list) else [None]
    if field.kind is Kind.LIST:
        is_valid = all(isinstance(entry, str) for entry in entries)
        return None if is_valid else f"“{field.key}” is a list: one line each, beginning with a dash."
    keys = [part.key for part in field.parts]
    required = {part.key for part in field.parts if part.required}
    for entry in entries:
        texts = {key: text for key, text in entry.items() if isinstance(text, str)} if isinstance(entry, dict) else {}
        if texts != entry or not required <= texts.keys() <= {*keys}:
            return f"each entry of “{field.key}” has its {' and '.join(keys)}, in words. Put back what is missing."
    return None


def _text_error(field: Field, value: object) -> str | None:
    if not isinstance(value, str):
        return f'“{value}” is read as a number, a day or a list. Add a word, or put "quotes" around it in the file.'
    length = len(value)
    if field.key in MEASURED and not MIN_LENGTH <= length <= MAX_LENGTH:
        mend = f"Shorten it to {MAX_LENGTH}" if length > MAX_LENGTH else f"Say more, up to {MAX_LENGTH}"
        return f"the {field.key} has {length} characters. {mend}."
    if field.key == "content_note" and not value.endswith("."):
        return "the note before reading is a sentence. End it with a full stop."
    return None


def _example(field: Field) -> str:
    match field.kind:
        case Kind.DAY:
            return "2026-11-23"
        case Kind.YES_NO:
            return "true"
        case Kind.CHOICE:
            return field.choices[0][0]
        case _:
            return str(field.default or "and your words")


def _lost_in_yaml(page: Page) -> Iterator[Finding]:
    """Name what YAML leaves out without a word: what stands behind “ #”, and the first of two lines with one key."""
    keys: set[str] = set()
    for number, line in enumerate(page.lines[: page.body_start], 1):
        if _COMMENT.match(line):
            yield page.finding(number, 'everything behind “ #” is lost. Put "quotes" around all of the words.')
        if key := _KEY.match(line):
            if key[1] in keys:
                yield page.finding(number, f"“{key[1]}” stands here twice, and only the last counts. Take one out.")
            keys.add(key[1])


def _review_date(page: Page, today: date) -> Iterator[Finding]:
    reviewed = page.front_matter.get("last_reviewed")
    if type(reviewed) is not date:
        return
    line = page.line_of("last_reviewed")
    if reviewed > today:
        yield page.finding(line, f"{reviewed} has not come yet. Write the day on which the page was last read.")
    elif today - reviewed > REVIEW_INTERVAL:
        sentence = f"nobody has reviewed this page since {reviewed}. Read it, then write today’s date."
        yield page.finding(line, sentence, advice=True)


def _awaited(page: Page) -> Iterator[Finding]:
    """Report a case study that waits for permission or for the rest of its text."""
    awaits_permission = page.front_matter.get("permission") == "to_confirm"
    if awaits_permission and page.front_matter.get("anonymous") is False:
        sentence = "full names may stand here only with permission. Write “anonymous: true” until it is given."
        yield page.finding(page.line_of("anonymous"), sentence)
    elif awaits_permission:
        sentence = "permission still has to be confirmed. When you have it, write “permission: given”."
        yield page.finding(page.line_of("permission"), sentence, advice=True)
    if page.front_matter.get("complete") is False:
        sentence = "the rest of the story is missing. When you have it, add it and write “complete: true”."
        yield page.finding(page.line_of("complete"), sentence, advice=True)


def check_duplicates(pages: Iterable[Page]) -> Iterator[Finding]:
    """Check that titles and descriptions are unique: search results show nothing else."""
    for key in ("title", "description"):
        first: dict[str, Page] = {}
        for page in pages:
            value = page.front_matter.get(key)
            if isinstance(value, str) and first.setdefault(value, page) is not page:
                sentence = f"{first[value].path} has the same {key}. Give each page its own."
                yield page.finding(page.line_of(key), sentence)
