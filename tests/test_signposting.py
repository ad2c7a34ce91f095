"""Signposting: the same words for Check and Continue, reasons as a person would say them, and a way on for everybody."""

import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from referral_function import compose
from referral_function.asking.questions import OWN, PROFESSIONAL, Route
from referral_function.deciding.criterion import Outcome, Signpost
from referral_function.deciding.decision import CRITERIA, first_section_signposts
from tests.examples import Posted, a_referral
from tests.project_copies import PHONE
from tests.referrer import Referrer, heading

SAFELY: Posted = {
    "victim_known_as": "Al",
    "contact_methods": ["text"],
    "victim_phone": "07700 900 982",
    "contact_cautions": "He sees my phone.",
    "interpreter": "bsl",
}


def lines(html: str) -> list[str]:
    """Return the text of each heading, paragraph and item."""
    return [
        unescape(re.sub("<[^>]*>", "", found[1])) for found in re.findall(r"(?s)<(h\d|p|li)\b[^>]*>(.*?)</\1>", html)
    ]


def main(response: TestResponse) -> str:
    """Return the HTML of the main part."""
    return response.text[response.text.index("<main") : response.text.index("</main>")]


def leads_away(outcome: Outcome) -> Posted:
    """Return answers that an outcome matches: the first code of each question."""
    return {name: min(codes) for name, codes in outcome.when.items()}


@pytest.mark.parametrize(
    ("route", "outcome"),
    [(route, outcome) for route in sorted(PROFESSIONAL) for outcome in first_section_signposts(route)],
)
def test_check_says_the_same_words_as_continue(referrer: Referrer, route: Route, outcome: Outcome) -> None:
    """Heading, reasons, other services and how to talk to us are the same, line by line."""
    posted = a_referral(route, **leads_away(outcome))
    checked = main(referrer.posts(route, posted, "check"))
    summary = checked[checked.index('<div class="summary') : checked.index("</div>")]
    continued = [line for line in lines(main(referrer.reviews(route, posted))) if "parts 1 and 2" not in line]
    assert lines(summary) == continued
    assert continued[0] == "What you can do next"
    assert len(continued) >= 5


def test_no_reason_is_headed_by_the_name_of_a_criterion(referrer: Referrer) -> None:
    """The heading of a reason says it as a person would."""
    names = {criterion.name for criterion in CRITERIA}
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            if isinstance(outcome, Signpost):
                route = min(criterion.routes & outcome.routes)
                page = referrer.reviews(route, a_referral(route, **leads_away(outcome)))
                assert outcome.heading in lines(main(page))
                assert not names & set(lines(main(page)))


@pytest.mark.parametrize("route", sorted(OWN))
def test_who_was_harmed_reads_first_what_they_can_do(referrer: Referrer, route: Route) -> None:
    """The page says that asking was right, then call, ask us to contact you, a support line, and only then why."""
    page = referrer.reviews(route, a_referral(route, offender_identified="no", area_link=["none"]))
    assert heading(page) == "What you can do next"
    text = " ".join(lines(main(page)))
    order = ["It was right to ask", PHONE, "We can also contact you", "Victim Support", "We do not know yet who did it"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("Victim Support") == 1
    assert "Surrey" in text
    assert "If you think this is not right, talk to us" in text
    assert "cannot take" not in text


@pytest.mark.parametrize("route", sorted(OWN))
def test_ask_us_to_contact_you_carries_the_safe_ways_alone(
    referrer: Referrer, parts: compose.Runtime, route: Route
) -> None:
    """The button opens “Contact me” with the name to use and the safe ways filled in; nothing is sent or stored."""
    page = main(referrer.reviews(route, a_referral(route, offender_adult="no", summary="secret", **SAFELY)))
    form = page[page.index('<form method="post" action="/referral/contact-me/"') :].partition("</form>")[0]
    assert '<button class="button" name="action" value="edit">Ask us to contact you all the same</button>' in form
    carried = MultiDict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form))
    assert carried.to_dict() == {
        "known_as": "Al",
        "contact_methods": "text",
        "victim_phone": "07700 900 982",
        "voicemail_ok": "no",
        "safe_times": "Weekday mornings",
        "contact_cautions": "He sees my phone.",
        "interpreter": "bsl",
    }
    assert "secret" not in form
    opened = referrer.posts(Route.CONTACT_ME, carried.to_dict(), "edit")
    assert opened.status_code == 200
    for value in ("Al", "07700 900 982", "Weekday mornings"):
        assert f'value="{value}"' in opened.text
    assert 'value="text" checked' in opened.text
    assert 'value="bsl" checked' in opened.text
    assert "He sees my phone." in opened.text
    assert "Back to check your answers" not in opened.text
    assert list(parts.outbox.entries()) == []


def test_who_gave_no_name_to_use_is_called_by_their_name(referrer: Referrer) -> None:
    """Without a name to use, the name stands there; without either, nothing does."""
    for changes, known_as in (
        ({"victim_known_as": ""}, ["Alex Example"]),
        ({"victim_known_as": "", "victim_name": ""}, []),
    ):
        page = referrer.reviews(Route.MYSELF, a_referral(Route.MYSELF, offender_adult="no", **changes)).text
        assert re.findall(r'name="known_as" value="(.*?)"', page) == known_as


def test_a_professional_is_not_asked_to_be_contacted(referrer: Referrer) -> None:
    """The button is for people harmed alone."""
    for route in PROFESSIONAL:
        assert "Ask us to contact you" not in referrer.reviews(route, a_referral(route, offender_adult="no")).text
