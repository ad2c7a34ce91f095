"""The form of a route: what was posted becomes answers, and each field has at most one error."""

from collections.abc import Callable
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from referral_function.asking.answer_types import PartialDate
from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import questions
from tests.examples import Posted, a_full_referral, a_referral

TODAY = date(2027, 5, 14)
BIRTH = "offender_birth_date"


def bound(route: Route, posted: Posted) -> ReferralForm:
    """Bind what was posted to the form of a route."""
    return ReferralForm(route, MultiDict(posted), TODAY)


def errors(form: ReferralForm) -> dict[str, list[str]]:
    """Return the errors by question name."""
    return {field.question.name: list(field.errors) for field in form.fields_with_errors()}


def offered(name: str) -> Question:
    """Return a question as it is asked of the person harmed."""
    return next(question for question in questions(Route.MYSELF) if question.name == name)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("posted", [a_referral, a_full_referral])
def test_the_hidden_inputs_post_the_same_answers_again(route: Route, posted: Callable[[Route], Posted]) -> None:
    """A complete form is valid; what its hidden inputs post gives the same inputs, answers and referral."""
    form = bound(route, posted(route))
    assert form.validate()
    assert form.referral().route == route
    assert (
        form.referral().answers
        == form.answers
        == {name: f.answer for name, f in form.answer_fields.items() if f.answer}
    )
    inputs = [pair for field in form.answer_fields.values() for pair in field.hidden_inputs()]
    assert {name for name, _value in inputs} == set(posted(route))
    again = ReferralForm(route, MultiDict(inputs), TODAY)
    assert again.answers == form.answers
    assert [pair for field in again.answer_fields.values() for pair in field.hidden_inputs()] == inputs


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("posted", [None, MultiDict()])
def test_a_blank_form_asks_for_each_required_answer(route: Route, posted: MultiDict[str, str] | None) -> None:
    """Nothing posted gives no answer and no text, no hidden input, and the message of each required question, in order."""
    form = ReferralForm(route, posted, TODAY)
    assert form.answers == {}
    assert [field.text for field in form.answer_fields.values()] == [""] * len(form.answer_fields)
    assert [pair for field in form.answer_fields.values() for pair in field.hidden_inputs()] == []
    assert not form.has_unreadable_answers()
    assert not form.validate()
    assert list(errors(form).items()) == [
        (question.name, [question.missing]) for question in questions(route) if question.is_required({})
    ]


def test_inputs_are_numbered_and_labelled_in_order() -> None:
    """The inputs have the ids q1, q2 and so on, and the labels of their questions."""
    fields = bound(Route.MYSELF, {}).answer_fields
    assert [str(field.id) for field in fields.values()] == [f"q{number}" for number in range(1, len(fields) + 1)]
    assert [str(field.label.text) for field in fields.values()] == [each.label for each in questions(Route.MYSELF)]


def test_only_a_multiple_choice_takes_more_than_one_value() -> None:
    """Of a text and of one choice the first value counts; of a multiple choice every one."""
    posted: Posted = {
        "victim_name": ["Alex", "Sam"],
        "offender_adult": ["yes", "no"],
        "contact_methods": ["phone", "text"],
    }
    form = bound(Route.MYSELF, posted)
    assert form.answers == {"victim_name": "Alex", "offender_adult": "yes", "contact_methods": ("phone", "text")}
    assert list(form.answer_fields["offender_adult"].hidden_inputs()) == [("offender_adult", "yes")]


def test_lines_stay_in_a_long_answer_alone() -> None:
    """A line end becomes a blank in a one-line box, and one newline in a long answer."""
    form = bound(Route.MYSELF, {"victim_name": "Alex\r\nExample", "summary": "One\r\nTwo"})
    assert form.answers == {"victim_name": "Alex Example", "summary": "One\nTwo"}
    assert [form.answer_fields[name].text for name in form.answers] == list(form.answers.values())


@pytest.mark.parametrize(
    ("posted", "target"),
    [
        (("40", "3", "1985"), ""),
        (("27", "13", "1985"), "-2"),
        (("27", "3", "1785"), "-3"),
        (("27", "13", "1785"), "-2"),
    ],
)
def test_the_error_of_a_date_leads_to_its_first_wrong_part(posted: tuple[str, str, str], target: str) -> None:
    """The link of the error summary leads to the part of the date that is wrong; all parts stay as typed."""
    parts: Posted = {f"{BIRTH}-{part}": text for part, text in zip(("day", "month", "year"), posted, strict=True)}
    form = bound(Route.PERSON_RESPONSIBLE, a_referral(Route.PERSON_RESPONSIBLE) | parts)
    assert not form.validate()
    field = form.answer_fields[BIRTH]
    assert (list(errors(form)), field.error_target_id) == ([BIRTH], f"{field.id}{target}")
    assert dict(field.hidden_inputs()) == parts
    assert BIRTH not in form.answers


