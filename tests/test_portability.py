"""The site can move to Zensical, the successor of Material for MkDocs: both generators make the same pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import html5lib
import pytest

from referral_function.web.publishing import publish
from website.build.assets import write_assets
from website.build.site import post_process, render_pages
from website.content.navigation import complete_navigation

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROOT: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Page:
    """What has to be the same on a page, whichever generator made it."""

    title: str
    description: str
    canonical: str
    main: str
    links: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Page:
        """Read a built page; white space and the spelling of a relative address do not count."""
        document: Element = html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        described = document.find("head/meta[@name='description']")
        canonical = document.find("head/link[@rel='canonical']")
        main = next(document.iter("main"))
        return cls(
            title=document.findtext("head/title") or "",
            description="" if described is None else described.get("content", ""),
            canonical="" if canonical is None else canonical.get("href", ""),
            main=" ".join("".join(main.itertext()).split()),
            links=tuple(re.sub(r"^(\./)+(?=.)", "", link.get("href", "")) for link in main.iter("a")),
        )


def read(site: Path) -> dict[str, Page]:
    """Read every page of a built site."""
    return {path.relative_to(site).as_posix(): Page.read(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what both generators read: Zensical builds inside its project alone."""
    copy = tmp_path_factory.mktemp("project")
    write_assets(ROOT)
    (copy / "mkdocs.yml").write_text(complete_navigation(ROOT), encoding="utf-8")
    shutil.copy(ROOT / "service.yml", copy)
    for folder in ("docs", "site_overrides"):
        shutil.copytree(ROOT / folder, copy / folder)
    return copy


@pytest.fixture(scope="module")
def by_zensical(project: Path) -> Path:
    """Build with Zensical."""
    subprocess.run([sys.executable, "-m", "zensical", "build", "--clean"], cwd=project, check=True, capture_output=True)
    return project / "site"


@pytest.fixture(scope="module")
def by_mkdocs(project: Path) -> Path:
    """Build with MkDocs."""
    render_pages(project, project / "by-mkdocs")
    return project / "by-mkdocs"


def test_both_generators_make_the_same_pages(by_mkdocs: Path, by_zensical: Path) -> None:
    """MkDocs and Zensical make the same pages, with the same titles, descriptions, addresses, text and links."""
    ours, theirs = read(by_mkdocs), read(by_zensical)
    assert set(ours) == set(theirs)
    assert {name: page for name, page in ours.items() if page != theirs[name]} == {}


def test_a_difference_is_seen(by_mkdocs: Path, tmp_path: Path) -> None:
    """The comparison sees a word that is missing, and a page without its description."""
    page = (by_mkdocs / "contact" / "index.html").read_text(encoding="utf-8")
    for change in (("Call", "Ring"), ('name="description"', 'name="other"')):
        (tmp_path / "page.html").write_text(page.replace(*change), encoding="utf-8")
        assert Page.read(tmp_path / "page.html") != Page.read(by_mkdocs / "contact" / "index.html")


def test_what_zensical_drops_in_silence_is_seen(
    project: Path, by_zensical: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with a hook, which MkDocs runs and Zensical does not know, the pages of the two differ."""
    hooked = tmp_path / "hooked"
    shutil.copytree(project, hooked, ignore=shutil.ignore_patterns("site", "by-mkdocs"))
    (hooked / "hook.py").write_text(
        "def on_page_markdown(markdown, **_):\n    return markdown + 'By a hook.'\n", encoding="utf-8"
    )
    settings = (hooked / "mkdocs.yml").read_text(encoding="utf-8")
    (hooked / "mkdocs.yml").write_text(settings + "\nhooks: [hook.py]\n", encoding="utf-8")
    monkeypatch.setattr("website.build.site.check_build_settings", lambda _: ())
    render_pages(hooked, hooked / "by-mkdocs")
    theirs = read(by_zensical)
    assert [name for name, page in read(hooked / "by-mkdocs").items() if page == theirs[name]] == ["404.html"]


def test_the_rest_of_the_work_fits_either(project: Path, by_zensical: Path, tmp_path: Path) -> None:
    """Slots, service details, site map, search and compressed files can be made from Zensical's pages too."""
    site = tmp_path / "site"
    shutil.copytree(by_zensical, site)
    post_process(project, site)
    publish(site)
    assert '<form class="referral' in (site / "refer" / "myself" / "index.html").read_text(encoding="utf-8")
    for name in ("service.json", "sitemap.xml", "search/pagefind/pagefind.js", "index.html.br", "headers.json"):
        assert (site / name).is_file()
