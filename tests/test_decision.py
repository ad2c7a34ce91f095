"""Who we can help: the decision table of the published criteria, one test a cell."""

from collections.abc import Mapping
from typing import Any

import pytest

from referral_function import __version__
from referral_function.asking.answer_types import Answer, AnyOf, OneOf
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.deciding.criterion import Criterion, Note, Signpost, answers
from referral_function.deciding.decision import (
    CRITERIA,
    Accepted,
    Signposted,
    decide,
    definition_version,
    first_section_signposts,
)

M, C, H, R = Route.MYSELF, Route.MY_CHILD, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE
OWN_ROUTES = tuple(route for route in Route if route.is_own)
ALL = (*OWN_ROUTES, H, R)
PLACES = ("victim_address", "offender_address", "offence_location")
LED = ("domestic", "sexual", "child_sexual_non_recent")
GOES_ON: dict[str, Answer] = {
    "offence_group": ("none",),
    "victim_identified": "yes",
    "offender_identified": "yes",
    "offender_adult": "yes",
    "responsibility": "admitted",
    "area_link": PLACES,
    "court_stage": "sentenced",
    "victim_age_group": "adult",
    "victim_agrees": "yes",
    "offender_agrees": "yes",
}


def decided(route: Route, **changes: Answer) -> Accepted | Signposted:
    """Decide on answers that meet every criterion but for some changes."""
    return decide(route, GOES_ON | changes)


def flags(decision: Accepted | Signposted) -> list[tuple[str, str]]:
    """Give the notes as (criterion, flag)."""
    assert isinstance(decision, Accepted)
    return [(criterion.code, note.flag) for criterion, note in decision.notes]


def reasons(decision: Accepted | Signposted) -> list[str]:
    """Give the criteria that are not met."""
    assert isinstance(decision, Signposted)
    return [criterion.code for criterion, _redirect in decision.reasons]


@pytest.mark.parametrize("route", ALL)
def test_answers_that_meet_everything_are_accepted_without_a_note(route: Route) -> None:
    """The control: nothing to note, nothing to refuse."""
    assert flags(decided(route)) == []


MET: list[tuple[Route, str, Answer]] = [
    *((route, "offender_adult", "yes") for route in ALL),
    *((M, "offence_group", (group,)) for group in ("none", "prefer_not_to_say")),
    (R, "victim_identified", "yes"),
    *((route, "offender_identified", "yes") for route in (*OWN_ROUTES, H)),
    *((route, "responsibility", code) for route in ALL for code in ("admitted", "pleaded_guilty", "found_guilty")),
    *((route, "area_link", (place,)) for route in ALL for place in PLACES),
    *((route, "area_link", (place, "not_known")) for route in ALL for place in PLACES),
    *(
        (route, "court_stage", stage)
        for route in ALL
        for stage in ("not_reported", "no_further_action", "out_of_court", "sentenced", "finished")
    ),
    (C, "victim_agrees", "yes"),
    (H, "victim_agrees", "yes"),
    *((R, "offender_agrees", code) for code in ("yes", "not_asked")),
    *((route, "victim_age_group", "under_18") for route in (H,)),
]


@pytest.mark.parametrize(("route", "question", "answer"), MET)
def test_met(route: Route, question: str, answer: Answer) -> None:
    """Each answer of the column “Met” is accepted with no note."""
    assert flags(decided(route, **{question: answer})) == []


