"""Rules for the service's data: numbers, other services, legal details, and the navigation."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from referral_function.asking.area import AREA
from referral_function.deciding.criterion import Signpost
from referral_function.deciding.decision import CRITERIA
from website.check.contact_details import unknown_contact_details
from website.content.pages import CASE_STUDIES, Finding, Page
from website.content.rendering import RenderedSite
from website.content.service_config import SERVICE_FILE, SITE_FILE, ServiceConfig, national_number

SENT_PAGE: Final = "docs/refer/sent.md"
REQUIRED_HEADINGS: Final = {"docs/questions.md": "who-will-know"}
"""Anchors to which the home page and the footer link."""
RECHECK_INTERVAL: Final = timedelta(days=183)
_REQUIRED_SERVICES: Final = {"support_line"} | {
    other
    for criterion in CRITERIA
    for outcome in criterion.outcomes
    if isinstance(outcome, Signpost)
    for other in outcome.other_services
}
"""The services to which criteria send people."""
_NOT_OURS: Final = ("phone", "email", "public_email", "controller", "controller_contact", "complaints_route")
"""Keys of the service that may hold the number or address of others."""
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"0[\d ]{8,13}\d")
_SHORT_PHONE: Final = re.compile(r"1\d{2}(?: ?\d{3})?|0800 ?\d{4}")  # such as 116 123 and 0800 1111
_COSTLY: Final = re.compile(r"0(?:9|8[47]|7[06])|118")  # to the caller; 070 and 076 only look like a mobile phone
_TOO_COSTLY: Final = (
    "a call to “{}” costs more than one to a landline. Write one with 01, 02, 03, 07, 0800 or 0808 in front."
)
_WEB_ADDRESS: Final = re.compile(r"https://[\w-]+(?:\.[\w-]+)+(?:/[\w./~%?=&#+-]*)?", re.ASCII)
_EMAIL_DOMAINS: Final = ("restorativesolutions.org.uk", "restorativesolutions.org.uk.cjsm.net")


def check_service_details(config: ServiceConfig, site: RenderedSite, today: date) -> Iterator[Finding]:
    """Check the service's data against the pages and the criteria."""
    yield from _check_service(config)
    others = config.extra["other_services"]
    for number, other in enumerate(others):
        yield from _check_other_service(config, number, other, today)
    for missing in sorted(_REQUIRED_SERVICES - {other["id"] for other in others}):
        sentence = f"the form sends people to “{missing}”, which is gone. Put it back, with its code."
        yield _finding(config.line_of("other_services"), sentence)
    for page in config.pages:
        if f"docs/{page}" not in site.files:
            optional = f"docs/{page}".startswith(CASE_STUDIES) and not page.endswith("index.md")
            mend = "The site is built without it." if optional else "Other pages need it: put it back."
            sentence = f"the list of pages names {page}, which is gone. {mend}"
            yield Finding(path=SITE_FILE, line=config.line_of_page(page), sentence=sentence, advice=optional)
    if SENT_PAGE not in site.files:
        yield Finding(path=SENT_PAGE, line=0, sentence="the form ends on this page, which is gone. Put it back.")
    for path, anchor in REQUIRED_HEADINGS.items():
        if path in site.pages and anchor not in site.pages[path].anchors:
            heading = anchor.replace("-", " ").capitalize()
            sentence = f"every page leads to the heading “{heading}” of this page, which is gone. Put it back."
            yield Finding(path=path, line=1, sentence=sentence)
    yield from _check_awaited(config)


def _check_awaited(config: ServiceConfig) -> Iterator[Finding]:
    """List what the service, or a speaker of a language, still has to say or to confirm."""
    for detail in (*config.extra["required_details"], *config.extra["optional_details"]):
        if not config.extra["service"].get(detail["key"]):
            sentence = f"still to be filled in by the service: {detail['ask']}."
            yield _finding(config.line_of("service", detail["key"]), sentence, advice=True)
    for number, claim in enumerate(config.extra["to_confirm"]):
        sentence = f"still to be confirmed by the service: {claim}. Then take this line out."
        yield _finding(config.line_of("to_confirm", number), sentence, advice=True)
    for number, language in enumerate(config.extra["languages"]):
        if not language["confirmed"]:
            sentence = (
                f"the sentence in {language['english']} is to be confirmed by a speaker. Then write “confirmed: true”."
            )
            yield _finding(config.line_of("languages", number), sentence, advice=True)


