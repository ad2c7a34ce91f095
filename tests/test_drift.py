"""One definition, many faithful faces: what each face asks is read back and held against the definition."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from referral_function.asking.answer_types import Choice, LongText, OneOf
from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions, sections
from referral_function.deciding.criterion import Criterion
from referral_function.deciding.decision import CRITERIA, Accepted, definition_version
from referral_function.papers.office import office_file
from referral_function.papers.paper import PAPER_ROUTES, paper_form
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_html import letter_html
from referral_function.sending.letter_text import letter_text
from referral_function.web import outcomes
from referral_function.web.form_markup import render_blank_form
from referral_function.web.render import Renderer
from referral_function.web.site_page import CLOSING, OPENING, SitePage, SitePages
from referral_function.web.templating import make_environment
from tests.output_readers import (
    Face,
    defined,
    differences,
    in_html_letter,
    in_letter,
    in_odt,
    in_word,
    on_review,
    on_screen,
)
from website.content.generated_sections import criteria as public_criteria
from website.content.generated_sections import every_question, update_generated_sections
from website.content.service_config import ServiceConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
FRAME: Final = SitePage(f"<title>A page</title><main>{OPENING}{CLOSING}</main>", "a page")
NAMES: Final = ("form", "review", "letter", "html letter", "word", "odt")
SHOWN: Final = [
    (name, route) for name in NAMES for route in Route if route in PAPER_ROUTES or name not in ("word", "odt")
]
WHOLE: Final = frozenset({"form", "word", "odt"})
"""The faces that show hints, choices and the criteria's statements; the letter shows short labels and names of criteria."""
NEW: Final = Question(name="new", short="New", label="A new question?", answer=LongText(), purpose="For a test.")
NEW_RULE: Final = Criterion(code="new", name="New", statement="There is something new.")


@pytest.fixture(scope="module")
def service() -> Mapping[str, Any]:
    """Read what `service.yml` says about the service."""
    return ServiceConfig.read(ROOT).service


@pytest.fixture(scope="module")
def shown(service: Mapping[str, Any]) -> Mapping[tuple[str, Route], Face]:
    """Render every face of every route once, and read it back."""
    return {(name, route): face(name, route, service) for name, route in SHOWN}


def face(name: str, route: Route, service: Mapping[str, Any]) -> Face:
    """Render one face of a route and read it back."""
    jinja = make_environment({"service": service, "other_services": []})
    paper = paper_form(route, service)
    match name:
        case "form":
            return on_screen(render_blank_form(jinja, route))
        case "review":
            blank = ReferralForm(route, None, date.min)
            pages = SitePages(forms={route: FRAME}, sent=FRAME, not_found=FRAME)
            reviewed = outcomes.Reviewed(form=blank, token="token", decision=Accepted(notes=()))
            return on_review(Renderer(jinja, pages, "A service").page(reviewed).html)
        case "letter" | "html letter":
            moment = datetime(2027, 5, 14, tzinfo=UTC)
            referral = Referral(route=route, answers={})
            letter = write_letter(referral, reference="RJ", received_at=moment)
            return in_letter(letter_text(letter)) if name == "letter" else in_html_letter(letter_html(letter))
        case "word":
            return in_word(office_file(paper, "docx"))
        case _:
            return in_odt(office_file(paper, "odt"))


def wanted(name: str, route: Route, *, question: Question | None = None, rule: Criterion | None = None) -> Face:
    """Give what a face should say; with one more question or criterion, as if someone had added it."""
    asked = list(sections(route))
    if question:
        asked[-1] = replace(asked[-1], questions=(*asked[-1].questions, question))
    named = name.endswith("letter")
    rules = [each for each in (*CRITERIA, *((rule,) if rule else ())) if route in each.routes or not named]
    rules = rules if route in PAPER_ROUTES else []
    return defined(asked, () if name == "review" else rules, whole=name in WHOLE, named=named)


@pytest.mark.parametrize(("name", "route"), SHOWN)
def test_a_face_says_what_is_defined(name: str, route: Route, shown: Mapping[tuple[str, Route], Face]) -> None:
    """Each face asks every question of its route in order, with its hint and choices, names each criterion, and its version."""
    found = shown[name, route]
    assert differences(found, wanted(name, route)) == []
    assert found.version == definition_version()


