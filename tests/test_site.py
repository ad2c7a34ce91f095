"""The built site: every page whole, every link alive, nothing that the policy forbids."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest

from referral_function.web.site_page import CLOSING, OPENING
from tests.page_checks import check_page
from tests.project_copies import PHONE
from website.build.host_files import caddy, nginx

ROOT: Final = Path(__file__).resolve().parents[1]
FORMS: Final = ("myself", "person-harmed", "person-responsible", "sent")
_INLINE: Final = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|ld\+json))|javascript:|\ssrc=.?https?:"
)


def pages(site: Path) -> dict[str, str]:
    """Return the HTML of each page by its address."""
    return {
        "/" + page.relative_to(site).as_posix().removesuffix("index.html"): page.read_text(encoding="utf-8")
        for page in sorted(site.rglob("*.html"))
    }


def dead_links(site: Path) -> list[str]:
    """Return each internal link whose file or anchor does not exist."""
    every = pages(site)
    ids = {address: set(re.findall(r'\sid="([^"]+)"', html)) for address, html in every.items()}
    dead = []
    for address, html in every.items():
        for link in re.findall(r'\s(?:href|src)="([^"]+)"', html):
            target = urlsplit(urljoin(f"https://site.example{address}", link.replace("&amp;", "&")))
            if target.netloc != "site.example" or target.scheme != "https":
                continue
            file = target.path + "index.html" if target.path.endswith("/") else target.path
            if not (site / file.lstrip("/")).is_file():
                dead.append(f"{address} -> {link}")
            elif target.fragment and target.fragment not in ids.get(target.path, {target.fragment}):
                dead.append(f"{address} -> {link} (no such place)")
    return dead


def test_each_markdown_file_becomes_a_page(site: Path) -> None:
    """The built pages are those of the Markdown files, and the page for what is not found."""
    sources = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    wanted = {"/" + f"{path.as_posix().removesuffix('index').rstrip('/')}/".lstrip("/") for path in sources}
    assert set(pages(site)) == wanted | {"/404.html"}


def test_each_page_is_whole(site: Path) -> None:
    """Each page is valid HTML with one heading of level 1, one main part, labels, and ids used once."""
    for html in pages(site).values():
        check_page(html)


def in_another_language(html: str) -> list[str]:
    """Return each word with a letter that English lacks, unless its language is marked."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for element in list(page.iter()):
        for child in list(element):
            if child.get("lang"):
                after = child.tail
                child.clear()
                child.tail = after
    return [
        word for word in " ".join(page.itertext()).split() if any(letter > "z" and letter.isalpha() for letter in word)
    ]


def test_words_of_another_language_are_marked(site: Path) -> None:
    """No page has a word of another language whose language is not marked, and each page says that it is in English."""
    for address, html in pages(site).items():
        assert '<html lang="en-GB">' in html, address
        assert in_another_language(html) == [], address


def test_words_of_another_language_are_found() -> None:
    """The control: Welsh and Polish words are found, and pass where their language is marked."""
    assert in_another_language("<p>Cymorth yn Gymraeg, tŷ. Zgłoś się</p>") == ["tŷ.", "Zgłoś", "się"]
    assert in_another_language('<p>Help: <span lang="pl">Zgłoś się</span> “here” – it’s free: £0 tŷ</p>') == ["tŷ"]


def test_titles_and_descriptions_are_different(site: Path) -> None:
    """No two pages share a title or a description, and no description is longer than 160 characters."""
    html = list(pages(site).values())
    for pattern in (r"<title>(.*?)</title>", r'<meta name="description" content="([^"]*)"'):
        said = [match[1] for page in html if (match := re.search(pattern, page)) and "noindex" not in page]
        assert len(said) == len(set(said)) == len(html) - 2
        assert pattern.startswith("<title") or max(len(text.replace("&amp;", "&")) for text in said) <= 160


def test_links_lead_somewhere(site: Path) -> None:
    """Every link inside the site leads to a page that is there, and to a place on it that is there."""
    assert dead_links(site) == []


def test_a_dead_link_is_found(site: Path, tmp_path: Path) -> None:
    """The check of the links sees a page that is missing and a place that is missing."""
    (tmp_path / "index.html").write_text('<a href="nowhere/">a</a> <a href="#gone">b</a>', encoding="utf-8")
    assert len(dead_links(tmp_path)) == 2
    assert site.exists()


def test_the_not_found_page_links_from_the_root(site: Path) -> None:
    """The page for what is not found works at any depth: each of its links starts at the root or is a whole address."""
    html = (site / "404.html").read_text(encoding="utf-8")
    links = re.findall(r'\s(?:href|src)="([^"]+)"', html)
    assert [link for link in links if not link.startswith(("/", "#", "tel:", "mailto:", "https:"))] == []


def test_nothing_that_the_policy_forbids(site: Path) -> None:
    """No page has an inline style, an inline script, a handler, or a script or picture from elsewhere."""
    assert {address for address, html in pages(site).items() if _INLINE.search(html)} == set()


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>1</script>",
        '<a onclick="go()">',
        '<img src="https://other.example/a.png">',
        '<a href="javascript:go()">',
    ],
)
def test_what_the_policy_forbids_is_found(bad: str) -> None:
    """The check of what is inline sees each kind of it, and lets the data about a page pass."""
    assert _INLINE.search(bad)
    assert not _INLINE.search('<script type="application/ld+json">{}</script><script src="a.js" defer></script>')


@pytest.mark.parametrize("route", FORMS)
def test_each_form_page_has_one_slot(site: Path, route: str) -> None:
    """Each form page has its slot once, in the main part and in no paragraph, and the three forms are filled."""
    html = (site / "refer" / route / "index.html").read_text(encoding="utf-8")
    assert (html.count(OPENING), html.count(CLOSING)) == (1, 1)
    before, rest = html.split(OPENING)
    assert before.count("<main") == 1
    assert before.count("<p>") + before.count("<p ") == before.count("</p>")
    assert ('<form class="referral"' in rest.split(CLOSING)[0]) is (route != "sent")


def test_what_is_said_about_the_service_is_there(site: Path) -> None:
    """The data about each page can be read, names the phone, and the first page is a government service."""
    kinds = set()
    for html in pages(site).values():
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
            said = json.loads(data)
            assert PHONE[1:] in data
            kinds |= {said.get("@type"), *(part["@type"] for part in said.get("@graph", []))}
    assert {"GovernmentService", "BreadcrumbList", "Organization"} <= kinds


def test_the_site_map_names_what_may_be_found(site: Path) -> None:
    """The list for search engines has every page but the one after sending and the one for what is not found."""
    listed = re.findall(r"<loc>https?://[^/]+(/.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert set(listed) == set(pages(site)) - {"/refer/sent/", "/404.html"}
    assert "noindex" in pages(site)["/refer/sent/"]


def test_an_old_address_with_a_star_hides_no_page() -> None:
    """Servers lead from an old address with a star only where there is no page: news stands where it stood before."""
    redirects = {"/news/*": "/news/"}
    assert "not file {path} {path}/index.html" in caddy(redirects)
    headers = {"/*": {"Content-Security-Policy": "default-src 'none'"}}
    assert "if (!-e $request_filename) { return 301 /news/; }" in nginx(headers, redirects)
