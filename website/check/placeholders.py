"""Rules for what the build fills in: the slot of a form, generated sections, legal details, and placeholders."""

import re
from collections.abc import Iterator
from typing import Final

from referral_function.settings.settings import REQUIRED_LEGAL_DETAILS
from website.content.generated_sections import generated_section
from website.content.pages import FORM_PAGES, Finding, Page
from website.content.schema import FILLED_IN, FORM_TEMPLATE

PRIVACY_PAGE: Final = "docs/policies/privacy.md"
GENERATED_SECTIONS: Final = {
    "docs/professionals/index.md": ("referrers", "criteria"),
    "docs/refer/what-we-ask.md": ("questions",),
}
PLACEHOLDERS: Final = ("area", "email", "name", "phone", "relay_uk", "website")
_GENERATED: Final = re.compile(r"^<!-- from the code: (\w+) -->$", re.MULTILINE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)")
_KNOWN_COMMENT: Final = re.compile(
    r"<!-- (?:languages|/(?:from the code|leaflet)|(?:from the code|service|part|other|help|leaflet): \w+) -->"
)
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w*)\s*\}\}")


def check_placeholders(page: Page) -> Iterator[Finding]:
    """Check that everything that the build fills in stands where it looks for it, and nowhere else."""
    text = "\n".join(page.lines)
    is_form = page.front_matter.get("template") == FORM_TEMPLATE
    if page.path in FORM_PAGES and not is_form:
        yield page.finding(1, f"the form needs the line “template: {FORM_TEMPLATE}”. Put it back.")
    elif is_form and page.path not in FORM_PAGES:
        yield page.finding(page.line_of("template"), "a form can stand on its own page only. Take the line out.")
    for key in REQUIRED_LEGAL_DETAILS if page.path == PRIVACY_PAGE else ():
        if f"<!-- service: {key} -->" not in text:
            sentence = f"the line <!-- service: {key} --> is gone: the law asks for what stands there. Put it back."
            yield page.finding(page.body_start + 1, sentence)
    for name in dict.fromkeys((*GENERATED_SECTIONS.get(page.path, ()), *_GENERATED.findall(text))):
        opening = f"<!-- from the code: {name} -->"
        if f"{opening}\n\n{generated_section(name)}\n<!-- /from the code -->" not in text:
            sentence = (
                f"the part below “{opening}” is written by the program, and was changed. "
                "Undo that; if the rule itself is new, somebody technical runs: make content REFRESH=yes"
            )
            yield page.finding(_line(page, opening), sentence)
    yield from _check_front_matter(page)
    yield from _check_body(page)


def _check_front_matter(page: Page) -> Iterator[Finding]:
    key = ""
    for number, line in enumerate(page.lines[: page.body_start], 1):
        key = line.partition(":")[0] if line[:1].isalpha() else key
        if key in FILLED_IN:
            yield from _unknown_placeholders(page, number, line)
        elif found := _PLACEHOLDER.search(line):
            sentence = f"{found[0]} is filled in only in the words of the page. Take it out up here."
            yield page.finding(number, sentence)


def _check_body(page: Page) -> Iterator[Finding]:
    for number, line in page.body():
        for comment in _COMMENT.findall(line):
            if not _KNOWN_COMMENT.fullmatch(comment):
                sentence = f"everyone can read the note {comment} in the page’s source. Take it out."
                yield page.finding(number, sentence)
        yield from _unknown_placeholders(page, number, line)


def _unknown_placeholders(page: Page, number: int, line: str) -> Iterator[Finding]:
    known = [f"{{{{{name}}}}}" for name in PLACEHOLDERS]
    for found in _PLACEHOLDER.finditer(line):
        if found[0] not in known:
            sentence = f"nothing fills in {found[0]}. Write {', '.join(known[:-1])} or {known[-1]}, without blanks."
            yield page.finding(number, sentence)


def _line(page: Page, text: str) -> int:
    return next((number for number, line in enumerate(page.lines, 1) if text in line), page.body_start + 1)
