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
from referral_function.asking.conditions import Condition, NoneAnswered
from referral_function.asking.questions import (
    OWN,
    PROFESSIONAL,
    ContactUse,
    Party,
    Question,
    Route,
    SafeContact,
    Sensitivity,
)
from referral_function.asking.referral import Referral, check, chosen_ways, questions, sections


@pytest.mark.parametrize("route", Route)
def test_a_route_asks_each_question_once(route: Route) -> None:
    """No route has two questions of one name."""
    names = [question.name for question in questions(route)]
    assert len(names) == len(set(names))


def test_every_question_is_asked_somewhere_and_says_why() -> None:
    """Every question names at least one route, a label and a purpose in a whole sentence."""
    for question in (question for route in Route for question in questions(route)):
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
        match question.needed_if:
            case Condition(question=name, any_of=any_of):
                assert {choice.code for choice in asked[name].choices} & any_of, question.name
            case NoneAnswered(questions=names):
                assert set(names) < asked.keys() - {question.name}
            case None:
                pass


@pytest.mark.parametrize("route", Route)
def test_a_choice_is_offered_once(route: Route) -> None:
    """No question offers the same code or the same label twice."""
    for question in questions(route):
        if isinstance(question.answer, OneOf | AnyOf):
            for attribute in ("code", "label"):
                seen = [getattr(choice, attribute) for choice in question.answer.choices]
                assert len(seen) == len(set(seen)), question.name


WAYS = ("contact_methods", "victim_phone", "voicemail_ok", "victim_email", "victim_address")
LANGUAGE = ("interpreter", "language")
YOUR_CONTACT = (*WAYS, "victim_supporter", "safe_times", "contact_cautions", *LANGUAGE)
THEIR_CONTACT = ("victim_known_as", "victim_supporter", *WAYS, "safe_times", "contact_cautions", *LANGUAGE)
OFFENDER_CONTACT = (
    *("offender_whereabouts", "offender_manager", "offender_contact"),
    *LANGUAGE,
)


@pytest.mark.parametrize("route", Route)
def test_what_says_none_cannot_be_ticked_beside_another(route: Route) -> None:
    """Of each question with several choices, those that say none, or nothing, exclude the others; not to know may not."""
    for question in questions(route):
        if isinstance(question.answer, AnyOf):
            offered = {choice.code for choice in question.choices}
            assert {"none", "prefer_not_to_say", "i_will_call"} & offered <= question.answer.exclusive <= offered


@pytest.mark.parametrize(
    ("route", "names"),
    [
        *((route, ("victim_known_as", *YOUR_CONTACT)) for route in Route if route.is_own),
        (Route.CONTACT_ME, ("known_as", *YOUR_CONTACT)),
        (Route.PERSON_HARMED, THEIR_CONTACT),
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
    safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.DETAIL, ways=frozenset({"forum"})),
)


@pytest.mark.parametrize("route", Route)
def test_the_chosen_ways_of_contact_are_those_of_one_question(route: Route) -> None:
    """By code, in the order of the form; a route that does not ask for them has none."""
    chosen = chosen_ways(route, {"contact_methods": ("text", "phone"), "voicemail_ok": "yes"})
    assert list(chosen) == ([] if route is Route.PERSON_RESPONSIBLE else ["phone", "text"])
    assert chosen_ways(route, {}) == {}


def test_a_way_of_contact_cannot_be_forgotten() -> None:
    """A way of contact without its detail, a detail of no way, and a short label used twice are refused at import."""
    asked = questions(Route.MYSELF)
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
                "safe_contact": SafeContact(party=Party.VICTIM, use=ContactUse.NAME),
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
        SafeContact(party=Party.VICTIM, use=ContactUse.DETAIL)
    with pytest.raises(ValueError, match="Name the ways of contact"):
        SafeContact(party=Party.VICTIM, use=ContactUse.TIMES, ways=frozenset({"phone"}))
    reach = replace(FORUM, safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.REACH))
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
    for route in (*OWN, Route.CONTACT_ME):
        uses = [question.safe_contact for question in sections(route)[1].questions if question.name != "message"]
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
    for question in (question for route in (*OWN, Route.CONTACT_ME) for question in questions(route)):
        assert "Not known" not in {choice.label for choice in question.choices}, question.name


def test_the_slug_of_a_route_is_its_name_with_dashes() -> None:
    """Addresses carry dashes where names carry underscores."""
    assert [route.slug for route in Route] == [
        *("myself", "my-child", "someone-who-died", "my-business"),
        *("contact-me", "person-harmed", "person-responsible"),
    ]


OWN_SECTIONS = [
    *("About you", "How to contact you safely", "What happened", "So that we know how we can help"),
    *("The person who caused harm", "Keeping you safe", "What would help"),
]


