"""The letter that the service works from."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from referral_function.asking.answer_types import OneOf, ShortText
from referral_function.asking.answers import answer_text
from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Question, Route, SafeContact, Use
from referral_function.asking.referral import Referral, questions, sections
from referral_function.deciding.criteria import CRITERIA, definition_version
from referral_function.sending.letter import FLAGS, london_time, safe_contact, write_letter
from referral_function.sending.postcode_areas import postcode_hints
from tests.examples import a_referral

M, H, R = Route.MYSELF, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE
RECEIVED = datetime(2027, 5, 14, 14, 4, tzinfo=UTC)


def referral(route: Route, **changes: str | list[str]) -> Referral:
    """Parse an invented referral."""
    form = ReferralForm(route, MultiDict(a_referral(route, **changes)), date(2027, 5, 14))
    assert form.validate()
    return form.referral()


def letter(route: Route, **changes: str | list[str]) -> str:
    """Write the letter of an invented referral."""
    return write_letter(referral(route, **changes), reference="RJ-2345-6789", received_at=RECEIVED)


def part(text: str, heading: str) -> str:
    """Cut one part out of a letter."""
    return text.split(f"--- {heading} ---\n\n")[1].split("\n\n\n", maxsplit=1)[0]


@pytest.mark.parametrize("route", Route)
def test_a_letter_begins_with_reference_route_and_time(route: Route) -> None:
    """The head names the reference, the route and the time as people in Kent read it."""
    head = letter(route).split("\n\n\n")[0]
    assert "RJ-2345-6789" in head
    assert "14 May 2027, 3:04 pm BST" in head


@pytest.mark.parametrize("route", Route)
def test_every_question_and_criterion_of_the_route_is_there(route: Route) -> None:
    """Each question of the route stands above its answer, each criterion has its line, and no other question is there."""
    text = letter(route)
    for question in questions(route):
        assert f"[ {question.label} ]\n" in text
    for criterion in CRITERIA:
        assert f"- {criterion.name}: " in part(text, "Criteria")
    asked = {question.label for question in questions(route)}
    for other in Route:
        for question in questions(other):
            if question.label not in asked:
                assert f"[ {question.label} ]" not in text
    for number, section in enumerate(sections(route), start=1):
        assert f"--- {number}. {section.title} ---" in text


@given(typed=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300))
def test_an_answer_is_there_exactly_as_typed(typed: str) -> None:
    """Any readable text stands in the letter as it was typed."""
    if typed.strip():
        assert typed in letter(M, summary=typed)


def test_not_answered_is_not_no() -> None:
    """A question left out says Not answered; an answer No says No."""
    text = letter(M, no_contact_order="no", offence_date="")
    assert "they must not contact you? ]\nNo\n" in text
    assert "[ When did it happen? ]\nNot answered" in text


def test_abuse_is_flagged_on_every_route() -> None:
    """Whoever refers, and also where nothing else is to be noted, staff see first what asks for extra care."""
    for group, flag in {
        "domestic": "Domestic violence or abuse",
        "sexual": "Sexual violence",
        "child_sexual_non_recent": "Sexual abuse of a child",
    }.items():
        for route, also in ((M, {}), (H, {"victim_led": "yes"}), (R, {"victim_led": "yes"})):
            assert f"- {flag}: take extra care" in part(letter(route, offence_group=[group], **also), "Look at first")
    assert "has not been asked yet: we ask" in part(letter(R, offender_agrees="not_asked"), "Look at first")


def test_what_nobody_knows_is_flagged() -> None:
    """An unknown that matters for safety is never “Nothing to flag”."""
    unknown = dict.fromkeys(("victim_age_group", "multi_agency", "offender_whereabouts", "interpreter"), "not_known")
    written = letter(H, **unknown)
    assert written.count("\n- Not known whether") == 2
    assert "- Age of the person harmed not known" in written
    assert "- Not known where the person responsible is" in written


def test_what_to_look_at_first() -> None:
    """Notes and warnings come first, one a line; without any, it says so."""
    assert part(letter(M), "Look at first") == "Nothing to flag"
    first = part(
        letter(
            M,
            victim_age_group="under_18",
            contact_methods=["i_will_call"],
            victim_phone="",
            no_contact_order="yes",
            interpreter="bsl",
            court_stage="awaiting_trial",
        ),
        "Look at first",
    )
    assert first.splitlines() == [
        "- At court",
        "- Written by a child: speak to them before any parent",
        "- Under 18: the person harmed, or the relative of someone who died",
        "- DO NOT CONTACT: the person will call",
        "- There is an order that forbids contact",
        "- Interpreter needed: British Sign Language",
    ]


@pytest.mark.parametrize(
    ("answer", "said"), [("yes", "You may leave a message"), ("no", "DO NOT leave"), ("not_known", "DO NOT leave")]
)
def test_voicemail_is_allowed_only_by_yes(answer: str, said: str) -> None:
    """Only a Yes allows a message; No and not known forbid it in capitals."""
    assert said in part(letter(M, voicemail_ok=answer), "How to make contact safely")


def test_a_blank_about_voicemail_forbids_it() -> None:
    """Where phone was not chosen and nothing was said, no message is left."""
    text = letter(M, contact_methods=["post"], victim_phone="", voicemail_ok="", victim_address="1 Invented Road")
    assert "DO NOT leave a message" in part(text, "How to make contact safely")


def test_safe_contact_is_about_the_person_referred() -> None:
    """On the route of the person responsible it says how to reach them or their manager."""
    contact = part(letter(R), "How to make contact safely")
    assert "Sam Example" in contact
    assert "Voicemail" not in contact
    assert "07700 900 982" in part(letter(H), "How to make contact safely")


@pytest.mark.parametrize("route", Route)
def test_every_question_about_safe_contact_is_there(route: Route) -> None:
    """Each question that is marked as safe contact stands in that part with its answer, one added later too."""
    added = Question(
        name="new",
        short="New",
        label="A new way?",
        answer=ShortText(),
        purpose="For a test.",
        safe_contact=SafeContact(party=route.referred, use=Use.CAUTIONS),
    )
    answered = referral(route)
    part_of_letter = list(safe_contact([*questions(route), added, replace(added, safe_contact=None)], answered))
    assert part_of_letter[-1] == "[ A new way? ]\nNot answered"
    marked = [each for each in questions(route) if each.safe_contact and each.safe_contact.party is route.referred]
    assert len(part_of_letter) == len(marked) + 1
    for question, shown in zip(marked, part_of_letter, strict=False):
        given = answered.answers.get(question.name)
        if question.name != "voicemail_ok":
            assert shown == "\n".join(
                (f"[ {question.label} ]", *(answer_text(question, given) if given else ["Not answered"]))
            )


def test_the_trace_names_the_answer() -> None:
    """Each criterion says through which answer it is met, with its note."""
    trace = part(letter(H, court_stage="awaiting_trial", area_link=["offence_location"]), "Criteria")
    assert "- Kent & Medway: met, through: Where it happened" in trace
    assert "- Court: met, with a note (At court), through: Waiting for a trial" in trace
    assert "- Victim led: does not apply" in trace
    assert "- Age of the person harmed: met. The person harmed can be of any age." in trace
    unanswered = write_letter(Referral(route=R, answers={}), reference="RJ-2345-6789", received_at=RECEIVED)
    assert "- Court: met\n" in unanswered


def test_a_letter_ends_with_the_version() -> None:
    """The closing line names the version of the form, and says that one reference is one referral."""
    assert f"Form version {definition_version()}." in letter(M)
    assert letter(M).endswith("this is the same one.\n")


FLAGGED = {
    "offence_group": {"domestic", "sexual", "child_sexual_non_recent"},
    "victim_age_group": {"under_18", "not_known"},
    "contact_methods": {"i_will_call"},
    "no_contact_order": {"yes", "not_known"},
    "multi_agency": {"yes", "not_known"},
    "offender_whereabouts": {"not_known"},
    "offender_agrees": {"not_asked"},
    "interpreter": {"not_known", "spoken", "bsl", "other_sign"},
}


def test_every_answer_that_is_dangerous_has_a_flag() -> None:
    """The answers that staff have to see first are flagged, each once, and no other."""
    assert len(FLAGS) == sum(map(len, FLAGGED.values()))
    assert {(name, code) for name, code, _flag in FLAGS} == {(name, each) for name in FLAGGED for each in FLAGGED[name]}


def test_every_flag_is_an_answer_that_is_offered() -> None:
    """No warning waits for an answer that no route offers."""
    offered = {
        (question.name, choice.code)
        for route in Route
        for question in questions(route)
        if isinstance(question.answer, OneOf) or hasattr(question.answer, "choices")
        for choice in getattr(question.answer, "choices", ())
    }
    assert {(name, code) for name, code, _flag in FLAGS} <= offered


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2027, 5, 14, 14, 4, tzinfo=UTC), "14 May 2027, 3:04 pm BST"),
        (datetime(2027, 1, 2, 0, 5, tzinfo=UTC), "2 January 2027, 12:05 am GMT"),
        (datetime(2027, 1, 2, 12, 0, tzinfo=UTC), "2 January 2027, 12:00 pm GMT"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "31 October 2027, 1:30 am BST"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "31 October 2027, 1:30 am GMT"),
    ],
)
def test_times_are_those_of_kent(moment: datetime, written: str) -> None:
    """Times are read in London, in summer and in winter, and the hour that comes twice is told apart."""
    assert london_time(moment) == written


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("1 Invented Road, Canterbury CT1 2AB", ["CT1: Canterbury, in the area"]),
        ("ct1", ["CT1: Canterbury, in the area"]),
        ("TN16", ["TN16: straddles Kent, Surrey and London"]),
        ("TN5 6AB", ["TN5: straddles Kent and East Sussex"]),
        ("DA6 7XX and DA6 8XX", ["DA6: Bexley (London), outside the area"]),
        ("RH1 1AA", ["RH1: not in our table of Kent & Medway"]),
        ("Redhill RH1", ["RH1: not in our table of Kent & Medway"]),
        ("E1 6AN", ["E1: not in our table of Kent & Medway"]),
        ("W1A 1AA", ["W1A: not in our table of Kent & Medway"]),
        ("CT1 1ST", ["CT1: Canterbury, in the area"]),
        ("on the A2 near the M20", []),
        ("A2 1st exit, Faversham", []),
        ("M20 2nd exit", []),
        ("A2 2nd Avenue", []),
        ("m2 3RD slip road", []),
        ("D4 3rd floor", []),
        ("Flat E4 4th floor", []),
        ("M20 8pm", []),
        ("M2 5 am", []),
        ("by the M20, 9AM", []),
        ("N1 7th", []),
        ("Ramsgate", []),
    ],
)
def test_places_are_a_hint(text: str, hints: list[str]) -> None:
    """Postcodes are looked up in the table, or said to be not there; roads are none, with an ordinal or an hour neither."""
    assert list(postcode_hints(text)) == hints


def test_the_hint_stands_in_the_letter() -> None:
    """A postcode in an address is named with its council; without a postcode there is no such part."""
    assert letter(H).count("CT1: Canterbury, in the area") == 1  # once, though two answers name it
    assert "Places (a hint" not in letter(M)
    assert "Places (a hint" not in letter(M, victim_address="Beside the M20", offence_location="1AB Invented Road")
