"""The review page: what was answered, what was left out, and which details of ways of contact will not be used."""

import re
from html import unescape

import pytest

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions, sections
from referral_function.web.review import review_sections
from tests.examples import a_referral
from tests.letter_cases import referral
from tests.referrer import Referrer, token_of

PHONE = "You gave a phone number but did not choose phone or text. We will not use it."
EMAIL = "You gave an email address but did not choose email. We will not use it."
POST = "You gave an address but did not choose post. We will not use it."
SUPPORTER = "You did not choose contact through this person. We will not make contact through them."
DETAILS = {
    "victim_phone": "07700 900 982",
    "victim_email": "alex@example.org",
    "victim_address": "1 Invented Row",
    "victim_supporter": "Kim Example, 07700 900 983",
}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["text"], {"victim_email": EMAIL, "victim_address": POST, "victim_supporter": SUPPORTER}),
        (["email", "post"], {"victim_phone": PHONE, "victim_supporter": SUPPORTER}),
        (["supporter"], {"victim_phone": PHONE, "victim_email": EMAIL, "victim_address": POST}),
        (
            ["i_will_call"],
            {"victim_phone": PHONE, "victim_email": EMAIL, "victim_address": POST, "victim_supporter": SUPPORTER},
        ),
        (["phone", "text", "email", "post", "supporter"], {}),
    ],
)
def test_a_detail_that_was_not_chosen_is_marked(chosen: list[str], said: dict[str, str]) -> None:
    """Beside each detail of a way of contact that was not chosen stands that it will not be used, and beside no other."""
    posted = a_referral(Route.MYSELF, contact_methods=chosen, **DETAILS)
    shown = review_sections(Route.MYSELF, referral(Route.MYSELF, posted).answers)
    labels = {question.label: question.name for question in questions(Route.MYSELF)}
    assert {labels[row.label]: row.warning for section in shown for row in section.rows if row.warning} == said


def test_the_word_of_a_way_typed_elsewhere_chooses_none() -> None:
    """Whoever types “email” as an answer in words has not chosen to be written to."""
    posted = a_referral(Route.MYSELF, contact_methods=["text"], safe_times="email", **DETAILS)
    shown = review_sections(Route.MYSELF, referral(Route.MYSELF, posted).answers)
    assert EMAIL in {row.warning for section in shown for row in section.rows}


@pytest.mark.parametrize("route", Route)
def test_what_was_not_answered_is_one_line_of_each_section(referrer: Referrer, route: Route) -> None:
    """Each question stands once: with its answer, or in the line of its section."""
    page = referrer.reviews(route).text
    answered = {name.partition("-")[0] for name in a_referral(route)}
    rows = re.findall("<dt>(.*?)</dt>", page)
    lines = re.findall(r"<summary>Not answered: (\d+) questions?</summary>\n<p>“(.*?)”</p>", page)
    assert [unescape(row) for row in rows] == [each.label for each in questions(route) if each.name in answered]
    left_out = [label for _count, line in lines for label in unescape(line).split("”, “")]
    assert sum(int(count) for count, _line in lines) == len(left_out)
    assert left_out == [each.label for each in questions(route) if each.name not in answered]
    assert len(lines) == page.count("Not answered") <= len(sections(route))


def test_a_change_leads_back_to_the_review_from_each_section(referrer: Referrer) -> None:
    """The form that comes back from the review has the button under each section; one that was never checked has none."""
    posted = a_referral(Route.MYSELF)
    token = token_of(referrer.reviews(Route.MYSELF, posted))
    button = '<button class="button secondary" name="action" value="review">Back to check your answers</button>'
    change = referrer.posts(Route.MYSELF, {**posted, "token": token}, "edit").text
    assert change.count(button) == change.count('<section class="form-section" id="s') == len(sections(Route.MYSELF))
    for action in ("edit", "check"):
        assert button not in referrer.posts(Route.MYSELF, posted, action).text


def test_the_page_shows_the_sentence(referrer: Referrer) -> None:
    """The sentence stands on the review page, once, after the answer."""
    posted = a_referral(Route.MYSELF, contact_methods=["text"], victim_email="alex@example.org")
    page = referrer.reviews(Route.MYSELF, posted).text
    assert f'alex@example.org<p class="note">{EMAIL}</p></dd>' in page
    assert page.count("We will not use it.") == 1
