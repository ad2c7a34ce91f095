"""Built pages of the site, with one slot each: the frame of every page that the function answers with."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any, Self

from referral_function.asking.questions import Route

OPENING, CLOSING = "<!-- referral-form -->", "<!-- /referral-form -->"
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_MAIN = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
_HEADING = re.compile(r"(<h1\b[^>]*>).*?(</h1>)", re.DOTALL)
_MAIN_START = re.compile(r"<main\b[^>]*>")
_SEARCH_METADATA = re.compile(
    r'<link rel="?canonical"?[^>]*>\s*|<meta name="?robots"?[^>]*>\s*'
    r'|<script type="?application/ld\+json"?>.*?</script>\s*',
    re.DOTALL,
)


class PageError(Exception):
    """A file of the built site that cannot be used, with the reason in one sentence."""


class SitePage:
    """One built page; not a Jinja template, so that braces in its prose mean nothing."""

    def __init__(self, html: str, name: str, *, slot: bool = True) -> None:
        for what, tag in {"title": "title", "main part": "main"}.items():
            if (html.count(f"<{tag}"), html.count(f"</{tag}>")) != (1, 1):
                raise PageError(f"{name} must have exactly one {what}.")
        if slot and (html.count(OPENING), html.count(CLOSING)) != (1, 1):
            raise PageError(f"{name} must have exactly one slot: {OPENING} and {CLOSING}.")
        self.html = html

    @classmethod
    def read(cls, path: Path, *, slot: bool = True) -> "SitePage":
        """Read a page of the built site. Raises `PageError`."""
        try:
            return cls(path.read_text(encoding="utf-8"), str(path), slot=slot)
        except OSError as error:
            raise PageError(f"{path} cannot be read. Build the site first: make site.") from error

    @property
    def title(self) -> str:
        """The text of `<title>`."""
        return unescape(_TITLE.search(self.html)[1])  # type: ignore[index] # the constructor counted it

    def fill_slot(self, html: str, *, title: str | None = None, prepend: str = "", heading: str = "") -> str:
        """Replace what is between the two comments of the slot, and insert `prepend` at the start of `<main>`.

        `heading` replaces the text of the main heading.
        """
        before, rest = self.html.split(OPENING)
        after = rest.split(CLOSING)[1]
        page = f"{before}{OPENING}\n{html}\n{CLOSING}{after}"
        if prepend:
            page = _MAIN_START.sub(lambda main: f"{main[0]}\n{prepend}", page, count=1)
        if heading:
            page = _HEADING.sub(lambda found: f"{found[1]}{escape(heading, quote=False)}{found[2]}", page, count=1)
        return page if title is None else _with_title(page, title)

    def replace_main(self, html: str, *, title: str) -> str:
        """Replace `<main>`; drop canonical link and structured data, add noindex."""
        page = _MAIN.sub(lambda main: f"{main[1]}\n{html}\n{main[2]}", self.html)
        page = _SEARCH_METADATA.sub("", page)
        return _with_title(page, title).replace("</head>", '<meta name="robots" content="noindex">\n</head>', 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePages:
    """The built pages of the site that the function fills in."""

    forms: Mapping[Route, SitePage]
    sent: SitePage
    not_found: SitePage

    @classmethod
    def read(cls, site: Path) -> Self:
        """Read them from the built site. Raises `PageError`."""
        return cls(
            forms={route: SitePage.read(site / "refer" / route.slug / "index.html") for route in Route},
            sent=SitePage.read(site / "refer" / "sent" / "index.html"),
            not_found=SitePage.read(site / "404.html", slot=False),
        )


def read_service_data(site: Path) -> Mapping[str, Any]:
    """Read `service.json` of the built site. Raises `PageError`."""
    try:
        found = json.loads((site / "service.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PageError(f"{site / 'service.json'} cannot be read. Build the site first: make site.") from error
    return dict(found)


def _with_title(page: str, title: str) -> str:
    return _TITLE.sub(lambda _old: f"<title>{escape(title, quote=False)}</title>", page)
