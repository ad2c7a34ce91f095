"""The review page says which details of ways of contact will not be used."""

import pytest

from referral_function.asking.questions import Route
from referral_function.web.review import review_sections
from tests.examples import a_referral
from tests.letter_cases import referral
from tests.referrer import Referrer

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
    rows = review_sections(Route.MYSELF, referral(Route.MYSELF, posted).answers)
    assert {question.name: warning for _title, row in rows for question, _said, warning in row if warning} == said


def test_the_page_shows_the_sentence(referrer: Referrer) -> None:
    """The sentence stands on the review page, once, after the answer."""
    posted = a_referral(Route.MYSELF, contact_methods=["text"], victim_email="alex@example.org")
    page = referrer.reviews(Route.MYSELF, posted).text
    assert f'alex@example.org<p class="note">{EMAIL}</p></dd>' in page
    assert page.count("We will not use it.") == 1
