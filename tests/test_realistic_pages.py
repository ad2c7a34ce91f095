"""Six pages as editors write them: the check names each slip and nothing else, and once mended they are published."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest

from tests.bad_content_cases import photo
from tests.page_checks import check_page
from tests.project_copies import copy_content
from tests.realistic_pages import FILES, FINDINGS, MENDED, PAGES
from website.build.site import build
from website.check.check import check

if TYPE_CHECKING:
    from pathlib import Path

TODAY: Final = date(2026, 11, 28)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the site, and put the six pages with their pictures and their PDF into it."""
    return with_the_six_pages(tmp_path_factory.mktemp("project"))


def with_the_six_pages(folder: Path) -> Path:
    """Copy the site into a folder, with the six pages as they were written."""
    copy = copy_content(folder)
    for name, content in FILES.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    for name, text in PAGES.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    return copy


def size(project: Path) -> int:
    """Return the size of the PDF in kB."""
    return round((project / "docs/downloads/volunteering.pdf").stat().st_size / 1000)


def expected(project: Path) -> list[str]:
    """Return the findings in the order of the report."""
    found = []
    for name in sorted(FINDINGS):
        for begins, sentence in FINDINGS[name]:
            place = name
            if begins:
                text = PAGES[name]
                place += f", line {text[: text.index(begins)].count(chr(10)) + 1}"
            found.append(f"{place}: {sentence.replace('{size}', str(size(project)))}")
    return found


def test_each_slip_is_named_and_nothing_else(project: Path) -> None:
    """The report on the whole site with the six pages is the list of their slips."""
    told = [str(one) for one in check(project, TODAY) if not one.advice]
    assert sorted(told) == sorted(expected(project))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mend each page as the sentences say, and build the site."""
    project = with_the_six_pages(tmp_path_factory.mktemp("mended"))
    for name, text in PAGES.items():
        for slip, mended in MENDED.items():
            text = text.replace(slip, mended.replace("{size}", str(size(project))))  # noqa: PLW2901 - step by step
        (project / name).write_text(text, encoding="utf-8")
    (project / "docs/assets/pictures/front-door.jpg").write_bytes(photo())
    assert [str(one) for one in check(project, TODAY) if not one.advice] == []
    site = tmp_path_factory.mktemp("site")
    build(project, site)
    return site


def test_mended_pages_are_published(published: Path) -> None:
    """Each page is valid HTML with one heading, and nothing in it is shown as it was typed."""
    for name in PAGES:
        html = (published / name.removeprefix("docs/").removesuffix(".md") / "index.html").read_text(encoding="utf-8")
        check_page(html)
        assert html.count("<h1") == 1


def test_news_is_listed_by_date(published: Path) -> None:
    """The page of news and the first page list the newest first, with its day, and so does the feed."""
    titles = ["Restorative Justice Week begins on Monday", "Open day in Ashford"]
    for page in ("news/index.html", "index.html"):
        html = (published / page).read_text(encoding="utf-8")
        assert re.findall(r'<p class="kind">(\d+ \w+ 2026)</p><h\d><a href="[^"]+">([^<]+)', html) == [
            ("20 November 2026", titles[0]),
            ("2 October 2026", titles[1]),
        ]
    feed = ET.parse(published / "news" / "feed.xml").getroot()  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")] == titles
    assert feed.findtext(f"{atom}updated") == "2026-11-20T00:00:00Z"
    addresses = [str(entry.findtext(f"{atom}id")).partition("/news/")[2] for entry in feed.iter(f"{atom}entry")]
    assert addresses == ["restorative-justice-week/", "open-day-in-ashford/"]
    assert 'type="application/atom+xml"' in (published / "news" / "index.html").read_text(encoding="utf-8")


def test_a_page_of_ones_own_has_its_place(published: Path) -> None:
    """A page in docs/pages/ stands in the part of the site that its front matter names, and the site map has it."""
    sitemap = (published / "help" / "site-map" / "index.html").read_text(encoding="utf-8")
    about = sitemap.partition("<h2>About</h2>")[2].partition("</ul>")[0]
    assert ">Volunteer with us</a>" in about
    volunteer = (published / "pages" / "volunteer-with-us" / "index.html").read_text(encoding="utf-8")
    assert 'aria-label="About"' in volunteer


def test_without_news_there_is_no_list(site: Path) -> None:
    """Where nobody has written news, the first page has no list and nothing leads to a feed."""
    assert ("All news" in (site / "index.html").read_text(encoding="utf-8")) is (site / "news/feed.xml").exists()
