"""What nobody may find out: nothing personal in an address, a log line, a header, a cookie or a file, on any way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from referral_function.asking.answer_types import LongText, ShortText
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.browser.browser_sessions import CANARY, a_canary, referrers
from tests.browser.running import running
from tests.browser.service_inspection import wait_until
from tests.examples import a_full_referral, a_referral, free_text

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Response

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service
    from tests.examples import Posted

pytestmark = pytest.mark.browser


def full_of_canaries(route: Route) -> Posted:
    """Put a word that can be found again into every answer that is typed."""
    posted = a_full_referral(route)
    for question in questions(route):
        match question.answer:
            case ShortText(text_format="any") | LongText() if question.name in posted:
                posted[question.name] = f"{posted[question.name]} {a_canary()}"
            case ShortText(text_format="email") if question.name in posted:
                posted[question.name] = f"{a_canary()}@example.org"
            case _:
                pass
    return posted


@pytest.mark.asvs("3.6.1", "14.2.1", "14.2.3", "14.3.3")
@pytest.mark.parametrize("route", list(Route))
def test_nothing_personal_is_left_by_a_journey(service: Service, new_referrer: NewReferrer, route: Route) -> None:
    """A journey with every turn leaves no typed word in an address, a header, a log line or a file; no cookie; no store."""
    posted = full_of_canaries(route)
    answers: list[Response] = []
    somebody = new_referrer(service)
    somebody.page.on("response", lambda response: answers.append(response))  # noqa: PLW0108 - Playwright writes on it
    missing = "court_stage" if route.is_professional else "contact_methods"
    somebody.opens_the_form(route).has_filled_in(posted | {missing: ""}).continues()
    if route.is_professional:
        somebody.has_filled_in(posted | {"offender_adult": "no"}).checks().continues().changes()
    reference = somebody.has_filled_in(posted).continues().changes().continues().sends().reads_the_reference()
    assert CANARY not in somebody.page.content()
    assert str(posted[free_text(route)]) in service.plain_letter(reference)
    somebody.opens("/referral/sent/?receipt=x")
    assert CANARY.encode() not in service.on_disk()
    assert f'"reference": "{reference}"' in service.said
    ours = [answer for answer in answers if "/referral/" in answer.url]
    assert len(ours) >= 6
    for answer in ours:
        headers = answer.all_headers()
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers
        assert CANARY not in str(headers) + str(answer.request.all_headers())
        assert "referer" not in answer.request.all_headers()


@pytest.mark.parametrize("reply", ["451 {}", "554 {}", "{}"])
def test_the_words_of_a_relay_are_not_written_down(site: Path, tmp_path: Path, reply: str) -> None:
    """A relay that says the message back in its reply puts no word of it into a log line or a file."""
    word = a_canary()
    with running(site, tmp_path) as service:
        service.relay.script("dot", reply.format(f"no: {word}"))
        reference = service.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=word))
        wait_until(lambda: service.attempts(reference), "it was tried")
        wait_until(lambda: service.said.count('"event": "') > 1, "the attempt was logged")
        assert word.encode() not in service.on_disk()


@pytest.mark.parametrize("address", ["/contact/?{}", "/refer/{}/", "/referral/sent/?receipt={}", "/referral/{}"])
def test_an_address_is_not_written_down(service: Service, address: str) -> None:
    """What somebody adds to an address is not written down anywhere."""
    word = a_canary()
    service.asks("GET", address.format(word), Referer=f"http://localhost/{word}", User_Agent=word)
    service.asks("POST", address.format(word), f"summary={word}&%zz=%ff")
    assert word.encode() not in service.on_disk()


def test_a_word_in_an_address_fails_the_test_that_put_it_there(service: Service, browser: Browser) -> None:
    """The watch over people sees a typed word in an address."""

    def somebody_whose_word_gets_into_an_address() -> None:
        with referrers(browser) as new_referrer:
            new_referrer(service).opens(f"/contact/?{a_canary()}")

    with pytest.raises(AssertionError):
        somebody_whose_word_gets_into_an_address()
