"""Safety rule: pages show only telephone numbers and email addresses from the service's data; and its other facts."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote

from website.content.pages import Finding, Page
from website.content.service_config import ServiceConfig, national_number

_PHONE: Final = re.compile(r"(?<![\w/.–-])(?:\+?\d|\(0)(?:[\s().–‑/-]*\d){9,12}(?!\w)")
_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|\s*[\[(]at[\])]\s*)[\w-]+(?:(?:\.|\s*[\[(]dot[\])]\s*)[\w-]+)+")
_SERVICE_NAME: Final = re.compile(r"Restorative Justice Service for [A-Z][^.,;:!?<>()“”|]*")
_REPLY_DAYS: Final = re.compile(r"\bwithin (\w+) (?:working )?days?\b", re.IGNORECASE)
_NUMERALS: Final = dict(
    zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True)
)


def check_contact_details(page: Page, config: ServiceConfig) -> Iterator[Finding]:
    """Check that every number and address on a page is in the service's data."""
    for number, line in enumerate(page.lines, 1):
        for sentence in unknown_contact_details(line, config):
            yield page.finding(number, sentence)


def unknown_contact_details(text: str, config: ServiceConfig) -> Iterator[str]:
    """Yield a sentence for each number or address in `text` that is not in the service's data, however it is written."""
    service, others = config.extra["service"], config.extra["other_services"]
    phones = {national_number(str(entry.get("phone") or "")) for entry in (service, *others)}
    emails = {service.get("email"), service.get("public_email")}
    text = unescape(unquote(text)).replace("wa.me/", " ")
    for found in dict.fromkeys(_PHONE.findall(text)):
        if national_number(found) not in phones:
            yield (
                f"{found.strip()} is not a number of the service. Write {{{{phone}}}} for ours; "
                "another organisation’s has to stand under “Who helps elsewhere” first; a person’s own never stands here."
            )
    for found in dict.fromkeys(_EMAIL.findall(text)):
        if found not in emails:
            yield f"{found} is not the service’s address. Write {{{{email}}}} for ours, or take it out."


def check_service_facts(page: Page, config: ServiceConfig) -> Iterator[Finding]:
    """Check that the name of the service and its reply time are as in the service's data."""
    service = config.extra["service"]
    name, days = service["name"], service.get("reply_days")
    for number, line in enumerate(page.lines, 1):
        for found in _SERVICE_NAME.findall(line):
            if not found.startswith(name):
                yield page.finding(number, f"“{found.strip()}” is not the name of the service. Write “{name}”.")
        for found in _REPLY_DAYS.findall(line):
            promised = int(found) if found.isdecimal() else _NUMERALS.get(found.lower())
            if promised and promised != days:
                agreed = f"the service promises {days}" if days else "the service has promised no number of days yet"
                yield page.finding(
                    number, f"“within {found}” days is not what is agreed: {agreed}. Change it, or take it out."
                )
