"""A rule that keeps people safe: only the service's own numbers and addresses; and its other facts."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from website.content.pages import Finding, Page
    from website.content.service_config import About

_NUMBER: Final = re.compile(r"(?<![\w/.–-])(?:\+?\d|\(0)(?:[\s().–‑/-]*\d){9,12}(?!\w)")
_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|\s*[\[(]at[\])]\s*)[\w-]+(?:(?:\.|\s*[\[(]dot[\])]\s*)[\w-]+)+")
_NAME: Final = re.compile(r"Restorative Justice Service for [A-Z][^.,;:!?<>()“”|]*")
_DAYS: Final = re.compile(r"\bwithin (\w+) (?:working )?days?\b", re.IGNORECASE)
_COUNTED: Final = dict(
    zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True)
)


def plain(number: str) -> str:
    """Write a telephone number as digits that begin with 0."""
    digits = re.sub(r"[^\d+]", "", number)
    return "0" + digits.removeprefix("+44").lstrip("0") if digits.startswith("+44") else digits


def look_for_strangers(page: Page, about: About) -> Iterator[Finding]:
    """See that every telephone number and email address is the service's, or one of those who help elsewhere."""
    for number, line in enumerate(page.lines, 1):
        for sentence in strangers(line, about):
            yield page.finding(number, sentence)


def strangers(said: str, about: About) -> Iterator[str]:
    """Name each number and address in what is said that is nobody's of whom the site may speak, however it is written."""
    service, elsewhere = about.extra["service"], about.extra["elsewhere"]
    numbers = {plain(str(one.get("phone") or "")) for one in (service, *elsewhere)}
    emails = {service.get("email"), service.get("public_email")}
    said = unescape(unquote(said)).replace("wa.me/", " ")
    for found in dict.fromkeys(_NUMBER.findall(said)):
        if plain(found) not in numbers:
            yield (
                f"{found.strip()} is not a number of the service. Write {{{{phone}}}} for ours; "
                "another organisation’s has to stand under “Who helps elsewhere” first; a person’s own never stands here."
            )
    for found in dict.fromkeys(_EMAIL.findall(said)):
        if found not in emails:
            yield f"{found} is not the service’s address. Write {{{{email}}}} for ours, or take it out."


def look_for_other_facts(page: Page, about: About) -> Iterator[Finding]:
    """See that the name of the service, and how soon it answers, are what mkdocs.yml says."""
    service = about.extra["service"]
    name, days = service["name"], service.get("reply_days")
    for number, line in enumerate(page.lines, 1):
        for found in _NAME.findall(line):
            if not found.startswith(name):
                yield page.finding(number, f"“{found.strip()}” is not the name of the service. Write “{name}”.")
        for found in _DAYS.findall(line):
            counted = int(found) if found.isdecimal() else _COUNTED.get(found.lower())
            if counted and counted != days:
                said = f"the service promises {days}" if days else "the service has promised no number of days yet"
                yield page.finding(
                    number, f"“within {found}” days is not what is agreed: {said}. Change it, or take it out."
                )
