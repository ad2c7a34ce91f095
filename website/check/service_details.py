"""Rules for what mkdocs.yml says about the service: numbers, who helps elsewhere, old addresses, the list of pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from referral_function.deciding.criteria import CRITERIA
from referral_function.deciding.criterion import Signpost
from website.check.contact_details import plain, strangers
from website.content.pages import STORIES, Finding
from website.content.service_config import PLACE, About

if TYPE_CHECKING:
    from collections.abc import Iterator

    from website.check.links import Places
    from website.content.pages import Page

SENT: Final = "docs/refer/sent.md"
NEEDED_HEADINGS: Final = {"docs/questions.md": "who-will-know"}
"""What the first page and the foot of every page lead to."""
REDIRECTS: Final = [
    outcome.effect for each in CRITERIA for outcome in each.outcomes if isinstance(outcome.effect, Signpost)
]
_STORY: Final = re.compile(rf"{STORIES}[a-z0-9-]+\.md")
CHECKED_EVERY: Final = timedelta(days=183)
KEPT: Final = ("/professionals", "/about", "/case-study/*", "/faq/*", "/news/*")
"""Addresses that other websites still link to."""
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"0[\d ]{8,13}\d")
_SHORT: Final = re.compile(r"1\d{2}(?: ?\d{3})?")  # such as 116 123
_OLD: Final = re.compile(r"(?:/[\w.~-]+)+(?:/\*?)?", re.ASCII)
_OURS: Final = ("/admin/", "/assets/", "/downloads/", "/referral/", "/.well-known/")
_NAMES_OTHERS: Final = ("phone", "email", "public_email", "controller", "controller_contact", "complaints_route")
"""What of the service may be a number or an address that is not the form's."""
_NEEDED_IDS: Final = {"support_line", *(each for one in REDIRECTS for each in one.other_services)}


def look_at_details(about: About, places: Places, today: date) -> Iterator[Finding]:
    """Look at everything about the service; `places` are the files below docs/ and the headings of the pages."""
    yield from _service(about)
    for number, one in enumerate(about.extra["elsewhere"]):
        yield from _elsewhere(about, number, one, today)
    yield from _old_addresses(about, places)
    for gone in sorted(_NEEDED_IDS - {one["id"] for one in about.extra["elsewhere"]}):
        sentence = f"the form sends people to “{gone}”, which is gone. Put it back, with its code."
        yield _finding(about.line("extra", "elsewhere"), sentence)
    for page in about.pages:
        if f"docs/{page}" not in places.files:
            story = f"docs/{page}".startswith(STORIES) and not page.endswith("index.md")
            mend = "The site is built without it." if story else "Other pages need it: put it back."
            sentence = f"the list of pages names {page}, which is gone. {mend}"
            yield _finding(about.line_of_page(page), sentence, advice=story)
    if SENT not in places.files:
        yield Finding(place=SENT, line=0, sentence="the form ends on this page, which is gone. Put it back.")
    for place, heading in NEEDED_HEADINGS.items():
        if heading not in places.headings.get(place, {heading}):
            words = heading.replace("-", " ").capitalize()
            sentence = f"every page leads to the heading “{words}” of this page, which is gone. Put it back."
            yield Finding(place=place, line=1, sentence=sentence)
    for blank in about.extra["blanks"]:
        if not about.extra["service"].get(blank["key"]):
            sentence = f"still to be filled in by the service: {blank['ask']}."
            yield _finding(about.line("extra", "service", blank["key"]), sentence, advice=True)


def _service(about: About) -> Iterator[Finding]:
    service = about.extra["service"]
    if not _PHONE.fullmatch(service["phone"]):
        line, said = about.line("extra", "service", "phone"), service["phone"]
        yield _finding(line, f"“{said}” is not a telephone number. Write it with its 0, such as “0800 783 1583”.")
    for key, said in service.items():
        if key not in _NAMES_OTHERS and isinstance(said, str):
            for sentence in strangers(said, about):
                yield _finding(about.line("extra", "service", key), sentence)
    for key in ("email", "public_email"):
        if (said := service.get(key)) and not _EMAIL.fullmatch(str(said)):
            yield _finding(about.line("extra", "service", key), f"“{said}” is not an email address. Look at it again.")


def _elsewhere(about: About, number: int, one: dict[str, object], today: date) -> Iterator[Finding]:
    def at(key: str, sentence: str, *, advice: bool = False) -> Finding:
        return _finding(about.line("extra", "elsewhere", number, key), sentence, advice=advice)

    name = one["name"]
    for key in ("name", "who"):
        for sentence in strangers(str(one[key]), about):
            yield at(key, sentence)
    if (phone := one.get("phone")) and not (_PHONE.fullmatch(plain(str(phone))) or _SHORT.fullmatch(str(phone))):
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


def look_for_a_way_in(page: Page, about: About) -> Iterator[Finding]:
    """See that a new page is one that the site finds a place for: a case study, with a plain name."""
    name = page.place.removeprefix("docs/")
    listed = name in about.pages or page.place == SENT
    if not listed and not (page.is_story and _STORY.fullmatch(page.place)):
        sentence = (
            "nothing leads to this page: the list of pages in mkdocs.yml does not name it. Ask somebody technical."
        )
        yield page.finding(1, sentence)


def _old_addresses(about: About, places: Places) -> Iterator[Finding]:
    addresses = [
        re.sub(r"(?:index)?\.md$", "/", place.removeprefix("docs")).replace("//", "/") for place in places.files
    ]
    for old in KEPT:
        if old not in about.extra["redirects"]:
            sentence = f"the old address {old} has to keep working. Put it back, and choose a page for it."
            yield _finding(about.line("extra", "redirects"), sentence)
    hidden_by: list[str] = []
    for old, new in about.extra["redirects"].items():
        line = about.line("extra", "redirects", old)
        page = f"docs{new}".rstrip("/")
        if not {f"{page}.md", f"{page}/index.md"} & places.files:
            sentence = f"the old address {old} leads to {new}, which is not there. Choose another page for it."
            yield _finding(line, sentence)
        if not _OLD.fullmatch(old):
            sentence = (
                f"“{old}” is not an old address. Begin it with / and write letters, digits, - and / alone; "
                "a star may stand after its last /."
            )
            yield _finding(line, sentence)
        elif hidden := next((one for one in (*_OURS, *sorted(addresses)) if _hides(old, one)), None):
            sentence = f"the old address {old} would hide {hidden}, which is there. Take the line out."
            yield _finding(line, sentence)
        if star := next((star for star in hidden_by if old.startswith(star)), None):
            yield _finding(line, f"{star}* above it wins. Put {old} above that line.")
        if old.endswith("*"):
            hidden_by.append(old.removesuffix("*"))


def _hides(old: str, address: str) -> bool:
    return address.startswith(old.removesuffix("*")) if old.endswith("*") else address == old


def _finding(line: int, sentence: str, *, advice: bool = False) -> Finding:
    return Finding(place=PLACE, line=line, sentence=sentence, advice=advice)
