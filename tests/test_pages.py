"""The pages that people look for: reached by links, with the data of the service, in plain sentences, and on paper."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from pypdf import PdfReader

from tests.project_copies import PHONE, ROOT, copy_content
from website.build.assets import write_assets
from website.build.leaflet import leaflet_words, make_card, make_leaflet
from website.build.site import build
from website.check.check import check
from website.content.pages import LEAFLET_PAGE, Page, read_page
from website.content.service_config import ServiceConfig

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

NEW: Final = (
    "/help/support/",
    "/help/languages-and-formats/",
    "/harmed/young-people/",
    "/about/the-service/",
    "/help/complaints-and-thanks/",
    "/refer/show-your-worker/",
    "/professionals/talking-about-it/",
)
NEEDS: Final = ("anyone", "child", "sexual", "domestic", "death", "distress")
LONGEST_MEDIAN: Final = 14  # words of a sentence
NAMED: Final = re.compile(r"crim|harm|abus|violen|victim|offend|justice|police|court|prison", re.IGNORECASE)


def main_part(site: Path, address: str) -> Element:
    """Return the main part of a built page."""
    html = (site / address.strip("/") / "index.html").read_text(encoding="utf-8")
    document: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return next(document.iter("main"))


def linked_from(site: Path, start: str, *, without: str = "") -> set[str]:
    """Return the addresses of all pages that links lead to from a page, step by step, past one page if it is named."""
    reached, waiting = {start}, [start]
    while waiting:
        address = waiting.pop()
        html = (site / address.strip("/") / "index.html").read_text(encoding="utf-8")
        links = {
            urlsplit(urljoin(f"https://s.example{address}", link))
            for link in re.findall(r'<a\b[^>]*href="([^"]+)"', html)
        }
        pages = (
            {link.path for link in links if link.netloc == "s.example" and link.path.endswith("/")}
            - reached
            - {without}
        )
        reached |= pages
        waiting += sorted(pages)
    return reached


@pytest.mark.parametrize("address", NEW)
def test_links_lead_to_each_page(site: Path, address: str) -> None:
    """Whoever follows links from the first page comes to each page, without the site map too."""
    assert address in linked_from(site, "/", without="/help/site-map/")


def test_a_page_that_nothing_links_to_is_seen(site: Path) -> None:
    """The control: the page after sending is linked from nowhere."""
    assert (site / "refer" / "sent" / "index.html").is_file()
    assert "/refer/sent/" not in linked_from(site, "/")


def test_support_stands_by_need(site: Path) -> None:
    """Each need has at least one service with a telephone number or a link, and nothing is left to fill in."""
    html = (site / "help" / "support" / "index.html").read_text(encoding="utf-8")
    others = ServiceConfig.read(ROOT).extra["other_services"]
    for need in NEEDS:
        lines = [other for other in others if need in (other.get("helps") or ())]
        assert lines, need
        assert all(other["name"].replace("&", "&amp;") in html for other in lines)
    assert "<!--" not in html.partition("<main")[2].partition("</main>")[0]


def test_each_language_has_its_script_and_direction(site: Path) -> None:
    """Eight languages stand in eight scripts, each marked with its language, and the one from right to left as such."""
    marked = [each for each in main_part(site, "/help/languages-and-formats/").iter("span") if each.get("lang")]
    scripts = {unicodedata.name("".join(each.itertext())[0]).split()[0] for each in marked}
    assert len(marked) == len(scripts) == 8
    assert [each.get("lang") for each in marked if each.get("dir") == "rtl"] == ["ar"]


def test_a_blank_is_not_shown_until_it_is_filled_in(tmp_path: Path, site: Path) -> None:
    """What the service has not said stands on no page; once it has, it stands on the page under its title."""
    project = copy_content(tmp_path)
    words = "".join(page.read_text(encoding="utf-8") for page in (project / "docs").rglob("*.md"))
    details = ServiceConfig.read(ROOT).extra["optional_details"]
    blank = [detail for detail in details if f": {detail['key']} -->" in words]
    assert {detail["key"] for detail in details} - {detail["key"] for detail in blank} == {
        "reply_days"
    }  # not on a page
    path = project / "service.yml"
    text = path.read_text(encoding="utf-8")
    for detail in blank:
        text = re.sub(rf"(?m)^    {detail['key']}: null$", f"    {detail['key']}: Filled in <{detail['key']}>.", text)
    path.write_text(text.replace("    keep_days: null\n", "    keep_days: 9\n"), encoding="utf-8")
    build(project, tmp_path / "built")
    for folder, shown in ((site, False), (tmp_path / "built", True)):
        pages = "".join(page.read_text(encoding="utf-8") for page in folder.rglob("*.html"))
        for detail in blank:
            assert (f"<p>Filled in &lt;{detail['key']}&gt;.</p>" in pages) is shown, detail["key"]
        assert ("<h2>Who runs the service?</h2>" in pages) is shown
        assert ("only the manager of the service can open is kept for 9 days" in pages) is shown


def test_what_waits_for_the_service_is_listed() -> None:
    """`make content` lists each blank, each sentence that the service has to confirm, and each language that a speaker has to."""
    advice = [str(one) for one in check(ROOT, datetime.now(UTC).date()) if one.advice]
    extra = ServiceConfig.read(ROOT).extra
    for detail in extra["optional_details"]:
        if not extra["service"].get(detail["key"]):
            assert any(detail["ask"] in one for one in advice)
    assert sum("still to be confirmed by the service" in one for one in advice) == len(extra["to_confirm"])
    assert sum("confirmed by a speaker" in one for one in advice) == sum(
        not each["confirmed"] for each in extra["languages"]
    )


def sentences(page: Page) -> list[str]:
    """Return the sentences of a page as they are read: without headings, links, data and HTML."""
    lines = [line for _number, line in page.body() if not re.match(r"\s*(?:#|\||<|!|\{)", line)]
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?|[*_]|\{\{\w+\}\}", r"\1", "\n".join(lines))
    return [words for words in re.split(r"(?<=[.!?:])\s+|\n\s*(?:\n|[-\d])", plain) if len(words.split()) > 1]


def test_sentences_are_short() -> None:
    """Half of all sentences have at most fourteen words, and on no page is the half longer."""
    read = [read_page(ROOT, path) for path in sorted((ROOT / "docs").rglob("*.md"))]
    by_page = {page.path: [len(each.split()) for each in sentences(page)] for page in read if isinstance(page, Page)}
    assert {
        path: median(counts) for path, counts in by_page.items() if counts and median(counts) > LONGEST_MEDIAN
    } == {}


def test_drawings_take_the_colours_of_the_page(site: Path) -> None:
    """A drawing of a scene is part of the page, with its name for a screen reader, and no file of its own."""
    page = main_part(site, "/harmed/")
    drawing = next(each for each in page.iter("{http://www.w3.org/2000/svg}svg"))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label")
    assert "scene" in (drawing.get("class") or "")
    assert not list(site.rglob("scenes"))
    assert not [each for each in page.iter("img") if "scenes" in (each.get("src") or "")]


@pytest.mark.parametrize("name", ["leaflet", "card"])
def test_the_printed_words_are_those_of_the_page(name: str) -> None:
    """Leaflet and card are two pages each, with every word of the page, the number and a QR code, in their paper size."""
    config = ServiceConfig.read(ROOT)
    words = leaflet_words((ROOT / LEAFLET_PAGE).read_text(encoding="utf-8"))
    make, size = {"leaflet": (make_leaflet, (297, 210)), "card": (make_card, (148, 105))}[name]
    made = make(words, config.service, config.site_url)
    assert made == make(words, config.service, config.site_url)
    reader = PdfReader(BytesIO(made))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    parts = ("outside", "inside") if name == "leaflet" else ("card",)
    assert [block for part in parts for _kind, block in words[part] if block not in text] == []
    assert PHONE in text
    assert len(reader.pages) == 2
    assert [round(float(edge) / 72 * 25.4) for edge in reader.pages[0].mediabox[2:]] == list(size)
    assert len(reader.pages[1].images) == 1


def test_nothing_on_the_outside_says_what_it_is_about() -> None:
    """The cover of the leaflet and both sides of the card name no crime, no abuse and no court."""
    config = ServiceConfig.read(ROOT)
    words = leaflet_words((ROOT / LEAFLET_PAGE).read_text(encoding="utf-8"))
    leaflet = PdfReader(BytesIO(make_leaflet(words, config.service, config.site_url)))
    card = PdfReader(BytesIO(make_card(words, config.service, config.site_url)))
    outside = " ".join(page.extract_text() for page in (leaflet.pages[0], *card.pages))
    assert NAMED.findall(outside) == []
    assert NAMED.findall(leaflet.pages[1].extract_text())


def test_the_leaflet_follows_its_words(tmp_path: Path) -> None:
    """A word changed on the page is changed in the leaflet that the build writes."""
    project = copy_content(tmp_path)
    page = project / LEAFLET_PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("A conversation, if", "A talk, if"), encoding="utf-8")
    write_assets(project)
    assert "A talk, if" in PdfReader(project / "docs" / "downloads" / "leaflet.pdf").pages[0].extract_text()