def _check_service(config: ServiceConfig) -> Iterator[Finding]:  # noqa: C901 - one rule for each value
    service = config.extra["service"]
    if not _PHONE.fullmatch(service["phone"]):
        sentence = f"“{service['phone']}” is not a telephone number. Write it with its 0, such as “0808 157 0000”."
        yield _finding(config.line_of("service", "phone"), sentence)
    if _COSTLY.match(service["phone"].replace(" ", "")):
        yield _finding(config.line_of("service", "phone"), _TOO_COSTLY.format(service["phone"]))
    if (leave := config.extra.get("exit_to")) is None or not _WEB_ADDRESS.fullmatch(str(leave)):
        sentence = f"“{leave}” is not where “Exit this page” can lead. Write a website with https:// in front."
        yield _finding(config.line_of("exit_to"), sentence)
    if service["area"] != AREA:
        sentence = f"“area” is not that of the criteria, “{AREA}”. Put it back, or ask somebody technical."
        yield _finding(config.line_of("service", "area"), sentence)
    for key, value in service.items():
        if key not in _NOT_OURS and isinstance(value, str):
            for sentence in unknown_contact_details(value, config):
                yield _finding(config.line_of("service", key), sentence)
    for key in ("email", "public_email"):
        if (value := service.get(key)) and not _EMAIL.fullmatch(str(value)):
            yield _finding(config.line_of("service", key), f"“{value}” is not an email address. Look at it again.")
        elif value and str(value).partition("@")[2].lower() not in _EMAIL_DOMAINS:
            sentence = f"“{value}” does not end with @{_EMAIL_DOMAINS[0]}, as the service’s addresses do. Put it back, or ask somebody technical."
            yield _finding(config.line_of("service", key), sentence)


def _check_other_service(config: ServiceConfig, number: int, other: dict[str, Any], today: date) -> Iterator[Finding]:
    def finding(key: str, sentence: str, *, advice: bool = False) -> Finding:
        return _finding(config.line_of("other_services", number, key), sentence, advice=advice)

    name = other["name"]
    for key in ("name", "who"):
        for sentence in unknown_contact_details(str(other[key]), config):
            yield finding(key, sentence)
    phone = str(other.get("phone") or "")
    if phone and not (_PHONE.fullmatch(national_number(phone)) or _SHORT_PHONE.fullmatch(phone)):
        yield finding("phone", f"“{phone}” is not a telephone number. Write it with its 0, and digits only.")
    elif _COSTLY.match(national_number(phone)):
        yield finding("phone", _TOO_COSTLY.format(phone))
    if (url := other.get("url")) and not _WEB_ADDRESS.fullmatch(str(url)):
        yield finding("url", f"“{url}” is not an address that we link to. Write it with https:// in front.")
    for sentence, is_advice in _check_day(other.get("checked_on"), name, today):
        yield finding("checked_on", sentence, advice=is_advice)


def _check_day(checked_on: object, name: str, today: date) -> Iterator[tuple[str, bool]]:
    """Yield a sentence, and whether it is advice, if a service was not checked in the last six months."""
    try:
        checked = date.fromisoformat(str(checked_on)) if checked_on else None
    except ValueError:
        yield f"the day on which {name} was checked cannot be read. Write it such as “2026-11-23”.", False
        return
    if checked is None:
        yield f"{name} has not been checked yet. Ring or look it up, then write today’s date.", True
    elif checked > today:
        yield f"{checked} has not come yet. Write the day on which {name} was checked.", False
    elif today - checked > RECHECK_INTERVAL:
        yield f"nobody has checked {name} since {checked}. Ring or look it up, then write today’s date.", True


def check_unlisted_services(config: ServiceConfig, text: str) -> Iterator[Finding]:
    """Report other services whose name, without its first word (often the area), stands on no page; support lines are listed from the data."""
    for number, other in enumerate(config.extra["other_services"]):
        if (
            not other.get("helps")
            and other["name"].partition(" ")[2] not in text
            and f"<!-- other: {other['id']} -->" not in text
        ):
            sentence = f"no page names {other['name']}. Write it on docs/about/which-cases.md, or correct it there."
            yield _finding(config.line_of("other_services", number, "name"), sentence, advice=True)


def check_reachable(page: Page, config: ServiceConfig) -> Iterator[Finding]:
    """Check that the site links to a page: it is in the navigation, or a case study, which is added to it."""
    listed = page.path.removeprefix("docs/") in config.pages or page.path == SENT_PAGE
    if not listed and not (page.is_case_study or page.is_news or page.is_own_page):
        sentence = (
            "nothing leads to this page: the list of pages in mkdocs.yml does not name it. "
            "Put it into docs/pages/ and choose its “section”, or ask somebody technical."
        )
        yield page.finding(1, sentence)


def _finding(line: int, sentence: str, *, advice: bool = False) -> Finding:
    return Finding(path=SERVICE_FILE, line=line, sentence=sentence, advice=advice)
