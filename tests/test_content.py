"""What the pages say: front matter that can be read, facts that agree, texts from the code that are fresh."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types

from building.definitions import refresh
from building.details import Details
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.deciding.criteria import CRITERIA
from tests.browser.pages import DOCS, address

if TYPE_CHECKING:
    from pathlib import Path

ROOT: Final = DOCS.parent
MARKDOWN: Final = sorted(DOCS.rglob("*.md"))
STORIES: Final = [path for path in MARKDOWN if path.parent.name == "case-studies" and path.stem != "index"]
WILSON: Final = (
    "The facilitators have been wonderful. I feel stronger than I did. I would really recommend Restorative Justice."
)
_PHONE: Final = re.compile(r"\b0800[\d ]{6,}\d")
_INBOX: Final = re.compile(r"[\w.]+@[\w.]+\w")
_BANNED: Final = re.compile(r"perpetrator|click here|\buser\b|\bsubmission\b|85 ?%|14 ?%|satisfaction", re.IGNORECASE)


def front_matter(text: str) -> dict[str, Any]:
    """Read what stands between the first two lines of dashes."""
    _nothing, meta, _body = text.split("---\n", 2)
    said = yaml.safe_load(meta)
    assert isinstance(said, dict)
    return said


def wrong_facts(text: str, service: dict[str, Any]) -> list[str]:
    """Give each phone number and address that is not the service's own."""
    found = [number for number in _PHONE.findall(text) if number != service["phone"]]
    return found + [inbox for inbox in _INBOX.findall(text) if inbox not in {service["email"], service["public_email"]}]


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_front_matter_can_be_read(page: Path) -> None:
    """Each page has a title, a description of at most 160 characters, and the day on which it was last reviewed."""
    said = front_matter(page.read_text(encoding="utf-8"))
    assert said["title"]
    assert 20 < len(said["description"]) <= 160
    assert isinstance(said["last_reviewed"], date)


def test_front_matter_that_cannot_be_read_is_found() -> None:
    """A description with a colon and no quotes, which MkDocs would show as text, is found."""
    with pytest.raises(yaml.YAMLError):
        front_matter("---\ntitle: A\ndescription: True stories: a meeting\n---\n\n# A\n")


@pytest.mark.parametrize("page", STORIES, ids=lambda path: path.stem)
def test_stories_say_what_they_must(page: Path) -> None:
    """Each case study says what it is about, what to know before reading, where it is from, and whether it may be shown."""
    said = front_matter(page.read_text(encoding="utf-8"))
    extra = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("!ENV", ""))["extra"]
    assert len(said["summary"]) <= 160
    assert said["content_note"].endswith(".")
    assert said["source"]
    assert said["offence"] in extra["offences"]
    assert said.get("contact", "direct") in extra["contacts"]
    assert said["permission"] in {"given", "to_confirm"}
    assert isinstance(said["complete"], bool)


def test_stories_without_their_text_say_so(site: Path) -> None:
    """A story of which not all is published ends with a sentence that says so, and a complete one does not."""
    for page in STORIES:
        said = front_matter(page.read_text(encoding="utf-8"))
        html = (site / address(page).strip("/") / "index.html").read_text(encoding="utf-8")
        assert ("This is all that has been published." in html) is not said["complete"]
        assert said["content_note"] in html


def test_every_filter_fits_a_story(site: Path) -> None:
    """Each choice above the list of stories fits at least one of them, and the stylesheet knows it."""
    html = (site / "case-studies" / "index.html").read_text(encoding="utf-8")
    style = (site / "assets" / "site.css").read_text(encoding="utf-8")
    kinds = " ".join(re.findall(r'<li class="([^"]*)"><p class="kind">', html)).split()
    filters = set(re.findall(r'id="show-(\w+)"', html)) - {"all"}
    assert len(filters) == 5
    assert filters <= set(kinds)
    assert all(f"#show-{each}:checked" in style for each in filters)


def test_what_comes_from_the_code_is_fresh(tmp_path: Path) -> None:
    """Criteria, referrers and questions on the pages are those of the code: writing them anew changes nothing."""
    shutil.copytree(DOCS, tmp_path / "docs")
    assert refresh(tmp_path / "docs") == []
    page = tmp_path / "docs" / "refer" / "index.md"
    page.write_text(page.read_text(encoding="utf-8").replace(CRITERIA[0].statement, "An old rule."), encoding="utf-8")
    assert refresh(tmp_path / "docs") == [page]


def test_every_criterion_and_question_is_on_a_page() -> None:
    """Every published criterion stands on the page about referring, and every question on the page about questions."""
    refer = (DOCS / "refer" / "index.md").read_text(encoding="utf-8")
    asked = (DOCS / "refer" / "what-we-ask.md").read_text(encoding="utf-8")
    assert all(criterion.statement in refer for criterion in CRITERIA)
    assert all(
        question.label in asked and question.purpose in asked for route in Route for question in questions(route)
    )


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_facts_agree(page: Path) -> None:
    """Every phone number and address on a page is the one in mkdocs.yml, and no word is one that we do not use."""
    text = page.read_text(encoding="utf-8")
    assert wrong_facts(text, Details.read(ROOT).service) == []
    assert _BANNED.findall(text) == []


def test_a_wrong_fact_is_found() -> None:
    """Another number, another address and a banned word are found."""
    service = {"phone": "0800 783 1583", "email": "a@b.example", "public_email": None}
    assert wrong_facts("Call 0800 783 1584 or write to b@c.example.", service) == ["0800 783 1584", "b@c.example"]
    assert wrong_facts("Call 0800 783 1583 or write to a@b.example.", service) == []
    assert _BANNED.findall("Click here")


def test_places_and_services_elsewhere_agree() -> None:
    """The page about cases names every district, and everyone elsewhere who has to be named, with the same number."""
    text = (DOCS / "about" / "which-cases.md").read_text(encoding="utf-8")
    text += (DOCS / "harmed" / "index.md").read_text(encoding="utf-8")
    extra = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("!ENV", ""))["extra"]
    assert [place for place in extra["districts"] if place not in text] == []
    for other in extra["elsewhere"]:
        assert other["name"].removeprefix("Surrey ") in text
        assert other.get("phone", "") in text
        assert date.fromisoformat(other["checked_on"]) >= date(2026, 1, 1)


def test_old_addresses_lead_to_pages(site: Path) -> None:
    """Every old address leads to a page that is there, and a rule with a star stands behind those that it would hide."""
    redirects = Details.read(ROOT).redirects
    assert [new for new in redirects.values() if not (site / new.strip("/") / "index.html").is_file()] == []
    seen: list[str] = []
    for old in redirects:
        assert not [star for star in seen if old.startswith(star)]
        seen += [old.removesuffix("*")] if old.endswith("*") else []
    assert {"/professionals", "/about", "/case-study/*", "/faq/*", "/news/*"} <= set(redirects)


def test_the_testimonials_are_quoted_exactly() -> None:
    """The three voices are quoted word for word, on their page and on the first one."""
    for page in ("index.md", "voices.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        for words, who in (
            (WILSON, "Mrs Wilson"),
            ("I actually appreciated how quick the process happened.", "Mr Atkinson, victim"),
            ("It was an opportunity to help the offender reform.", "Mr Bird, victim"),
        ):
            assert f"“{words}”" in text
            assert f"<figcaption>{who}</figcaption>" in text
