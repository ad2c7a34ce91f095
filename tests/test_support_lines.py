"""Support lines: data of the service, each for somebody, and how a page links to them."""

import json
from pathlib import Path

import pytest

from referral_function.deciding.support_lines import Helps
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
