"""What the pages say once they are built: whole stories, facts that agree, quotations word for word.

What an editor can get wrong is the content check's, in `test_editing.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.deciding.decision import CRITERIA
from tests.browser.pages import DOCS, address
from website.content.pages import Page, read_page
from website.content.schema import offered
from website.content.service_config import ServiceConfig

if TYPE_CHECKING:
    from pathlib import Path

ROOT: Final = DOCS.parent
MARKDOWN: Final = sorted(DOCS.rglob("*.md"))
STORIES: Final = [path for path in MARKDOWN if path.parent.name == "case-studies" and path.stem != "index"]
WILSON: Final = (
    "The facilitators have been wonderful. I feel stronger than I did. I would really recommend Restorative Justice."
)


def front_matter(text: str) -> dict[str, Any]:
    """Read what stands between the first two lines of dashes."""
    _nothing, meta, _body = text.split("---\n", 2)
    said = yaml.safe_load(meta)
    assert isinstance(said, dict)
    return said


def test_stories_without_their_text_say_so(site: Path) -> None:
    """A story of which not all is published ends with a sentence that says so, and a complete one does not."""
    for page in STORIES:
        said = front_matter(page.read_text(encoding="utf-8"))
        html = (site / address(page).strip("/") / "index.html").read_text(encoding="utf-8")
        assert ("This is all that has been published." in html) is not said["complete"]
        assert said["content_note"] in html


def test_every_filter_fits_a_story(site: Path) -> None:
    """Each choice above the list of stories fits at least one of them, and the stylesheet has a number for every kind."""
    html = (site / "case-studies" / "index.html").read_text(encoding="utf-8")
    style = (site / "assets" / "site.css").read_text(encoding="utf-8")
    classes = {name for each in re.findall(r'<li class="([^"]*)"><p class="kind">', html) for name in each.split()}
    filters = set(re.findall(r'id="show-(\w+)"', html)) - {"all"}
    assert {f"kind-{each}" if each.isdecimal() else each for each in filters} <= classes
    told = {front_matter(path.read_text(encoding="utf-8"))["offence"] for path in STORIES}
    assert len(filters - {"direct"}) == len(told)
    assert told <= set(offered("offence_type"))
    slots = len(offered("offence_type"))
    assert all(f"#show-{number}:checked" in style for number in range(1, slots + 1))


def test_every_criterion_and_question_is_on_a_page() -> None:
    """Every published criterion stands on the page for professionals, and every question on the page about questions."""
    professionals = (DOCS / "professionals" / "index.md").read_text(encoding="utf-8")
    asked = (DOCS / "refer" / "what-we-ask.md").read_text(encoding="utf-8")
    assert all(criterion.statement in professionals for criterion in CRITERIA)
    assert all(
        question.label in asked and question.purpose in asked for route in Route for question in questions(route)
    )


def test_places_agree() -> None:
    """The page about cases names every district."""
    text = (DOCS / "about" / "which-cases.md").read_text(encoding="utf-8")
    districts = ServiceConfig.read(ROOT).extra["districts"]
    assert [district for district in districts if district not in text] == []


def test_the_testimonials_are_quoted_exactly(site: Path) -> None:
    """What is quoted is what was said, word for word; a voice that is taken down is gone from the first page too."""
    said = {
        "Mrs Wilson": WILSON,
        "Mr Atkinson, victim": "I actually appreciated how quick the process happened.",
        "Mr Bird, victim": "It was an opportunity to help the offender reform.",
    }
    page = read_page(ROOT, DOCS / "voices.md")
    assert isinstance(page, Page)
    quoted = {each["who"]: each["words"].strip("“”") for each in page.front_matter["voices"]}
    assert quoted
    assert quoted.items() <= said.items()
    for name in ("index.html", "voices/index.html"):
        html = (site / name).read_text(encoding="utf-8")
        assert re.findall(r"<p>“(.*?)”</p>", html) == list(quoted.values())
