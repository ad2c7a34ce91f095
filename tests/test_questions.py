"""What we ask."""

import re
from dataclasses import replace
from typing import Any

import pytest

from referral_function.asking.answer_types import (
    Answer,
    AnyOf,
    Choice,
    OneOf,
    PartialDate,
    ShortText,
    TextFormat,
    Way,
    codes,
)
from referral_function.asking.choices import VICTIM_LED_GROUPS
from referral_function.asking.questions import (
    Condition,
    Party,
    Question,
    Route,
    SafeContact,
    Section,
    Sensitivity,
    Use,
    with_route_variants,
)
from referral_function.asking.referral import SECTIONS, Referral, check, questions, sections
from referral_function.asking.sections import safe_contact


@pytest.mark.parametrize("route", Route)
def test_a_route_asks_each_question_once(route: Route) -> None:
    """No route has two questions of one name."""
    names = [question.name for question in questions(route)]
    assert len(names) == len(set(names))


def test_every_question_is_asked_somewhere_and_says_why() -> None:
    """Every question names at least one route, a label and a purpose in a whole sentence."""
    for section in SECTIONS:
        for question in section.questions:
            assert question.routes, question.name
            assert question.label
            assert question.purpose.endswith("."), question.name
            assert question.short[0].isupper(), question.name
            assert not re.search(r"[.:?\n]|\b(?:you|your|they|their)\b", question.short), question.name


@pytest.mark.parametrize("route", Route)
def test_what_a_question_waits_for_is_asked_on_its_route(route: Route) -> None:
    """A question that depends on another names one of the same route, and answers that it offers."""
    asked = {question.name: question for question in questions(route)}
    for question in asked.values():
        if question.required_if:
            other = asked[question.required_if.question]
            assert isinstance(other.answer, OneOf | AnyOf)
            offered = {choice.code for choice in other.answer.choices}
            assert offered & question.required_if.any_of, question.name


@pytest.mark.parametrize("route", Route)
def test_a_choice_is_offered_once(route: Route) -> None:
    """No question offers the same code or the same label twice."""
    for question in questions(route):
        if isinstance(question.answer, OneOf | AnyOf):
            for attribute in ("code", "label"):
                seen = [getattr(choice, attribute) for choice in question.answer.choices]
                assert len(seen) == len(set(seen)), question.name


VICTIM_CONTACT = (
    *("victim_known_as", "victim_supporter", "contact_methods", "victim_phone", "voicemail_ok", "victim_email"),
    *("victim_address", "safe_times", "contact_cautions", "interpreter", "language"),
)
OFFENDER_CONTACT = (
    *("offender_whereabouts", "offender_prison", "offender_manager", "offender_contact", "interpreter", "language"),
)


@pytest.mark.parametrize(
    ("route", "names"),
    [
        (Route.MYSELF, VICTIM_CONTACT),
        (Route.PERSON_HARMED, VICTIM_CONTACT),
        (Route.PERSON_RESPONSIBLE, OFFENDER_CONTACT),
    ],
)
def test_questions_about_safe_contact_are_marked(route: Route, names: tuple[str, ...]) -> None:
    """The definition marks every question that tells how to contact the person referred safely, and no other."""
    marked = [(question.name, question.safe_contact) for question in questions(route)]
    assert tuple(name for name, use in marked if use and use.party is route.referred) == names


FORUM = Question(
    name="forum",
    short="Forum",
    label="Your name in a forum?",
    answer=ShortText(),
    purpose="For a test.",
    safe_contact=SafeContact(party=Party.VICTIM, use=Use.DETAIL, ways=frozenset({"forum"})),
)


def test_a_way_of_contact_cannot_be_forgotten() -> None:
    """A way of contact without its detail, a detail of no way, and a short label used twice are refused at import."""
    asked = list(questions(Route.MYSELF))
    [methods] = [question for question in asked if question.name == "contact_methods"]
    forum = AnyOf(choices=(Choice(code="forum", label="Forum", way=Way(by="write to")),), exclusive=frozenset())
    others = [each for each in asked if each.safe_contact is None]
    check(asked)
    check([*others, replace(methods, answer=forum), FORUM])
    with pytest.raises(ValueError, match=r"detail of \['forum'\]"):
        check([*others, replace(methods, answer=forum)])
    with pytest.raises(ValueError, match=r"forum: \['forum'\] is no way of contact"):
        check([*asked, FORUM])
    with pytest.raises(ValueError, match=r"^Two questions have the same short label\.$"):
        check([*asked, replace(FORUM, safe_contact=None, short="Hopes")])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"safe_contact": None, "sensitivity": Sensitivity.CONTACT}, "whom it tells how to reach"),
        ({"safe_contact": None, "answer": ShortText(text_format=TextFormat.PHONE)}, "whom it tells how to reach"),
        (
            {
                "safe_contact": SafeContact(party=Party.VICTIM, use=Use.NAME),
                "answer": ShortText(text_format=TextFormat.EMAIL),
            },
            "is a detail",
        ),
    ],
)
def test_how_to_reach_a_person_always_names_the_person(changes: dict[str, Any], said: str) -> None:
    """A question that tells how to reach a person, and not whom or by which way, cannot be made."""
    with pytest.raises(ValueError, match=said):
        replace(FORUM, **changes)