def test_sections_stand_in_the_order_of_their_route() -> None:
    """People who refer themselves come first to who they are and how to reach them, professionals to “Can we help?”."""
    titles = {route: [section.title for section in sections(route)] for route in Route}
    assert all(titles[route] == OWN_SECTIONS for route in OWN)
    assert titles[Route.CONTACT_ME] == ["About you", "How to contact you safely"]
    assert all(titles[route][:2] == ["Can we help?", "About you"] for route in PROFESSIONAL)
    placed = {
        question.name: number for number, section in enumerate(sections(Route.MYSELF)) for question in section.questions
    }
    assert (placed["interpreter"], placed["language"], placed["offence_group"], placed["court_stage"]) == (1, 1, 2, 3)


ALWAYS_REQUIRED = {
    Route.MYSELF: {"victim_name", "contact_methods"},
    Route.MY_CHILD: {"victim_name", "represented_name", "victim_agrees", "contact_methods"},
    Route.SOMEONE_WHO_DIED: {"victim_name", "represented_name", "contact_methods"},
    Route.MY_BUSINESS: {"victim_name", "represented_name", "contact_methods"},
    Route.CONTACT_ME: {"known_as", "contact_methods"},
}


@pytest.mark.parametrize("route", ALWAYS_REQUIRED)
def test_people_who_refer_themselves_need_to_answer_little(route: Route) -> None:
    """A name and a safe way of contact are enough, with whom it is about; then the detail of each way chosen."""
    required = {question.name for question in questions(route) if question.is_required({})}
    assert required == ALWAYS_REQUIRED[route]
    every_way: dict[str, Answer] = {"contact_methods": ("phone", "text", "email", "post", "supporter")}
    details = {"victim_phone", "victim_email", "victim_address", "victim_supporter"}
    assert {each.name for each in questions(route) if each.is_required(every_way)} == required | details


@pytest.mark.parametrize("route", Route)
def test_a_hint_quotes_what_the_form_shows(route: Route) -> None:
    """Whatever a hint has in quotation marks is a choice or a question of the same form, letter for letter."""
    asked = questions(route)
    shown = {question.label for question in asked} | {choice.label for question in asked for choice in question.choices}
    for question in asked:
        assert set(re.findall("“([^”]*)”", question.hint)) <= shown, question.name
        assert not re.search(r"[Cc]hoose (?:Not|None|Found|Admitted|Yes|18)", question.hint), question.name


@pytest.mark.parametrize("route", Route)
def test_a_question_needed_only_sometimes_says_when(route: Route) -> None:
    """The hint of a question that depends on others begins with when it is needed, in the words of their choices."""
    asked = {question.name: question for question in questions(route)}
    for question in asked.values():
        starts = "Only if " if question.is_optional else "Needed only if "
        assert question.hint.startswith(starts) is bool(question.needed_if), question.name
        if isinstance(question.needed_if, Condition):
            condition = question.needed_if
            named = [each.label for each in asked[condition.question].choices if each.code in condition.any_of]
            assert all(f"“{label}”" in question.hint for label in named), question.name


def test_when_a_question_is_needed_is_said_in_whole_sentences() -> None:
    """A choice of another section stands with its question."""
    computed = [
        each for route in (Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE) for each in sections.__wrapped__(route)
    ]
    assert {question.hint for section in computed for question in section.questions} >= {
        "Only if you chose “In prison”.",
        "Needed only if you chose “None of these” or “Not known” under “Was it any of these?”.",
        (
            "Needed only if you leave out “Victim liaison officer or officer in the case, if known” "
            "and “Crime reference number”."
        ),
    }
    assert computed == [*sections(Route.PERSON_HARMED), *sections(Route.PERSON_RESPONSIBLE)]


def test_one_thing_finds_the_person_harmed() -> None:
    """A professional who refers an offender gives a name, a crime reference number or a victim liaison officer."""
    name = next(each for each in questions(Route.PERSON_RESPONSIBLE) if each.name == "victim_name")
    assert name.is_required({})
    assert name.missing.startswith("Give one thing by which we can find the person harmed")
    assert "“Crime reference number”" in name.hint
    for other in ("victim_supporter", "crime_reference"):
        assert not name.is_required({other: "46/00042/26"})


def test_each_route_has_its_wording_of_a_question() -> None:
    """A change for a group and one for a route are put together; other routes ask it as it is."""
    plain = Question(name="name", short="Name", label="Plain", answer=ShortText(), purpose="For a test.")
    question = replace(plain, variants={"own": {"hint": "Own."}, "my_child": {"label": "Special"}})
    assert question.on(Route.PERSON_HARMED) == plain == plain.on(Route.MY_CHILD)
    assert question.on(Route.MYSELF) == replace(plain, hint="Own.")
    assert question.on(Route.MY_CHILD) == replace(plain, hint="Own.", label="Special")
    with pytest.raises(ValueError, match=r"^name: it is not asked on \['nobody'\]\.$"):
        replace(plain, variants={"nobody": {}})


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
