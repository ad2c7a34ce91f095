"""Rules for the attributes of the rendered page, which Markdown has many ways to write: no scripts, no hidden addresses."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote

from markdown import markdown  # type: ignore[import-untyped] # it ships no types

from website.check.contact_details import unknown_contact_details
from website.check.links import SCHEMES
from website.check.wording import INLINE_STYLE, SCRIPT
from website.content.build_settings import EXTENSIONS
from website.content.pages import Finding, Page
from website.content.service_config import ServiceConfig, national_number

_ADDRESSES: Final = frozenset("href src srcset action formaction poster data cite ping xlink:href".split())  # noqa: SIM905
_FREE_NUMBERS: Final = frozenset({"999", "112", "101", "111", ""})  # “” is {{phone}}
_OTHER_SITE: Final = re.compile(r"[\x00-\x20]*[\\/]\s*[\\/]")  # with the scheme of the page, as in //example.org


class _Attributes(HTMLParser):
    """Collects every attribute of a page, as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(name, value or "") for name, value in attrs]


def check_rendered(page: Page, config: ServiceConfig) -> Iterator[Finding]:
    """Check each attribute of the rendered page."""
    parser = _Attributes()
    parser.feed(markdown("\n".join(line for _number, line in page.body()), extensions=EXTENSIONS))
    service, others = config.extra["service"], config.extra["other_services"]
    phones = {national_number(str(entry.get("phone") or "")) for entry in (service, *others)} | _FREE_NUMBERS
    known = {"tel": phones, "mailto": {service.get("email"), service.get("public_email"), "{{email}}"}}
    for name, value in dict.fromkeys(parser.found):
        scheme, colon, rest = re.sub(r"[\x00-\x20]", "", unquote(value)).partition(":")
        scheme = scheme.lower() if colon and re.fullmatch(r"[A-Za-z][\w+.-]*", scheme) else ""
        lines = (line for words in (value, name) for line, text in page.body() if words and words in unescape(text))
        line = next(lines, page.body_start + 1)
        target = national_number(rest) if scheme == "tel" else rest.partition("?")[0]
        if name.startswith("on") or name == "style":
            yield page.finding(line, f"the line holds {INLINE_STYLE if name == 'style' else SCRIPT}. Take it out.")
        elif name not in _ADDRESSES or any(unknown_contact_details(value, config)):
            continue
        elif _OTHER_SITE.match(value) or (scheme and scheme not in {*SCHEMES, "http"}):
            yield page.finding(line, f"the link {value} opens nothing that we know. Write https://, tel: or mailto:.")
        elif scheme in known and target not in known[scheme]:
            yield page.finding(
                line, f"the link {value} reaches somebody else. Write {{{{phone}}}} or {{{{email}}}} for us."
            )
