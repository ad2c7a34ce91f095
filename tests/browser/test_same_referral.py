"""The same referral is the same referral: however often it is sent, one reference, one entry, one email."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.referrer import Referrer
from tests.examples import a_referral

if TYPE_CHECKING:
    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service

pytestmark = pytest.mark.browser
ALREADY = "We already have this referral, received on"


def test_a_double_click_sends_once(service: Service, new_referrer: NewReferrer) -> None:
    """A double click on Send referral makes one entry and one email."""
    word, before = a_canary(), len(service.rows("reference"))
    somebody = new_referrer(service)
    somebody.opens_the_form("myself").has_filled_in(a_referral(Route.MYSELF, hopes=word)).continues().reads_it_over()
    somebody.button("Send referral").dblclick()
    somebody.page.wait_for_url("**/referral/sent/**")
    service.letter(somebody.reads_the_reference())
    assert (service.copies(word), len(service.rows("reference"))) == (1, before + 1)


@pytest.mark.asvs("15.4.2")
def test_many_posts_at_once_are_one_referral(service: Service) -> None:
    """Twenty posts of the same answers at the same moment get the same reference, and one email goes out."""
    word, before = a_canary(), len(service.rows("reference"))
    posted = a_referral(Route.PERSON_HARMED, hopes=word)
    with ThreadPoolExecutor(20) as pool:
        references = set(pool.map(lambda _: service.takes_in(Route.PERSON_HARMED, posted), range(20)))
    service.letter(*references)
    assert (service.copies(word), len(service.rows("reference"))) == (1, before + 1)


def test_two_tabs_are_one_referral(service: Service, new_referrer: NewReferrer) -> None:
    """The same answers sent from two tabs get the same reference; neither is told of the other; one email."""
    word = a_canary()
    first = new_referrer(service)
    second = Referrer(first.page.context.new_page())
    for tab in (first, second):
        tab.page.bring_to_front()  # a tab behind another one is slow
        tab.opens_the_form("myself").has_filled_in(a_referral(Route.MYSELF, hopes=word)).continues()
    first.page.bring_to_front()
    reference = first.sends().reads_the_reference()
    assert ALREADY not in first.sees
    second.page.bring_to_front()
    assert second.sends().reads_the_reference() == reference
    assert ALREADY not in second.sees  # or anybody could ask whether it was sent before
    service.letter(reference)
    assert service.copies(word) == 1


def test_the_sent_page_can_be_loaded_again(service: Service, new_referrer: NewReferrer) -> None:
    """Loading the sent page again shows the same page with the same reference, and sends nothing."""
    word = a_canary()
    somebody = new_referrer(service)
    reference = somebody.makes_a_referral("person_harmed", a_referral(Route.PERSON_HARMED, hopes=word))
    seen = somebody.sees
    somebody.loads_again()
    assert (somebody.sees, somebody.reads_the_reference()) == (seen, reference)
    service.letter(reference)
    assert service.copies(word) == 1


def test_a_referral_sent_again_after_delivery_is_recognised(service: Service, new_referrer: NewReferrer) -> None:
    """After delivery, when nothing of it is held any more, the same answers still get their reference, and no email."""
    posted = a_referral(Route.PERSON_RESPONSIBLE, hopes=a_canary())
    reference = service.takes_in(Route.PERSON_RESPONSIBLE, posted)
    service.letter(reference)
    assert service.rows("sealed", reference) == [(None,)]
    somebody = new_referrer(service)
    assert somebody.makes_a_referral("person_responsible", posted) == reference
    assert ALREADY not in somebody.sees
    assert service.state(reference) == "delivered"
    assert service.copies(str(posted["hopes"])) == 1


def test_a_changed_letter_makes_another_referral(service: Service, new_referrer: NewReferrer) -> None:
    """One changed letter makes another referral, with its own reference and its own email."""
    word = a_canary()
    somebody = new_referrer(service)
    first = somebody.makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word))
    second = somebody.makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word.capitalize()))
    assert first != second
    assert ALREADY not in somebody.sees
    for reference, typed in ((first, word), (second, word.capitalize())):
        assert typed in service.plain_letter(reference)
