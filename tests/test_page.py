"""A built page as the template of an answer."""

from pathlib import Path

import pytest

from referral_function.web.site_page import CLOSING, OPENING, PageError, SitePage

PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Form &amp; more</title>
<link rel="canonical" href="https://x.example/"><script type="application/ld+json">{{"a": 1}}</script>
</head><body><main id="main">Before {{{{ braces }}}} {OPENING}
old
{CLOSING} after</main></body></html>"""


def page(html: str = PAGE) -> SitePage:
    """Make a page."""
    return SitePage(html, "page.html")


def test_the_slot_is_filled_and_kept() -> None:
    """Filling replaces what is between the two ends and keeps them, so that filling twice changes nothing."""
    once = page().fill_slot("<form>{{ 7*7 }}</form>")
    assert f"{OPENING}\n<form>{{{{ 7*7 }}}}</form>\n{CLOSING}" in once
    assert "old" not in once
    assert page(once).fill_slot("<form>{{ 7*7 }}</form>") == once


def test_what_is_first_stands_at_the_top_of_main() -> None:
    """The summary comes before everything else in the main part; backslashes in it mean nothing."""
    html = page().fill_slot("form", prepend=r"<p>first \1 \g<0></p>", title="Error: A < B")
    assert '<main id="main">\n' + r"<p>first \1 \g<0></p>Before {{ braces }}" in html
    assert "<title>Error: A &lt; B</title>" in html


def test_the_title_can_be_read_and_stays_when_none_is_given() -> None:
    """The title is text; without a new one it stays."""
    assert page().title == "Form & more"
    assert "<title>Form &amp; more</title>" in page().fill_slot("x")


def test_with_main_replaces_the_main_part_and_what_describes_the_page() -> None:
    """The address for search engines and the structured data go, and noindex comes, once."""
    html = page().replace_main(r"<h1>\1</h1>", title="T")
    assert '<main id="main">\n' + r"<h1>\1</h1>" + "\n</main>" in html
    assert "canonical" not in html
    assert "ld+json" not in html
    assert html.count('<meta name="robots" content="noindex">') == 1
    assert page(html + OPENING + CLOSING).replace_main("x", title="T").count("noindex") == 1


@pytest.mark.parametrize(
    "broken",
    [
        PAGE.replace(OPENING, ""),
        PAGE.replace(CLOSING, ""),
        PAGE.replace(OPENING, OPENING * 2),
        PAGE.replace("<main", "<div"),
        PAGE.replace("<title>", "<titel>"),
    ],
)
def test_a_page_without_exactly_one_of_each_is_refused(broken: str) -> None:
    """A slot, a main part or a title that is missing or doubled stops the start with a sentence."""
    with pytest.raises(PageError, match="exactly one"):
        page(broken)


def test_a_page_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    """Without the built site, the sentence names the command that builds it."""
    with pytest.raises(PageError, match="make site"):
        SitePage.read(tmp_path / "index.html")


def test_a_page_without_a_slot_can_be_read_when_none_is_needed(tmp_path: Path) -> None:
    """The not-found page has no slot."""
    path = tmp_path / "404.html"
    path.write_text("<title>T</title><main></main></head>", encoding="utf-8")
    assert "<p>x</p>" in SitePage.read(path, slot=False).replace_main("<p>x</p>", title="T")