NOTED: list[tuple[Route, str, str, Mapping[str, Any]]] = [
    *(
        (route, "offender_adult", "Age of the person responsible not known", {"offender_adult": "not_known"})
        for route in ALL
    ),
    *(
        (route, "victim_led", flag, {"offence_group": (group,)})
        for route, flag in (
            (M, "The person harmed asks"),
            (C, "A parent asks: hear from the child first"),
            (Route.SOMEONE_WHO_DIED, "A close relative of the person who died asks"),
            (Route.MY_BUSINESS, "Someone who speaks for the business asks"),
        )
        for group in LED
    ),
    (C, "victim_led", "A parent asks: hear from the child first", {"offence_group": ("prefer_not_to_say",)}),
    *(
        (route, "victim_led", "Victim led", {"offence_group": (group,), "victim_led": "yes"})
        for route in (H, R)
        for group in (*LED, "not_known")
    ),
    *(
        (
            route,
            "offender_identified",
            "Not sure whether the person responsible has been identified",
            {"offender_identified": "not_sure"},
        )
        for route in (*OWN_ROUTES, H)
    ),
    *(
        (route, "responsibility", "Not known whether responsibility is accepted", {"responsibility": "not_known"})
        for route in ALL
    ),
    *(
        (
            route,
            "responsibility",
            "Denies, not found guilty: talk only to the person harmed for now",
            {"responsibility": "denies"},
        )
        for route in (*OWN_ROUTES, H)
    ),
    *((route, "area", "Connection to Kent & Medway not known", {"area_link": ("not_known",)}) for route in ALL),
    *((route, "court", "The police are investigating", {"court_stage": "investigation"}) for route in ALL),
    *(
        (route, "court", "At court", {"court_stage": stage})
        for route in ALL
        for stage in ("awaiting_trial", "awaiting_sentence")
    ),
    *((route, "court", "Stage of the case not known", {"court_stage": "not_known"}) for route in ALL),
    *((route, "court", "Found not guilty", {"court_stage": "not_guilty"}) for route in ALL),
    *(
        (
            C,
            "victim_choice",
            "A parent asks, and the child does not know or may not want this yet",
            {"victim_agrees": code},
        )
        for code in ("not_yet", "not_sure")
    ),
    (M, "victim_choice", "Written by a child: speak to them before any parent", {"victim_age_group": "under_18"}),
]


@pytest.mark.parametrize(("route", "criterion", "flag", "answers"), NOTED)
def test_met_with_a_note(route: Route, criterion: str, flag: str, answers: Mapping[str, Any]) -> None:
    """Each answer of the column “Met, with a note” is accepted with exactly that note."""
    assert flags(decided(route, **answers)) == [(criterion, flag)]


SIGNPOSTED: list[tuple[Route, str, str, Mapping[str, Any]]] = [
    *((route, "offender_adult", "If they turn 18 soon, call us.", {"offender_adult": "no"}) for route in ALL),
    *(
        (H, "victim_led", "once, when they are alone", {"offence_group": (group,), "victim_led": code})
        for group in (*LED, "not_known")
        for code in ("no", "not_known")
    ),
    *(
        (R, "victim_led", "Do not ask them", {"offence_group": (group,), "victim_led": code})
        for group in (*LED, "not_known")
        for code in ("no", "not_known")
    ),
    (R, "victim_identified", "talk it through", {"victim_identified": "no"}),
    *((route, "offender_identified", "even years later", {"offender_identified": "no"}) for route in (*OWN_ROUTES, H)),
    (R, "responsibility", "talk it through", {"responsibility": "denies"}),
    *((route, "area", "Ask the service of the area", {"area_link": ("none",)}) for route in ALL),
    (H, "victim_choice", "talk to the person first", {"victim_agrees": "no"}),
    (R, "offender_choice", "Refer again if this changes", {"offender_agrees": "no"}),
]


@pytest.mark.parametrize(("route", "criterion", "instead", "answers"), SIGNPOSTED)
def test_signposted(route: Route, criterion: str, instead: str, answers: Mapping[str, Any]) -> None:
    """Each answer of the column “Signposted” names that criterion alone, and says what to do instead."""
    decision = decided(route, **answers)
    assert reasons(decision) == [criterion]
    assert isinstance(decision, Signposted)
    assert instead in " ".join(decision.reasons[0][1].advice({**GOES_ON, **answers}))


@pytest.mark.parametrize(("stage", "again"), [("investigation", True), ("awaiting_trial", True), ("sentenced", False)])
def test_a_denial_before_the_end_of_a_case_says_when_to_come_back(stage: str, *, again: bool) -> None:
    """While the case goes on, a denial adds “Refer again when the case has ended”."""
    answers = GOES_ON | {"responsibility": "denies", "court_stage": stage}
    decision = decide(R, answers)
    assert isinstance(decision, Signposted)
    assert ("Refer again when the case has ended." in decision.reasons[0][1].advice(answers)) is again


def test_every_unmet_criterion_is_named() -> None:
    """All reasons come together, never only the first."""
    decision = decided(R, offender_adult="no", victim_identified="no", responsibility="denies", area_link=("none",))
    assert reasons(decision) == ["offender_adult", "area", "victim_identified", "responsibility"]


