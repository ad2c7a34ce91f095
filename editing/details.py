"""Rules for what mkdocs.yml says about the service: numbers, who helps elsewhere, old addresses, the list of pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from editing.about import PLACE, About
from editing.facts import plain
from editing.pages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKED_EVERY: Final = timedelta(days=183)
NEEDED: Final = ("name", "short_name", "short_rest", "area", "phone", "phone_cost", "email", "free")
KEPT: Final = ("/professionals", "/about", "/case-study/*", "/faq/*", "/news/*")
"""Addresses that other websites still link to."""
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"0[\d ]{8,13}\d")


def look_at_details(about: About, places: frozenset[str], today: date) -> Iterator[Finding]:
    """Look at everything about the service; `places` are the files below docs/."""
    yield from _service(about)
    for number, one in enumerate(about.extra["elsewhere"]):
        yield from _elsewhere(about, number, one, today)
    yield from _old_addresses(about, places)
    for page in about.pages:
        if f"docs/{page}" not in places:
            sentence = f"the list of pages names {page}, which is gone. The site is built without it."
            yield _finding(about.line_of_page(page), sentence, advice=True)
    for blank in about.extra["blanks"]:
        if not about.extra["service"].get(blank["key"]):
            sentence = f"still to be filled in by the service: {blank['ask']}."
            yield _finding(about.line("extra", "service", blank["key"]), sentence, advice=True)


def _service(about: About) -> Iterator[Finding]:
    service = about.extra["service"]
    for key in NEEDED:
        if not service.get(key):
            yield _finding(about.line("extra", "service", key), f"“{key}” is empty. Fill it in: every page uses it.")
    phone = str(service.get("phone") or "")
    if phone and not _PHONE.fullmatch(phone):
        line = about.line("extra", "service", "phone")
        yield _finding(line, f"“{phone}” is not a telephone number. Write it with its 0, such as “0800 783 1583”.")
    for key in ("email", "public_email"):
        if (said := service.get(key)) and not _EMAIL.fullmatch(str(said)):
            yield _finding(about.line("extra", "service", key), f"“{said}” is not an email address. Look at it again.")


def _elsewhere(about: About, number: int, one: dict[str, object], today: date) -> Iterator[Finding]:
    def at(key: str, sentence: str, *, advice: bool = False) -> Finding:
        return _finding(about.line("extra", "elsewhere", number, key), sentence, advice=advice)

    name = one.get("name") or f"number {number + 1}"
    for key in ("id", "name", "who"):
        if not one.get(key):
            yield at(key, f"“{key}” of {name} is missing. Fill it in.")
    if (phone := one.get("phone")) and not _PHONE.fullmatch(plain(str(phone))):
        yield at("phone", f"“{phone}” is not a telephone number. Write it with its 0, and digits only.")
    if (url := one.get("url")) and not str(url).startswith("https://"):
        yield at("url", f"“{url}” is not an address that we link to. Write it with https:// in front.")
    try:
        checked = date.fromisoformat(str(one.get("checked_on")))
    except ValueError:
        yield at("checked_on", f"the day on which {name} was checked is missing. Write it such as “2026-11-23”.")
        return
    if checked > today:
        yield at("checked_on", f"{checked} has not come yet. Write the day on which {name} was checked.")
    elif today - checked > CHECKED_EVERY:
        sentence = f"nobody has checked {name} since {checked}. Ring or look it up, then write today’s date."
        yield at("checked_on", sentence, advice=True)


def look_for_the_unnamed(about: About, text: str) -> Iterator[Finding]:
    """Name those who help elsewhere and stand on no page, by the end of their names: a page may leave the area out."""
    for number, one in enumerate(about.extra["elsewhere"]):
        name = str(one.get("name") or "")
        if name.partition(" ")[2] not in text:
            sentence = f"no page names {name}. Write it on docs/about/which-cases.md, or correct it there."
            yield _finding(about.line("extra", "elsewhere", number, "name"), sentence, advice=True)


def _old_addresses(about: About, places: frozenset[str]) -> Iterator[Finding]:
    for old in KEPT:
        if old not in about.extra["redirects"]:
            sentence = f"the old address {old} has to keep working. Put it back, and choose a page for it."
            yield _finding(about.line("extra", "redirects"), sentence)
    hidden_by: list[str] = []
    for old, new in about.extra["redirects"].items():
        line = about.line("extra", "redirects", old)
        page = f"docs{new}".rstrip("/")
        if not {f"{page}.md", f"{page}/index.md"} & places:
            sentence = f"the old address {old} leads to {new}, which is not there. Choose another page for it."
            yield _finding(line, sentence)
        if star := next((star for star in hidden_by if old.startswith(star)), None):
            yield _finding(line, f"{star}* above it wins. Put {old} above that line.")
        if old.endswith("*"):
            hidden_by.append(old.removesuffix("*"))


def _finding(line: int, sentence: str, *, advice: bool = False) -> Finding:
    return Finding(place=PLACE, line=line, sentence=sentence, advice=advice)
