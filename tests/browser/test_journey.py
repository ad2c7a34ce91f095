"""A complete referral, from the first page to the email that the service reads, with everything real."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.sending.message import HEADERS
from tests.agreement import differences_of
from tests.browser.browser_sessions import a_canary
from tests.examples import a_full_referral, a_referral

if TYPE_CHECKING:
    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service

pytestmark = pytest.mark.browser


def asked(route: Route) -> set[str]:
    """Name every question of a route."""
    return {question.name for question in questions(route)}


ON_EACH_ROUTE = [(route, True) for route in Route] + [(Route.PERSON_HARMED, False)]


@pytest.mark.asvs("3.7.5")
@pytest.mark.parametrize(("route", "javascript"), ON_EACH_ROUTE)
def test_a_referral_becomes_a_readable_email(
    service: Service,
    new_referrer: NewReferrer,
    route: Route,
    javascript: bool,  # noqa: FBT001
) -> None:
    """A whole journey on each route, once with no script and a real wait, ends in one email with every answer byte for byte."""
    posted = a_full_referral(route, safe_times=a_canary(), offender_contact=a_canary())
    posted = {name: value for name, value in posted.items() if name.partition("-")[0] in asked(route)}
    assert asked(route) == {name.partition("-")[0] for name in posted}, "the example leaves a question blank"
    somebody = new_referrer(service, javascript=javascript).opens_the_form(route).fills_in(posted)
    review = somebody.continues()
    review = review.reads_it_over() if javascript else review.waits_over_the_review()
    reference = review.presses_send().reads_the_reference()
    form = ReferralForm(route, MultiDict(posted), date(2027, 5, 14))
    assert differences_of(service.letter(reference), form.referral()) == []


def test_the_email_carries_our_headers_only(service: Service, new_referrer: NewReferrer) -> None:
    """The email has one recipient, our own headers and no other, and its subject says nothing but the reference and the route."""
    injected = f"Alex\r\nBcc: {a_canary()}@example.org"
    posted = a_referral(Route.MYSELF, summary=injected.replace("\r\n", "\n"), victim_name="=?utf-8?q?x=0D=0ABcc:_x?=")
    reference = new_referrer(service).makes_a_referral("myself", posted)
    letter = service.letter(reference)
    (kept,) = [each for each in service.relay.kept if reference.encode() in each.wire]
    assert kept.recipients == ("<inbox@example.org>",)
    assert tuple(letter.keys()) == HEADERS
    assert letter["To"] == "inbox@example.org"
    assert letter["Subject"] == f"Restorative Justice referral {reference} self"