@pytest.mark.parametrize("route", [H, R, Route.CONTACT_ME])
def test_what_was_not_answered_counts_for_nothing(route: Route) -> None:
    """Without answers nothing leads a professional away, and first contact has no criterion at all."""
    assert flags(decide(route, {})) == []
    assert flags(decide(Route.CONTACT_ME, {**GOES_ON, "offender_adult": "no"})) == []


BLANK = [
    ("offender_adult", "Age of the person responsible not known"),
    ("area", "Connection to Kent & Medway not known"),
    ("court", "Stage of the case not known"),
    ("offender_identified", "Not sure whether the person responsible has been identified"),
    ("responsibility", "Not known whether responsibility is accepted"),
]


@pytest.mark.parametrize("route", OWN_ROUTES)
def test_what_people_leave_out_for_themselves_is_not_known(route: Route) -> None:
    """Where people refer themselves, a blank answer is a note and never leads away, alone or with others."""
    found = flags(decide(route, {}))
    assert [note for note in found if note[0] not in ("victim_led", "victim_choice")] == BLANK
    for name in ("offender_adult", "area_link", "court_stage", "offender_identified", "responsibility"):
        answered = {each: answer for each, answer in GOES_ON.items() if each != name}
        assert len(flags(decide(route, answered))) == 1


@pytest.mark.parametrize("route", ALL)
@pytest.mark.parametrize("question", ["victim_age_group", "offence_type", "offence_date"])
def test_age_offence_and_time_never_lead_away(route: Route, question: str) -> None:
    """No outcome looks at the age of the victim, the type of offence or the time since it to refuse."""
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            if question in outcome.when and route in outcome.routes:
                assert isinstance(outcome, Note)


def test_victim_led_is_looked_at_only_where_it_matters() -> None:
    """For another offence, nobody has to lead."""
    for route in (H, R):
        assert flags(decided(route, offence_group=("none",), victim_led="no")) == []


@pytest.mark.parametrize(
    ("route", "answered"), [(M, "victim_identified"), (H, "victim_identified"), (R, "offender_identified")]
)
def test_a_criterion_of_other_routes_refuses_nobody(route: Route, answered: str) -> None:
    """An answer to a question that this route does not ask leads to no outcome."""
    assert flags(decided(route, **{answered: "no"})) == []


@pytest.mark.parametrize("route", ALL)
def test_outcomes_name_answers_that_are_offered(route: Route) -> None:
    """Every question and code in an outcome of a route exists there, so that no rule is dead."""
    offered = {
        question.name: {choice.code for choice in question.answer.choices}
        for question in questions(route)
        if isinstance(question.answer, OneOf | AnyOf)
    }
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            if route in outcome.routes & criterion.routes:
                for question, codes in outcome.when.items():
                    assert question in offered, (criterion.code, question)
                    assert codes & offered[question], (criterion.code, question)


def test_a_misspelt_question_or_code_stops_the_import() -> None:
    """A criterion that names a question or a code which no route offers is refused where it is written down."""
    assert answers(offence_group="domestic none", victim_led="yes")
    for wrong, named in (
        ({"ofence_group": "domestic"}, "ofence_group"),
        ({"offence_group": "domestic sexuall"}, "sexuall"),
        ({"summary": "yes"}, "summary"),
    ):
        with pytest.raises(ValueError, match=named):
            answers(**wrong)
    with pytest.raises(ValueError, match=r"no route asks.*ofence_group"):
        Criterion(code="new", name="New", statement="New.", questions=("offence_group", "ofence_group"))


def test_no_redirect_is_a_dead_end() -> None:
    """Each redirect says why and what to do instead in whole sentences."""
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            if isinstance(outcome, Signpost):
                for sentence in (outcome.sentence, outcome.instead):
                    assert sentence.endswith("."), criterion.code
                assert outcome.heading != criterion.name


def test_the_notices_are_the_redirects_of_section_1() -> None:
    """Each route has a notice for each redirect that section 1 alone decides."""
    found = {route: [sorted(outcome.when) for outcome in first_section_signposts(route)] for route in (H, R)}
    shared = [["offender_adult"], ["offence_group", "victim_led"], ["area_link"]]
    assert found[H] == [*shared, ["offender_identified"]]
    assert found[R] == [*shared, ["victim_identified"], ["responsibility"]]


def test_the_version_is_short_and_stays() -> None:
    """The version is ours and eight signs of the definition, the same each time it is computed."""
    ours, definition = definition_version().split("-")
    assert ours == __version__
    assert len(definition) == 8
    assert definition_version() == definition_version.__wrapped__()
