"""The sent page: what it says on each route, and what its address may know."""

import re
from datetime import UTC, datetime
from html import unescape
from itertools import product

import pytest
from itsdangerous.encoding import base64_encode

from referral_function.asking.questions import Route
from referral_function.deciding.support_lines import Helps
from referral_function.sending.encryption import ReceiptKey
from referral_function.sending.entry import Receipt
from referral_function.web.outcomes import Sent, SentPage
from referral_function.web.tokens import Tokens
from tests.examples import Posted, a_referral
from tests.page_checks import check_page
from tests.referrer import Referrer

SECRET = b"an invented secret of the tests 0123456789"
NOW = datetime(2027, 5, 14, 14, 4, tzinfo=UTC)
RECEIPT = Receipt(reference="RJ-2345-6789", accepted_at=NOW, repeat=False)
SHARED_PHONE = "On a shared phone or computer, close this tab now. Your history still shows that you visited."


def sent(referrer: Referrer, route: Route, **changes: str | list[str]) -> str:
    """Send a referral and return the words of the sent page's main part, a line an element."""
    html = referrer.opens(referrer.sends(route, a_referral(route, **changes)).headers["Location"]).text
    check_page(html)
    main = html[html.index("<main") : html.index("</main>")]
    return unescape(re.sub(r"(?s)</?(?:a|span|b)\b[^>]*>", "", main))


@pytest.mark.parametrize("route", Route)
def test_the_sent_page_says_what_we_have_and_what_happens_next(referrer: Referrer, route: Route) -> None:
    """Its heading names what was sent; it says what the reference is for and what happens next."""
    page = sent(referrer, route)
    what = "message" if route is Route.CONTACT_ME else "referral"
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == [f"We have your {what}"]
    assert "Give this reference when you call." in page
    assert f"We read your {what}" in page
    assert (SHARED_PHONE in page) is (not route.is_professional)
    assert ("Refer another person" in page) is route.is_professional
    assert ("press Ctrl and P" in page) is route.is_professional
    assert "tel:116123" not in page


def test_who_will_call_is_not_told_that_we_make_contact(referrer: Referrer) -> None:
    """Who chose to call reads “Call us when you are ready”."""
    page = sent(referrer, Route.MYSELF, contact_methods=["i_will_call"])
    assert "<h2>Call us when you are ready</h2>" in page
    assert "We contact you" not in page


@pytest.mark.parametrize(
    ("route", "changes", "line"),
    [
        (Route.MYSELF, {"victim_age_group": "under_18", "offence_group": ["child_sexual_non_recent"]}, "Childline"),
        (Route.MYSELF, {"offence_group": ["domestic"]}, "National Domestic Abuse Helpline"),
        (Route.SOMEONE_WHO_DIED, {}, "Cruse Bereavement Support"),
        (Route.PERSON_HARMED, {"offence_group": ["sexual"], "victim_led": "yes"}, "Rape Crisis England & Wales"),
        (Route.CONTACT_ME, {"i_am": "harmed"}, "Samaritans"),
    ],
)
def test_support_lines_that_fit_stand_on_review_and_sent_page(
    referrer: Referrer, route: Route, changes: Posted, line: str
) -> None:
    """People whom we accept get no less help than people whom we send on."""
    review = unescape(referrer.reviews(route, a_referral(route, **changes)).text)
    heading = "Support for the person harmed" if route.is_professional else "Someone to talk to"
    for page in (review, sent(referrer, route, **changes)):
        assert page.count(f"<h2>{heading}</h2>") == 1
        assert line in page
        assert "Victim Support" in page


@pytest.mark.asvs("14.2.1")
def test_every_address_has_the_same_length() -> None:
    """No length of an address tells the route, how to make contact or a support line."""
    tokens = Tokens(SECRET)
    lengths = set()
    for route, will_call, support in product((None, *Route), (True, False), ((), tuple(Helps))):
        if route in (None, Route.CONTACT_ME, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE):
            page = SentPage(route=route, person_will_call=will_call, support=support)
            address = tokens.receipt(RECEIPT, page, NOW)
            lengths.add(len(address))
            shown = tokens.read_receipt(address, NOW)
            assert isinstance(shown, Sent)
            assert shown.page == page
    assert len(lengths) == 1


@pytest.mark.parametrize("numbers", ['["myself"]', "[0, 0, 1]", "[0, 0, 1, 1, 1, 1, 1, 1, 1]"])
def test_a_receipt_of_another_version_is_not_read(numbers: str) -> None:
    """An address that another version made is none of ours."""
    text = f'["RJ-2345-6789", 1, 1, 0, {numbers[1:]}'
    address = base64_encode(ReceiptKey(SECRET).encrypt(text)).decode()
    assert Tokens(SECRET).read_receipt(address, NOW) is None
