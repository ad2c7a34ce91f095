"""A built page of the site with one slot, which is the template of every page the function answers with."""

import re
from html import escape, unescape
from pathlib import Path

OPENING, CLOSING = "<!-- referral-form -->", "<!-- /referral-form -->"
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_MAIN = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
_MAIN_BEGINS = re.compile(r"<main\b[^>]*>")
_ABOUT_THE_PAGE = re.compile(
    r'<link rel="?canonical"?[^>]*>\s*|<meta name="?robots"?[^>]*>\s*'
    r'|<script type="?application/ld\+json"?>.*?</script>\s*',
    re.DOTALL,
)


class PageError(Exception):
    """A page of the built site that cannot be used, with the reason in one sentence."""


class SitePage:
    """One built page; braces in its prose mean nothing, because it is never run as a template."""

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
        """Give the title of the page as text."""
        return unescape(_TITLE.search(self.html)[1])  # type: ignore[index] # the constructor counted it

    def fill_slot(self, html: str, *, title: str | None = None, first: str = "") -> str:
        """Put the form into the slot, keeping its two ends, and what should be read first at the top of the main part."""
        before, rest = self.html.split(OPENING)
        after = rest.split(CLOSING)[1]
        page = f"{before}{OPENING}\n{html}\n{CLOSING}{after}"
        if first:
            page = _MAIN_BEGINS.sub(lambda main: f"{main[0]}\n{first}", page, count=1)
        return page if title is None else _titled(page, title)

    def replace_main(self, html: str, *, title: str) -> str:
        """Replace all of the main part; such a page is nobody's entry from a search, so what describes it goes."""
        page = _MAIN.sub(lambda main: f"{main[1]}\n{html}\n{main[2]}", self.html)
        page = _ABOUT_THE_PAGE.sub("", page)
        return _titled(page, title).replace("</head>", '<meta name="robots" content="noindex">\n</head>', 1)


def _titled(page: str, title: str) -> str:
    return _TITLE.sub(lambda _old: f"<title>{escape(title, quote=False)}</title>", page)
