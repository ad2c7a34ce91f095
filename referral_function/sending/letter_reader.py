"""Reads a referral back from the plain face of its letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from referral_function.asking.answer_types import Answer, AnyOf, DateParts
from referral_function.asking.answers import parse
from referral_function.asking.questions import ContactUse, Party, Question, Route
from referral_function.asking.referral import Referral, questions, sections
from referral_function.asking.sections.represented import SPEAKERS
from referral_function.sending.letter import (
    ASK_FOR,
    NOT_ANSWERED,
    ONLY_BY,
    OR_BY,
    PERSON_WILL_CALL,
    ROUTE_NAMES,
    UNUSED,
    VOICEMAIL_SAID,
)
from referral_function.sending.letter_text import CRITERIA, DANGER, HEADINGS, LOOK_AT_FIRST, SECTIONS, checksum

_CLOSING = re.compile(r"Form version (\S+), checksum ([0-9a-f]{12})\. ")
_WAY = re.compile(rf"(?:{ONLY_BY}|{OR_BY})(?: \(([0-9]+) lines\))?: ")


class UnreadableLetter(ValueError):
    """The text is no letter of ours, or was changed so much that it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLetter:
    """What a letter says; `changed` if its checksum does not fit."""

    referral: Referral
    reference: str
    form_version: str
    changed: bool


def read_letter(text: str) -> ReadLetter:
    """Read a letter. Raises UnreadableLetter."""
    lines = text.rstrip("\n").split("\n")
    closing = _CLOSING.match(lines[-1])
    route = next((route for route, name in ROUTE_NAMES.items() if f"Route: {name}." in lines[:4]), None)
    if closing is None or route is None or not lines[0].startswith("Reference: "):
        raise UnreadableLetter("This is not the plain text of a referral.")
    return ReadLetter(
        referral=Referral(route=route, answers=read_answers(route, lines[4:-1])),
        reference=lines[0].removeprefix("Reference: "),
        form_version=closing[1],
        changed=checksum("\n".join(lines[:-1])) != closing[2],
    )


def read_answers(route: Route, lines: list[str]) -> dict[str, Answer]:
    """Read the answers from the lines of a letter below its head."""
    return _Reader(route).answers(lines)


class _Reader:
    def __init__(self, route: Route) -> None:
        self._route, self._asked = route, questions(route)
        self._by_label = {question.short: question for question in self._asked}
        labels = "|".join(map(re.escape, self._by_label))
        self._label = re.compile(rf"(?:^|(?<=[.?] ))({labels})({re.escape(UNUSED)})?(?: \(([0-9]+) lines\))?: ")
        self._ways = {choice.code: choice.way for each in self._asked for choice in each.choices if choice.way}
        self._found: dict[str, Answer] = {}
        self._chosen: set[str] = set()
        self._ask_for = ""

    def answers(self, lines: list[str]) -> dict[str, Answer]:
        part, rest = "", iter(lines)
        for line in rest:
            if line in HEADINGS:
                part = line
            elif part == SECTIONS and (section := re.match(r"  [0-9]+\. ", line)):
                self._read(self._without_title(line[section.end() :]), rest)
            elif part not in (LOOK_AT_FIRST, CRITERIA):
                self._read(line.removeprefix(DANGER).lstrip(" "), rest)
        for question in self._asked:
            if codes := tuple(choice.code for choice in question.choices if choice.way and choice.code in self._chosen):
                self._found[question.name] = codes
        self._read_ask_for()
        return {question.name: self._found[question.name] for question in self._asked if question.name in self._found}

    def _without_title(self, line: str) -> str:
        titles = (section.title for section in sections(self._route))
        title = next((title for title in titles if line.startswith(title)), "")
        line = re.sub(r"^\.?( See [A-Za-z, ]+\.)?", "", line.removeprefix(title))
        return re.sub(rf"(^| ){NOT_ANSWERED}: .*", "", line).strip()

    def _read(self, line: str, rest: Iterator[str]) -> None:
        """Read a row, with the further lines of its text, or several rows of choices in one line."""
        if line == PERSON_WILL_CALL:
            self._chosen |= {code for code, way in self._ways.items() if way.person_will_call}
        elif way := _WAY.match(line):
            self._read_way(line[way.end() :] + _further(way[1], rest))
        elif line.startswith(f"{ASK_FOR}: "):
            self._ask_for = line.removeprefix(f"{ASK_FOR}: ")
        elif first := self._label.match(line):
            question = self._by_label[first[1]]
            if not question.choices:
                self._found[question.name] = _typed(question, line[first.end() :] + _further(first[3], rest))
            else:
                _before, *found = self._label.split(line)
                for label, text in zip(found[::4], found[3::4], strict=True):
                    self._read_choices(self._by_label[label], text.strip().removesuffix("."))
        else:
            self._read_speaks_for(line)

    def _read_way(self, text: str) -> None:
        """Read the ways of contact in front of their detail, such as “call or text to”."""
        codes, last = set(), False
        while not last:
            found = (
                (code, words)
                for code, way in self._ways.items()
                for words in (f"{way.by} ", f"{way.by.removesuffix(' to')} or ")
                if way.by and text.startswith(words)
            )
            code, words = next(found, ("", ""))
            if not words:
                return
            codes.add(code)
            text, last = text.removeprefix(words), not words.endswith(" or ")
        for question in self._asked:
            if (
                question.safe_contact
                and question.safe_contact.use is ContactUse.DETAIL
                and codes <= question.safe_contact.ways
            ):
                self._found[question.name] = text
        self._chosen |= codes

    def _read_choices(self, question: Question, text: str) -> None:
        if question.safe_contact and question.safe_contact.use is ContactUse.VOICEMAIL and VOICEMAIL_SAID in text:
            text = text.partition(VOICEMAIL_SAID)[2].removesuffix(")")
        codes = tuple(choice.code for choice in question.choices if choice.label.removesuffix(".") in text.split("; "))
        if codes:
            self._found[question.name] = codes if isinstance(question.answer, AnyOf) else codes[0]

    def _read_speaks_for(self, line: str) -> None:
        offered = [(question, choice) for question in self._asked for choice in question.choices]
        for question, choice in [*offered, (None, SPEAKERS.get(self._route))]:
            if choice and choice.speaks_for and line.startswith(f"{choice.speaks_for} "):
                if question:
                    self._found[question.name] = choice.code
                named = next(each for each in self._asked if each.is_name and each.about is Party.REPRESENTED)
                self._found[named.name] = line.removeprefix(f"{choice.speaks_for} ")

    def _read_ask_for(self) -> None:
        """Read the name to use; it stands before the name of the person, where both were answered."""
        named = [each for each in self._asked if each.is_name and each.about is self._route.referred]
        name = str(self._found.get(named[0].name, "")) if named else ""
        used = [each for each in self._asked if each.safe_contact and each.safe_contact.use is ContactUse.NAME]
        if used and self._ask_for not in ("", name):
            self._found[used[0].name] = self._ask_for.removesuffix(f" ({name})" if name else "")


def _further(count: str | None, rest: Iterator[str]) -> str:
    return "".join(f"\n{line}" for line in islice(rest, int(count or 1) - 1))


def _typed(question: Question, text: str) -> Answer:
    date_parts = re.fullmatch(r"([0-9]{1,2})? ?([A-Z][a-z]+)? ?([0-9]{4}|\(year not given\))", text)
    if date_parts and isinstance(question.answer, DateParts):
        day, month, year = (part or "" for part in date_parts.groups())
        return parse(question, [day, month, year.removeprefix("(year not given)")], date.max) or text
    return text
