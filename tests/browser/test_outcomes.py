"""What a referrer is told before anything is sent: checked, incomplete, signposted; and that nothing is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from referral_function.asking.area import AREA
from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.referrer import as_posted
from tests.examples import a_referral, free_text
from tests.project_copies import PHONE

if TYPE_CHECKING:
    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service
    from tests.examples import Posted

pytestmark = pytest.mark.browser
LEADS_AWAY: dict[Route, Posted] = {
    Route.MYSELF: {"offender_adult": "no"},
    Route.MY_CHILD: {"offender_adult": "no"},
    Route.PERSON_HARMED: {"offender_adult": "no", "area_link": ["none"]},
    Route.PERSON_RESPONSIBLE: {"responsibility": "denies"},
}
REASONS = {
    "offender_adult": "The person who caused harm is under 18",
    "area_link": f"It is outside {AREA}",
    "responsibility": "They do not accept responsibility",
}
INCOMPLETE: dict[Route, Posted] = {
    Route.MYSELF: {"victim_name": "", "victim_phone": "no number"},
    Route.CONTACT_ME: {"known_as": "", "victim_phone": "no number"},
    Route.PERSON_HARMED: {"offence_group": "", "court_stage": "", "victim_phone": "no number"},
    Route.PERSON_RESPONSIBLE: {
        "offence_group": "",
        "court_stage": "",
        "referrer_phone": "no number",
        "offender_birth_date-month": "Smarch",
    },
}
"""Answers that are missing or wrong, in the order of the form."""
FIRST_IN_MAIN = "document.querySelector('main').firstElementChild.contains(document.activeElement)"


def test_enter_in_a_text_box_means_continue(service: Service, new_referrer: NewReferrer) -> None:
    """Enter in a text box goes on to the review, and does not press the check button."""
    somebody = new_referrer(service).opens_the_form("person_harmed").has_filled_in(a_referral(Route.PERSON_HARMED))
    somebody.presses_enter_in("victim_name")
    assert somebody.focus == "result: Check your answers"


@pytest.mark.parametrize(
    ("route", "changes", "outcome"),
    [
        (Route.PERSON_RESPONSIBLE, {}, "You can go on"),
        (Route.PERSON_HARMED, {"area_link": ["none"]}, "What you can do next"),
        (Route.PERSON_RESPONSIBLE, {"court_stage": ""}, "There is a problem"),
    ],
)
def test_a_check_answers_with_the_same_page(
    service: Service, new_referrer: NewReferrer, route: Route, changes: Posted, outcome: str
) -> None:
    """The check of part 1 answers with the same page, everything typed kept, and the outcome first and in focus."""
    posted = a_referral(route, hopes=a_canary(), **changes)
    somebody = new_referrer(service).opens_the_form(route).has_filled_in(posted).checks()
    assert somebody.focus == f"result: {outcome}"
    assert somebody.page.evaluate(FIRST_IN_MAIN)
    assert somebody.filled_in == as_posted(posted)
    assert somebody.page.locator(".back").count() == 1


def test_a_check_needs_the_first_part_alone(service: Service, new_referrer: NewReferrer) -> None:
    """A professional who has answered part 1 and nothing else learns whether we can help."""
    posted = a_referral(Route.PERSON_RESPONSIBLE)
    names = ("offence_group", "victim_identified", "offender_adult", "responsibility", "area_link", "court_stage")
    somebody = new_referrer(service).opens_the_form("person_responsible")
    somebody.fills_in({name: posted[name] for name in names}).checks()
    assert (somebody.status, somebody.focus) == (200, "result: You can go on")
    assert somebody.continues().status == 422


@pytest.mark.parametrize("route", LEADS_AWAY)
def test_a_signposted_page_gives_reasons_and_keeps_nothing(
    service: Service, new_referrer: NewReferrer, route: Route
) -> None:
    """A signposted referral gets every reason and the phone number, is not stored, and its form comes back filled in."""
    posted = a_referral(route, hopes=a_canary(), **LEADS_AWAY[route])
    before = len(service.rows("reference"))
    somebody = new_referrer(service).opens_the_form(route).has_filled_in(posted).continues()
    assert (somebody.status, somebody.focus) == (200, "result: What you can do next")
    assert {REASONS[name] for name in LEADS_AWAY[route]} <= set(somebody.page.locator("main h2").all_inner_texts())
    assert PHONE in somebody.sees
    assert somebody.page.title().startswith("What you can do next –")
    assert somebody.page.get_by_role("button", name="Send").count() == 0
    assert somebody.changes().filled_in == as_posted(posted)
    assert len(service.rows("reference")) == before
    assert str(posted["hopes"]).encode() not in service.on_disk()


def test_nothing_about_others_is_carried_on_where_the_person_harmed_has_not_asked(
    service: Service, new_referrer: NewReferrer
) -> None:
    """On the route of the person responsible, `victim_led=no` carries on parts 1 and 2 alone, and the page says so."""
    word = a_canary()
    posted = a_referral(
        Route.PERSON_RESPONSIBLE, offence_group=["domestic"], victim_led="no", hopes=word, offender_name=word
    )
    somebody = new_referrer(service).opens_the_form("person_responsible").has_filled_in(posted).continues()
    assert "We have not carried on anything you typed about other people" in somebody.sees
    assert somebody.answer is not None
    assert word not in somebody.answer.text()
    first_two = somebody.changes().page.evaluate("""() => [...document.querySelectorAll('#s1 [name], #s2 [name]')]
        .map(each => each.name)""")
    kept = as_posted({name: value for name, value in posted.items() if name in first_two})
    assert "referrer_phone" in kept
    assert somebody.filled_in == kept


@pytest.mark.parametrize(
    ("route", "javascript"), [*((route, True) for route in INCOMPLETE), (Route.PERSON_HARMED, False)]
)
def test_an_incomplete_form_says_what_is_missing(
    service: Service,
    new_referrer: NewReferrer,
    route: Route,
    javascript: bool,  # noqa: FBT001
) -> None:
    """An incomplete form is 422 with "Error: " in its title; the summary is first, has the focus, and its links lead to controls."""
    posted = a_referral(route, **{free_text(route): a_canary()}, **INCOMPLETE[route])
    somebody = new_referrer(service, javascript=javascript).opens_the_form(route).has_filled_in(posted).continues()
    assert (somebody.status, somebody.focus) == (422, "result: There is a problem")
    assert somebody.page.evaluate(FIRST_IN_MAIN)
    assert somebody.page.title().startswith("Error: ")
    assert somebody.filled_in == as_posted(posted)
    found = []
    for link in somebody.page.locator("main .summary li a").all():
        control = somebody.follows(link)
        found.append(control.get_attribute("name"))
        assert link.inner_text() in somebody.page.locator(".question.wrong", has=control).inner_text()
    assert found == list(INCOMPLETE[route])


@pytest.mark.parametrize("route", INCOMPLETE)
def test_a_link_from_the_problems_shows_question_and_box(
    service: Service, new_referrer: NewReferrer, route: Route
) -> None:
    """On a phone, what is asked stands on the screen together with the first box to answer it, in front of the exit."""
    somebody = new_referrer(service, width=390).opens_the_form(route).continues()
    out_of_sight = []
    for link in somebody.page.locator("main .summary li a").all():
        somebody.follows(link)
        asked, box, leave = (
            somebody.page.evaluate("""() => ['.question:focus-within .question-label', ':focus', '.exit'].map(
          name => document.querySelector(name).getBoundingClientRect().toJSON())""")
        )
        if asked["top"] < 0 or box["bottom"] > leave["top"]:
            out_of_sight.append((link.inner_text(), asked["top"], box["bottom"], leave["top"]))
    assert out_of_sight == []


@pytest.mark.parametrize(("route", "javascript"), [(Route.PERSON_HARMED, True), (Route.PERSON_RESPONSIBLE, False)])
def test_a_notice_appears_as_soon_as_an_answer_leads_away(
    service: Service,
    new_referrer: NewReferrer,
    route: Route,
    javascript: bool,  # noqa: FBT001
) -> None:
    """On the professional routes a notice stands below a question while its answer leads away, with no script needed."""
    somebody = new_referrer(service, javascript=javascript).opens_the_form(route)
    notice = somebody.page.locator(".notice:visible")
    assert notice.count() == 0
    somebody.fills_in({"offender_adult": "no"})
    assert notice.count() == 1
    assert somebody.page.locator(".question", has=notice).locator("[name=offender_adult]").count() == 3
    said = notice.evaluate("each => [getComputedStyle(each, '::before').content, each.dataset.text]")
    assert said == [f'"{said[1]}"', said[1]]
    assert said[1].startswith("We may not be able to take this referral. ")
    assert somebody.fills_in({"offender_adult": "yes"}).page.locator(".notice:visible").count() == 0
    assert somebody.fills_in({"victim_led": "no"}).page.locator(".notice:visible").count() == 0
    assert somebody.fills_in({"offence_group": ["sexual"]}).page.locator(".notice:visible").count() == 1


def test_nobody_in_distress_meets_a_notice(service: Service, new_referrer: NewReferrer) -> None:
    """On the route for people harmed there is no notice at all, whatever is chosen."""
    somebody = new_referrer(service).opens_the_form("myself")
    somebody.fills_in({"offender_adult": "no", "offender_identified": "no", "area_link": ["none"]})
    assert somebody.page.locator(".notice, [data-away], [data-also]").count() == 0


def test_the_review_leads_back_to_each_part(service: Service, new_referrer: NewReferrer) -> None:
    """Each Change button of the review leads to its part of the form, which is filled in."""
    posted = a_referral(Route.MYSELF, hopes=a_canary())
    somebody = new_referrer(service).opens_the_form("myself").has_filled_in(posted).continues()
    somebody.presses("Change What happened")
    assert somebody.filled_in == as_posted(posted)
    assert somebody.page.locator("section:target").inner_text().startswith("3. What happened")