def test_a_detail_names_its_way() -> None:
    """A detail of no way, and ways of what is no detail, cannot be made; where ways are offered, all else is their detail."""
    with pytest.raises(ValueError, match=r"^Name the ways of contact whose detail it is, and only of a detail\.$"):
        SafeContact(party=Party.VICTIM, use=Use.DETAIL)
    with pytest.raises(ValueError, match="Name the ways of contact"):
        SafeContact(party=Party.VICTIM, use=Use.TIMES, ways=frozenset({"phone"}))
    reach = replace(FORUM, safe_contact=SafeContact(party=Party.VICTIM, use=Use.REACH))
    with pytest.raises(ValueError, match="forum: name the ways of contact"):
        check([*questions(Route.MYSELF), reach])
    check([*questions(Route.PERSON_RESPONSIBLE), reach])


@pytest.mark.parametrize("route", [Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE])
def test_victim_led_is_asked_for_the_groups_that_must_be(route: Route) -> None:
    """Whether a case is victim led is asked exactly for the groups that the criterion names, and for not known."""
    asked = {question.name: question for question in questions(route)}
    led = {choice.code for choice in asked["offence_group"].choices} - {"none"}
    assert led == {*VICTIM_LED_GROUPS, "not_known"}
    for code in (*led, "none"):
        assert asked["victim_led"].is_required({"offence_group": (code,)}) is (code in led)


def test_the_safe_contact_section_is_about_safe_contact() -> None:
    """Every question of the section on safe contact is marked as such, whoever adds one."""
    uses = [question.safe_contact for question in safe_contact.SECTION.questions]
    assert {use.party for use in uses if use} == {Party.VICTIM}
    assert None not in uses


@pytest.mark.parametrize(
    ("route", "name"),
    [
        (Route.PERSON_RESPONSIBLE, "victim_address"),
        (Route.PERSON_RESPONSIBLE, "victim_phone"),
        (Route.PERSON_RESPONSIBLE, "victim_email"),
        (Route.MYSELF, "offender_contact"),
    ],
)
def test_what_is_never_asked(route: Route, name: str) -> None:
    """The reach of the person harmed is never asked on the route of the person responsible, nor the other way round."""
    assert name not in {question.name for question in questions(route)}


def test_a_person_harmed_is_never_offered_not_known() -> None:
    """On the route of a person harmed the words are “I am not sure” and “Prefer not to say”, never “Not known”."""
    for question in questions(Route.MYSELF):
        if isinstance(question.answer, OneOf | AnyOf):
            assert "Not known" not in {choice.label for choice in question.answer.choices}, question.name


def test_the_slug_of_a_route_is_its_name_with_dashes() -> None:
    """Addresses carry dashes where names carry underscores."""
    assert [route.slug for route in Route] == ["myself", "person-harmed", "person-responsible"]


def test_a_section_can_read_differently_on_a_route() -> None:
    """The section on the person harmed is about you on the route for oneself."""
    titles = {route: [section.title for section in sections(route)] for route in Route}
    assert "The person harmed" in titles[Route.PERSON_HARMED]
    assert "The person harmed" not in titles[Route.MYSELF]
    special = Section(title="Plain", questions=(), route_titles={Route.PERSON_HARMED: "Special"})
    assert [special.on(route).title for route in Route] == ["Plain", "Special", "Plain"]


def test_worded_gives_each_route_one_wording() -> None:
    """A question that differs on every route of its own has no plain wording left."""
    plain = Question(name="name", short="Name", label="Plain", answer=ShortText(), purpose="For a test.")
    one = with_route_variants(plain, myself={"label": "Special"})
    assert [(question.label, len(question.routes)) for question in one] == [("Special", 1), ("Plain", 2)]
    every = with_route_variants(plain, myself={}, person_harmed={}, person_responsible={})
    assert [len(question.routes) for question in every] == [1, 1, 1]


def test_codes_of_an_answer() -> None:
    """Texts and choices have codes, a date and no answer have none."""
    assert codes("yes") == {"yes"}
    assert codes(("a", "b")) == {"a", "b"}
    assert codes(PartialDate(year=1985)) == codes(None) == frozenset()
    assert Condition(question="one", any_of=frozenset({"a"})).is_met({"one": ("a", "b")})
    assert not Condition(question="one", any_of=frozenset({"a"})).is_met({"one": ("b",)})


def test_the_canonical_form_is_fixed() -> None:
    """The same answers give the same bytes whatever their order: keys sorted, no blanks, UTF-8 kept."""
    answers: dict[str, Answer] = {
        "summary": "Zoë said: “no”\n",
        "area_link": ("none",),
        "offender_birth_date": PartialDate(year=1985, month=3),
    }
    referral = Referral(route=Route.PERSON_RESPONSIBLE, answers=answers)
    assert referral.canonical().decode() == (
        '{"answers":{"area_link":["none"],"offender_birth_date":"1985-03---","summary":"Zoë said: “no”\\n"},'
        '"route":"person_responsible"}'
    )
    turned = Referral(route=Route.PERSON_RESPONSIBLE, answers=dict(reversed(list(answers.items()))))
    assert turned.canonical() == referral.canonical()
