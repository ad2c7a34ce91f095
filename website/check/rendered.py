"""Rules for the attributes of the rendered page, which Markdown has many ways to write: no scripts, no hidden addresses."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote

from website.check.contact_details import partners_contacts, unknown_contact_details
from website.check.links import WEBSITE
from website.check.wording import INLINE_STYLE, SCRIPT
from website.content.pages import Finding, Page
from website.content.rendering import RenderedPage, RenderedSite
from website.content.service_config import ServiceConfig, national_number

_SCHEMES: Final = frozenset({"https", "tel", "mailto"})
_ADDRESSES: Final = frozenset("href srcset action formaction poster data cite ping xlink:href".split())  # noqa: SIM905
_FREE_NUMBERS: Final = frozenset({"999", "112", "101", "111", ""})  # “” is {{phone}}
_EMPTY_WORDS: Final = re.compile(
    r"(?:(?:click|read|learn|find out|see|go)?\s*(?:more|here)|(?:this|the)?\s*(?:page|link|website|site)"
    r"|this|it|download|details|info|pdf)",
    re.IGNORECASE,
)
_OTHER_SITE: Final = re.compile(r"[\x00-\x20]*[\\/]\s*[\\/]")  # with the scheme of the page, as in //example.org


def check_rendered(page: Page, site: RenderedSite, config: ServiceConfig) -> Iterator[Finding]:
    """Check each attribute of the rendered page, and the words of each link."""
    rendered, others = site.pages[page.path], partners_contacts(page, config)
    for name, value in dict.fromkeys(rendered.attributes):
        aligned = value.startswith("text-align:") and "style" not in "".join(
            page.lines
        )  # which check_raw_markdown names
        lines = (line for words in (value, name) for line, text in page.body() if words and words in unescape(text))
        line = next(lines, page.body_start + 1)
        if name.startswith("on") or (name == "style" and not aligned):
            yield page.finding(line, f"the line holds {INLINE_STYLE if name == 'style' else SCRIPT}. Take it out.")
        elif name in _ADDRESSES and not any(unknown_contact_details(value, config, others)):
            for sentence in _address(value, rendered, config, others):
                yield page.finding(line, sentence)
    yield from _link_words(page, rendered)


def _address(value: str, rendered: RenderedPage, config: ServiceConfig, others: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with an address, as a browser would read it."""
    service, listed = config.extra["service"], config.extra["other_services"]
    phones = {national_number(str(entry.get("phone") or "")) for entry in (service, *listed)} | _FREE_NUMBERS
    known = {
        "tel": phones | others,
        "mailto": {service.get("email"), service.get("public_email"), "{{email}}", *others},
    }
    scheme, colon, rest = re.sub(r"[\x00-\x20]", "", unquote(value)).partition(":")
    scheme = scheme.lower() if colon and re.fullmatch(r"[A-Za-z][\w+.-]*", scheme) else ""
    target = national_number(rest) if scheme == "tel" else rest.partition("?")[0]
    if _OTHER_SITE.match(value) or (scheme and scheme not in {*_SCHEMES, "http"}):
        yield f"the link {value} opens nothing that we know. Write https://, tel: or mailto:."
    elif scheme == "http":
        yield f"{value} is not encrypted. Write https:// and see that it opens."
    elif scheme in known and target not in known[scheme]:
        yield f"the link {value} reaches somebody else. Write {{{{phone}}}} or {{{{email}}}} for us."
    elif value.startswith("www.") or (not scheme and WEBSITE.fullmatch(value)):
        yield f"the link {value} needs https:// in front."
    elif not value:
        yield "a link leads nowhere. Write the address between the ( )."
    elif not scheme and ".md" in value and not any(f"'{value}'" in each for each in rendered.warnings):
        yield f"the link {value} is HTML, which leads to no page. Write [words]({value})."


def _link_words(page: Page, rendered: RenderedPage) -> Iterator[Finding]:
    """Name links whose words do not say where they lead (WCAG 2.2, 2.4.9)."""
    for address, words in dict.fromkeys(rendered.links):
        text = " ".join(words.split()).strip(" .,:;…›»→>")
        line = page.line_with(f"[{words.strip()}") or page.line_with(words.strip()) or page.body_start + 1
        if _EMPTY_WORDS.fullmatch(text) and text.lower() != "click here":  # which check_wording names
            yield page.finding(
                line, f"the link “{text}” does not say where it leads. Write words that do, such as “how to refer”."
            )
        elif WEBSITE.fullmatch(text) and not address.startswith("http:"):
            sentence = f"the link “{text}” is an address, which screen readers spell out. Write words, such as the name of the website."
            yield page.finding(line, sentence)
