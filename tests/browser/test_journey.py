"""A complete referral, from the first page to the email that the service reads, with everything real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from referral_function.asking.answer_types import AnyOf, OneOf, Tick
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.sending.message import HEADERS
from tests.browser.browser_sessions import a_canary
from tests.examples import a_full_referral, a_referral

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service
    from tests.examples import Posted

pytestmark = pytest.mark.browser


def said(route: Route, posted: Posted) -> list[str]:
    """Write each question with its answer as the letter should: the words of a choice, or what was typed."""
    found = []
    for question in questions(route):
        raw = posted.get(question.name, "")
        match question.answer:
            case OneOf(choices=choices) | AnyOf(choices=choices):
                answer = "\n".join(
                    choice.label for choice in choices if choice.code in ([raw] if isinstance(raw, str) else raw)
                )
            case Tick(statement=statement):
                answer = statement if raw else ""
            case _ if question.name == "offender_birth_date":
                answer = "27 March 1985"
            case _:
                assert isinstance(raw, str)
                answer = raw
        found.append(f"[ {question.label} ]\n{answer or 'Not answered'}\n")
    return found


def asked(route: Route) -> set[str]:
    """Name every question of a route."""
    return {question.name for question in questions(route)}


def text_of(letter: EmailMessage) -> str:
    """Read a letter as a mail program shows it."""
    return str(letter.get_content()).replace("\r\n", "\n")


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
    reference = review.presses("Send referral").reads_the_reference()
    text = text_of(service.letter(reference))
    assert text.startswith(f"Reference: {reference}\n")
    assert [expected for expected in said(route, posted) if expected not in text] == []


def test_the_letter_check_sees_a_changed_byte() -> None:
    """The check of the letter sees an answer that lost one byte, and an answer that nobody gave."""
    posted = a_full_referral(Route.MYSELF)
    text = "\n".join(said(Route.MYSELF, posted))
    changes = [("friends  live", "friends live"), ("\t", " "), ("ë", "e\u0308"), ("Burglary", "Theft"), (".\nA", "\nA")]
    for wrong in (text.replace(*change) for change in changes):
        assert [expected for expected in said(Route.MYSELF, posted) if expected not in wrong] != []


def test_the_email_carries_our_headers_only(service: Service, new_referrer: NewReferrer) -> None:
    """The email has one recipient, our own headers and no other, and its subject says nothing but the reference."""
    injected = f"Alex\r\nBcc: {a_canary()}@example.org"
    posted = a_referral(Route.MYSELF, summary=injected.replace("\r\n", "\n"), victim_name="=?utf-8?q?x=0D=0ABcc:_x?=")
    reference = new_referrer(service).makes_a_referral("myself", posted)
    letter = service.letter(reference)
    (kept,) = [each for each in service.relay.kept if reference.encode() in each.wire]
    assert kept.recipients == ("<inbox@example.org>",)
    assert tuple(letter.keys()) == HEADERS
    assert letter["To"] == "inbox@example.org"
    assert letter["Subject"] == f"Restorative Justice referral {reference}"