@pytest.mark.parametrize("name", NAMES)
def test_a_question_that_a_face_forgot_is_found(name: str, shown: Mapping[tuple[str, Route], Face]) -> None:
    """The control: a question that stands in the definition and not on the face is named."""
    found = shown[name, Route.MYSELF]
    assert differences(found, wanted(name, Route.MYSELF, question=NEW)) != []
    shorter = replace(found, asked=found.asked[1:])
    assert [said.partition(":")[0] for said in differences(shorter, wanted(name, Route.MYSELF))] == [
        "question forgotten"
    ]


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"review"}))
def test_a_criterion_that_a_face_forgot_is_found(name: str, shown: Mapping[tuple[str, Route], Face]) -> None:
    """The control: a criterion that stands in the definition and not on the face is named."""
    found = shown[name, Route.MYSELF]
    assert [said.partition(":")[0] for said in differences(found, wanted(name, Route.MYSELF, rule=NEW_RULE))] == [
        "criterion forgotten"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_of_its_own_is_found(name: str, shown: Mapping[tuple[str, Route], Face]) -> None:
    """The control: a question that a face asks and nobody defined, and one that it asks twice or elsewhere, are found."""
    found, should = shown[name, Route.MYSELF], wanted(name, Route.MYSELF)
    own = replace(found.asked[0], label="Who are you really?")
    assert len(differences(replace(found, asked=(*found.asked, own)), should)) == 1
    assert differences(replace(found, asked=(*found.asked, found.asked[0])), should) != []
    assert differences(replace(found, asked=found.asked[::-1]), should) != []


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_other_words_are_found(name: str, shown: Mapping[tuple[str, Route], Face]) -> None:
    """The control: a changed hint, and a choice more, are found on the faces that show them."""
    asked = list(sections(Route.MYSELF))
    at, first = next((at, each) for at, each in enumerate(asked[0].questions) if isinstance(each.answer, OneOf))
    assert isinstance(first.answer, OneOf)
    more = OneOf(choices=(*first.answer.choices, Choice(code="new", label="New")))
    for changed in (replace(first, hint="Another hint."), replace(first, answer=more)):
        questions = (*asked[0].questions[:at], changed, *asked[0].questions[at + 1 :])
        other = defined([replace(asked[0], questions=questions), *asked[1:]], CRITERIA, whole=True)
        assert len(differences(shown[name, Route.MYSELF], other)) == 2


@pytest.mark.parametrize(("extension", "read"), [("docx", in_word), ("odt", in_odt)])
def test_a_question_left_out_by_a_writer_is_found(extension: str, read: Any, service: Mapping[str, Any]) -> None:
    """The control: a file written without the last part of the form is seen to lack its questions."""
    paper = paper_form(Route.PERSON_HARMED, service)
    shorter = read(office_file(replace(paper, sections=paper.sections[:-1]), extension))
    left_out = {f"{row.question.label}" for row in paper.sections[-1].rows}
    said = differences(shorter, wanted("word", Route.PERSON_HARMED))
    assert len(said) == len(left_out)
    assert all(any(label in each for each in said) for label in left_out)


def test_the_public_pages_say_what_is_defined() -> None:
    """The pages carry every criterion, and every question with why it is asked."""
    assert update_generated_sections(ROOT / "docs") == []
    for page in ("professionals/index.md",):
        assert public_criteria() in (ROOT / "docs" / page).read_text(encoding="utf-8")
    asked = (ROOT / "docs" / "refer" / "what-we-ask.md").read_text(encoding="utf-8")
    assert every_question() in asked
    for question in (question for route in Route for question in questions(route)):
        assert re.search(
            rf"^\| {re.escape(question.label)}[a-z ()]* \| {re.escape(question.purpose)} \|$", asked, re.MULTILINE
        )
    for rule in CRITERIA:
        assert f"- {rule.statement}\n" in public_criteria()


def test_a_page_that_is_out_of_date_is_found(tmp_path: Path) -> None:
    """The control: a page that repeats the criteria of another day is named, and written anew."""
    page = tmp_path / "page.md"
    page.write_text("<!-- from the code: criteria -->\n\n- Old\n\n<!-- /from the code -->\n", encoding="utf-8")
    assert update_generated_sections(tmp_path) == [page]
    assert update_generated_sections(tmp_path) == []
    assert CRITERIA[0].statement in page.read_text(encoding="utf-8")


def test_the_version_is_one_for_all(shown: Mapping[tuple[str, Route], Face]) -> None:
    """All faces of all routes name one version, so that a letter can be held beside the form it came from."""
    assert {shown[each].version for each in SHOWN} == {definition_version()}
