"""Support lines: data of the service, each for somebody, and how a page links to them."""

import json
from pathlib import Path

import pytest

from referral_function.asking.answer_types import Answer
from referral_function.asking.questions import Route
from referral_function.deciding.support_lines import Helps, fitting_support
from tests.project_copies import ROOT
from website.content.service_config import ServiceConfig, with_phone_href


@pytest.mark.parametrize(
    ("phone", "href"),
    [
        ("08 08 16 89 111", "tel:+448081689111"),
        ("0800 1111", "tel:+448001111"),
        ("+44 (0)1245 291621", "tel:+441245291621"),
        ("116 123", "tel:116123"),
    ],
)
def test_a_number_is_linked_in_its_international_form(phone: str, href: str) -> None:
    """A number with its 0 is linked as +44; a short number works in this country alone."""
    assert with_phone_href({"phone": phone})["phone_href"] == href


def test_a_service_without_a_number_has_no_link_to_call() -> None:
    """An empty number gives no link."""
    assert with_phone_href({"phone": None}) == {"phone": None}


def test_there_is_a_support_line_for_each(tmp_path: Path) -> None:
    """Each kind of help has a line with a phone, and the form finds all of it in service.json."""
    ServiceConfig.read(ROOT).write_json(tmp_path)
    others = json.loads((tmp_path / "service.json").read_text(encoding="utf-8"))["other_services"]
    assert all(other.get("phone_href") or other.get("url") for other in others)
    for helps in Helps:
        assert any(helps in other.get("helps", ()) and other["phone_href"] for other in others), helps


@pytest.mark.parametrize(
    ("route", "given", "fitting"),
    [
        (Route.MYSELF, {}, ""),
        (Route.MYSELF, {"offence_group": ("none",), "victim_age_group": "adult"}, ""),
        (Route.MYSELF, {"victim_age_group": "under_18"}, "child anyone distress"),
        (Route.MYSELF, {"offence_group": ("sexual", "domestic")}, "sexual domestic anyone distress"),
        (Route.MYSELF, {"offence_group": ("child_sexual_non_recent",)}, "sexual anyone distress"),
        (Route.MYSELF, {"offence_type": "homicide"}, "death anyone distress"),
        (Route.MY_CHILD, {}, "child anyone distress"),
        (Route.SOMEONE_WHO_DIED, {}, "death anyone distress"),
        (Route.MY_BUSINESS, {}, ""),
        (Route.CONTACT_ME, {}, ""),
        (Route.CONTACT_ME, {"i_am": "harmed"}, "anyone distress"),
        (Route.CONTACT_ME, {"i_am": "caused_harm"}, ""),
        (Route.PERSON_HARMED, {"relationship": "bereaved_relative"}, "death anyone distress"),
        (Route.PERSON_HARMED, {"relationship": "parent_or_guardian"}, "child anyone distress"),
        (Route.PERSON_RESPONSIBLE, {"offence_group": ("sexual",)}, ""),
    ],
)
def test_the_lines_that_fit_follow_from_route_and_answers(route: Route, given: dict[str, Answer], fitting: str) -> None:
    """Who is under 18, names one of the three groups or lost someone gets the lines for it; nobody else gets any."""
    assert " ".join(fitting_support(route, given)) == fitting
