"""Validates every page that a test fetches: HTML, one main heading, title, labels, unique ids."""

import re
from collections import Counter
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib

_CONTROLS = {"input", "textarea", "select"}
_PHONE_LINK = re.compile(r"tel:(?:\+44\d{7,10}|\d{3}|116\d{3})")


class BadPage(AssertionError):
    """A page violates a standard; the text says which."""


def check_page(html: str) -> None:
    """Validate a page. Raises `BadPage`."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        page: Element = parser.parse(html)
    except html5lib.html5parser.ParseError as error:
        raise BadPage(f"not valid HTML: {error}") from error
    problems = [*_head(page), *_headings(page), *_ids(page), *_labels(page)]
    if problems:
        raise BadPage("; ".join(problems))


def _head(page: Element) -> list[str]:
    problems = []
    if page.get("lang") != "en-GB":
        problems.append("no language")
    if len(page.findall("head/title")) != 1 or not page.findtext("head/title"):
        problems.append("not one title")
    if len(list(page.iter("main"))) != 1:
        problems.append("not one main part")
    return problems


def _headings(page: Element) -> list[str]:
    levels = [int(element.tag[1]) for element in page.iter() if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    problems = [] if levels.count(1) == 1 else [f"{levels.count(1)} headings of level 1"]
    # The error summary stands above the first heading of the page, as in the GOV.UK Design System.
    after_first = levels[levels.index(1) :] if 1 in levels else levels
    jumps = [pair for pair in pairwise(after_first) if pair[1] > pair[0] + 1]
    return problems + [f"heading level jumps from {first} to {second}" for first, second in jumps]


def _ids(page: Element) -> list[str]:
    counted = Counter(element.get("id") for element in page.iter() if element.get("id"))
    problems = [f"id {name} {count} times" for name, count in counted.items() if count > 1]
    for element in page.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            problems += [
                f"{attribute} names {name}, which is not there"
                for name in (element.get(attribute) or "").split()
                if name not in counted
            ]
        target = element.get("href") or ""
        if target.startswith("#") and target[1:] not in counted:
            problems.append(f"a link to {target}, which is not there")
        if target.startswith("tel:") and not _PHONE_LINK.fullmatch(target):
            problems.append(f"{target} is not an international number")
    return problems


def _labels(page: Element) -> list[str]:
    labelled = {label.get("for") for label in page.iter("label")}
    wrapped = {id(control) for label in page.iter("label") for control in label.iter() if control.tag in _CONTROLS}
    return [
        f"no label for {control.get('name')}"
        for control in page.iter()
        if control.tag in _CONTROLS
        and control.get("type") not in {"hidden", "submit"}
        and control.get("id") not in labelled
        and id(control) not in wrapped
    ]
