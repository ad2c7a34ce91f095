"""Safety rule: pages show only telephone numbers and email addresses from the service's data; and its other facts."""

import re
from collections.abc import Collection, Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote

from website.check.personal_names import Names
from website.content.pages import Finding, Page
from website.content.service_config import ServiceConfig, national_number

_PHONE: Final = re.compile(r"(?<![\w/.–-])(?:\+?\d|\(0)(?:[\s().–‑/-]*\d){9,12}(?!\w)")
_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|\s*[\[(]at[\])]\s*)[\w-]+(?:(?:\.|\s*[\[(]dot[\])]\s*)[\w-]+)+")
_OFFICE: Final = re.compile(r"0(?:[123]|80)")
"""A landline or a free number: none is a mobile phone, and none costs the caller more."""
_FREE_MAIL: Final = (
    "gmail.",
    "googlemail.",
    "hotmail.",
    "outlook.",
    "live.",
    "yahoo.",
    "icloud.",
    "me.com",
    "aol.",
    "btinternet.",
)
_LABEL: Final = re.compile(
    r"\b(?:ISBN(?:-1[03])?|ISSN|reference|ref|charity|company|registration|registered|CAD|URN|order|account|VAT)\b[^.;!?]{0,40}$",
    re.IGNORECASE,
)
"""What stands before a number that nobody can ring."""
_SERVICE_NAME: Final = re.compile(r"Restorative Justice Service for [A-Z][^.,;:!?<>()“”|]*")
_REPLY_DAYS: Final = re.compile(r"\bwithin (\w+) (?:working )?days?\b", re.IGNORECASE)
_NUMERALS: Final = dict(
    zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True)
)


def check_contact_details(page: Page, config: ServiceConfig) -> Iterator[Finding]:
    """Check that every number and address on a page is in the service's data, or stands beside its organisation."""
    others = partners_contacts(page, config)
    for number, line in enumerate(page.lines, 1):
        for sentence in unknown_contact_details(line, config, others):
            yield page.finding(number, sentence)


def partners_contacts(page: Page, config: ServiceConfig) -> frozenset[str]:
    """Return the numbers and addresses whose organisation the page names: in the paragraph, its heading or the title.

    A mobile number or an address with a person's name is somebody's own, whatever stands beside it.
    """
    names = Names([], frozenset())
    ours = re.compile("|".join(map(re.escape, _our_names(config))))
    title, heading, paragraph = str(page.front_matter.get("title")), "", ""
    found: set[str] = set()
    for _number, line in page.body():
        if line.startswith("#"):
            heading = line
        paragraph = f"{paragraph} {line}" if line.strip() else ""
        if not names.names_body(ours.sub("·", f"{title}. {heading}. {paragraph}")):
            continue
        text = _plain(line)
        found |= {national for each in _PHONE.findall(text) if _OFFICE.match(national := national_number(each))}
        found |= {each for each in _EMAIL.findall(text) if not _is_personal(each, names)}
    return frozenset(found)


def _our_names(config: ServiceConfig) -> tuple[str, ...]:
    service = config.extra["service"]
    return service["name"], service["name_line_2"], service["short_name"]


def _is_personal(address: str, names: Names) -> bool:
    local, _at, domain = address.partition("@")
    words = [part.capitalize() for part in re.split(r"[._+-]", local) if part]
    return names.is_person(words) or domain.lower().startswith(_FREE_MAIL) or not domain


def unknown_contact_details(text: str, config: ServiceConfig, others: Collection[str] = ()) -> Iterator[str]:
    """Yield a sentence for each number or address in `text`, however written, that is neither in the data nor in `others`."""
    service, listed = config.extra["service"], config.extra["other_services"]
    phones = {national_number(str(entry.get("phone") or "")) for entry in (service, *listed)}
    emails = {service.get("email"), service.get("public_email")}
    text = _plain(text)
    for found in {each[0]: each for each in _PHONE.finditer(text)}.values():
        if national_number(found[0]) not in {*phones, *others} and not _LABEL.search(text[: found.start()]):
            yield (
                f"{found[0].strip()} is not a number of the service. Write {{{{phone}}}} for ours, "
                "or beside another organisation’s the name of it; a person’s own never stands here."
            )
    for each in dict.fromkeys(_EMAIL.findall(text)):
        if each not in {*emails, *others}:
            yield (
                f"{each} is not the service’s address. Write {{{{email}}}} for ours, "
                "or beside another organisation’s the name of it; a person’s own never stands here."
            )


def _plain(text: str) -> str:
    return unescape(unquote(text)).replace("wa.me/", " ")


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