def test_a_date_that_is_right_leads_to_its_first_part() -> None:
    """A date is bound from its three inputs."""
    field = bound(Route.PERSON_RESPONSIBLE, a_referral(Route.PERSON_RESPONSIBLE)).answer_fields[BIRTH]
    assert (field.answer, field.error_target_id) == (PartialDate(day=27, month=3, year=1985), str(field.id))


def test_a_section_is_validated_alone() -> None:
    """Only the questions named get errors: invalid, missing and contradicted ones."""
    posted: Posted = a_referral(Route.PERSON_RESPONSIBLE) | {
        "referrer_email": "none",
        "referrer_name": "",
        f"{BIRTH}-year": "2020",
    }
    form = bound(Route.PERSON_RESPONSIBLE, posted)
    assert not form.validate()
    wrong = errors(form)
    assert set(wrong) == {"referrer_email", "referrer_name", BIRTH}
    for name, sentences in wrong.items():
        assert not form.validate(names=[name])
        assert errors(form) == {name: sentences}
    assert form.validate(names=["offender_adult"])
    assert "under 18" in wrong[BIRTH][0]


def test_one_error_counts_for_each_field() -> None:
    """An answer that is invalid is not also called missing."""
    form = bound(Route.PERSON_HARMED, a_referral(Route.PERSON_HARMED, referrer_email="none"))
    assert not form.validate()
    assert [len(sentences) for sentences in errors(form).values()] == [1]
    assert "format" in errors(form)["referrer_email"][0]


@pytest.mark.parametrize(
    ("rest", "named"),
    [
        ("and then he wrote", ", from “and then he” on"),
        ("\x00and\u200b then", ", from “and then” on"),
        ("y" * 50, f", from “{'y' * 40}” on"),
        (" \u200b ", ""),
    ],
    ids=["words", "unreadable and invisible", "long word", "blank"],
)
def test_what_is_cut_off_is_named_by_its_first_words(rest: str, named: str) -> None:
    """An answer that is too long is kept to its limit; the error says which words are gone, as far as they can be seen."""
    form = bound(Route.MYSELF, {"victim_name": "x" * 100 + rest})
    [[error]] = errors(form).values()
    assert form.answer_fields["victim_name"].text == "x" * 100
    assert error.endswith(f". We have kept only the beginning, and cut off the rest{named}")


def test_each_part_of_a_date_is_cut_by_itself() -> None:
    """The error names the rest of each part that is too long, and of no other."""
    parts: Posted = {f"{BIRTH}-day": f"{'1' * 40}first", f"{BIRTH}-month": "2" * 40, f"{BIRTH}-year": f"{'3' * 40}last"}
    form = bound(Route.PERSON_RESPONSIBLE, parts)
    [[error]] = errors(form).values()
    assert error.endswith(". We have kept only the beginning, and cut off the rest, from “first” and “last” on")
    [[error]] = errors(bound(Route.PERSON_RESPONSIBLE, {f"{BIRTH}-day": f"{'1' * 40}  "})).values()
    assert error.endswith(". We have kept only the beginning, and cut off the rest")
    form = bound(Route.PERSON_RESPONSIBLE, {f"{BIRTH}-day": "1" * 40})
    assert not form.validate()
    assert errors(form)[BIRTH] == ["The day must be a number from 1 to 31"]


def test_as_many_choices_are_kept_as_there_are() -> None:
    """All choices of a question may be ticked; of what is posted beyond them one is kept, so that it is an error."""
    codes = [choice.code for choice in offered("contact_methods").choices]
    assert bound(Route.MYSELF, {"contact_methods": codes}).answer_fields["contact_methods"].data == codes
    made_up = [*codes, "made_up", "made_up_too"]
    form = bound(Route.MYSELF, {"contact_methods": made_up})
    assert form.answer_fields["contact_methods"].data == made_up[:-1]
    assert not form.validate(names=["contact_methods"])


def test_an_unreadable_answer_always_has_its_error() -> None:
    """An answer with a character that no page can carry is named, whichever section is validated, before and after."""
    form = bound(Route.MYSELF, a_referral(Route.MYSELF, victim_name="Alex\x00", victim_phone="none"))
    assert form.has_unreadable_answers()
    assert list(errors(form)) == ["victim_name"]
    assert not form.validate(names=["offender_adult"])
    assert list(errors(form)) == ["victim_name"]
    assert not bound(Route.MYSELF, a_referral(Route.MYSELF, victim_phone="none")).has_unreadable_answers()
