"""What a post may hold: every limit at its edge, every choice one of ours, and never a value that was not asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from itertools import product
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from referral_function import compose
from referral_function.asking.answer_types import AnyOf, LongText, OneOf, ShortText, TextFormat
from referral_function.asking.answers import InvalidAnswer, parse
from referral_function.asking.form import OTHER_LIMIT, ReferralForm
from referral_function.asking.questions import OWN, PROFESSIONAL, Question, Route
from referral_function.asking.referral import questions
from referral_function.settings.settings import Settings
from referral_function.web.app import MAX_BODY_BYTES, MAX_FORM_FIELDS
from tests.conftest import ROOT
from tests.examples import a_full_referral, a_referral
from tests.project_copies import PHONE
from tests.referrer import SAME_SITE, heading, token_of
from tests.security.conftest import Browsing

TODAY = date(2027, 5, 14)
ASKED = [question for route in Route for question in questions(route)]
TEXTS = [
    each
    for each in ASKED
    if isinstance(each.answer, ShortText | LongText)
    and getattr(each.answer, "text_format", TextFormat.ANY) is TextFormat.ANY
]
CHOICES = [question for question in ASKED if isinstance(question.answer, OneOf | AnyOf)]
FORM = "/referral/myself/"
OTHER_BUTTONS = pytest.mark.slow("every button of every form, with posts of a megabyte")
_BORN = {"day": "1" + " " * 900 + "st", "month": "March", "year": "1985"}


def flaw(question: Question, raw: str | list[str]) -> str:
    """Give the sentence that refuses an answer, or nothing."""
    try:
        parse(question, [raw] if isinstance(raw, str) else raw, TODAY)
    except InvalidAnswer as wrong:
        return str(wrong)
    return ""


@pytest.mark.asvs("1.3.3", "2.1.1", "2.2.1")
def test_every_text_has_its_limit() -> None:
    """One character below the limit and at it are taken, one above is refused in words; emoji and line ends count as one."""
    for question, sign in product(TEXTS, ("x", "\U0001fac2", "\r\n")):
        limit = question.answer.limit  # type: ignore[union-attr] # a text
        texts = {size: "y" + sign * (limit + size - 2) + "y" for size in (-1, 0, 1)}
        assert [bool(flaw(question, text)) for text in texts.values()] == [False, False, True], question.name
        assert f"{limit:,} characters or fewer" in flaw(question, texts[1])


EACH_BUTTON = [
    pytest.param(route, action, marks=[] if action == "review" or route is Route.MYSELF else OTHER_BUTTONS)
    for route, action in product(Route, ("review", "check", "edit", "send"))
]


def _beyond(route: Route, sign: str) -> MultiDict[str, str]:
    """Answer each question of a route with so much that the post is nearly as large as it may be."""
    inputs = [name for field in ReferralForm(route, None, TODAY).answer_fields.values() for name in field.names]
    size = (MAX_BODY_BYTES - 8000) // len(inputs) // len(urlencode({"": sign}))
    return MultiDict([(name, sign * size) for name in inputs])


@pytest.mark.asvs("2.2.1", "15.2.2")
@pytest.mark.parametrize(("route", "action"), EACH_BUTTON)
def test_an_answer_is_at_most_three_times_the_largest_honest_one(browsing: Browsing, route: Route, action: str) -> None:
    """Whatever a post holds beyond its limits, in texts, dates, choices or what is hidden, is not given back."""
    address = f"/referral/{route.slug}/"
    full = {each.name: "\U0001fac2" * each.answer.limit for each in questions(route) if each in TEXTS}  # type: ignore[union-attr] # a text
    honest = browsing().post(address, data=a_full_referral(route) | full, headers=SAME_SITE)
    assert heading(honest) == "Check your answers"
    codes: MultiDict[str, str] = MultiDict([("area_link", f"no code {number:0200}") for number in range(900)])
    away: MultiDict[str, str] = MultiDict({"offender_adult": "no", "summary": "'" * 900_000})
    for posted in (*(_beyond(route, sign) for sign in "'\x01\u200b <"), codes, away):
        answer = browsing().post(
            address, data=MultiDict([*posted.items(multi=True), ("action", action)]), headers=SAME_SITE
        )
        assert answer.status_code in {200, 422}
        assert len(answer.data) <= 3 * len(honest.data)


@pytest.mark.parametrize("action", ["review", "check", "edit", "send"])
@pytest.mark.parametrize("name", ["summary", "victim_name"])
def test_what_is_cut_off_is_named(browsing: Browsing, action: str, name: str) -> None:
    """A text beyond its limit comes back with what fits, a sentence that says so, and the words with which the rest begins."""
    (question,) = [each for each in questions(Route.MYSELF) if each.name == name]
    limit = question.answer.limit  # type: ignore[union-attr] # a text
    kept = "y" * (limit - 1) + " "
    typed = a_referral(Route.MYSELF) | {name: f"{kept}and then he said <b>more", "action": action}
    answer = browsing().post(FORM, data=typed, headers=SAME_SITE)
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert f"You have written {limit + 24}. " in text.replace(",", "")
    assert "We have kept only the beginning, and cut off the rest, from “and then he” on" in text
    assert kept in text
    assert "he said" not in text


def test_no_date_or_choice_that_there_is_is_cut() -> None:
    """Codes are shorter than what a page gives back of them, and a date keeps its meaning whatever blanks stand in it."""
    assert max(len(choice.code) for question in CHOICES for choice in question.choices) < OTHER_LIMIT
    posted = MultiDict({f"offender_birth_date-{part}": f"\u200b{' ' * 900}{said}" for part, said in _BORN.items()})
    field = ReferralForm(Route.PERSON_RESPONSIBLE, posted, TODAY).answer_fields["offender_birth_date"]
    assert str(field.answer) == "1985-03-01"
    again = MultiDict(field.hidden_inputs())
    assert ReferralForm(Route.PERSON_RESPONSIBLE, again, TODAY).answers["offender_birth_date"] == field.answer


@pytest.mark.asvs("1.3.3")
def test_no_control_character_is_taken() -> None:
    """Each C0 control but tab, line ends and the hyphens of Word, and DEL, is refused in words; every other character is text."""
    controls = [chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n\r\x0b\x0c\x1e\x1f"]
    others = [chr(code) for code in (*range(32, 127), *range(128, 0x3000, 7), 0xFFFD, 0xFEFF, 0x1F600)]
    for question in TEXTS:
        assert [sign for sign in controls if not flaw(question, f"a{sign}b")] == [], question.name
        assert [sign for sign in others if flaw(question, f"a{sign}b")] == [], question.name


@pytest.mark.asvs("2.1.1", "2.2.1", "2.2.2", "15.3.5")
def test_a_choice_is_one_of_ours() -> None:
    """Every listed code is taken; anything else, also in another case, type or mixture, is refused in words."""
    for question in CHOICES:
        answer = question.answer
        codes = [choice.code for choice in answer.choices] if isinstance(answer, OneOf | AnyOf) else ["yes"]
        first, last = codes[0], codes[-1]
        assert [code for code in codes if flaw(question, code)] == [], question.name
        for code in ("nonsense", first.upper(), f"{first} ", f" {first}", f"{first},{last}", "0", "true", "[]"):
            assert flaw(question, code).startswith("Choose"), (question.name, code)


@pytest.mark.asvs("2.1.2", "2.1.3", "2.2.3")
def test_answers_are_judged_together_on_the_server() -> None:
    """Answers that cannot both be right are refused whatever a browser did: contact ways, dates, things that depend."""
    for changes, name in (
        ({"contact_methods": ["i_will_call", "phone"]}, "contact_methods"),
        ({"contact_methods": ["email"], "victim_email": ""}, "victim_email"),
        ({"offence_group": ["none", "sexual"]}, "offence_group"),
        ({"relationship": "business", "represented_name": ""}, "represented_name"),
    ):
        route = Route.PERSON_HARMED if "relationship" in changes else Route.MYSELF
        form = ReferralForm(route, MultiDict(a_full_referral(route, **changes)), TODAY)
        assert not form.validate()
        assert name in form.errors


@pytest.mark.asvs("15.2.2")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=" + b"x" * (MAX_BODY_BYTES - 2), 422),
        (b"a=" + b"x" * (MAX_BODY_BYTES - 1), 413),
        (b"&".join([b"a=b"] * MAX_FORM_FIELDS), 422),
        (b"&".join([b"a=b"] * (MAX_FORM_FIELDS + 1)), 413),
        (b"&" * 900_000, 413),
        (b"a[" * 400_000, 422),
        (b"%" * 900_000, 422),
    ],
    ids=["longest", "too long", "most parts", "too many parts", "only separators", "nested", "percent"],
)
def test_a_post_is_bounded(browsing: Browsing, body: bytes, status: int) -> None:
    """Size and parts are refused before anything is parsed, at the limit and not one below it."""
    headers = {**SAME_SITE, "Content-Type": "application/x-www-form-urlencoded"}
    answer = browsing().post(FORM, data=body, headers=headers)
    assert answer.status_code == status
    assert PHONE in answer.text


@pytest.mark.asvs("15.3.3", "15.3.5", "15.3.7")
@pytest.mark.parametrize(
    "extra",
    [
        {"state": "delivered", "reference": "RJ-2222-2222", "key": "x", "sealed": "x", "inbox": "evil@example.org"},
        {"summary[]": "evil", "summary[0]": "evil", "summary.x": "evil", "Summary": "evil", "summary ": "evil"},
        {
            "__class__": "evil",
            "constructor": "evil",
            "__proto__": "evil",
            "data": "evil",
            "errors": "evil",
            "validate": "evil",
        },
        {"offender_contact": "evil", "referrer_name": "evil", "organisation": "evil"},
        {"token[]": "evil", "action[]": "send", "to": "evil", "cc": "evil", "subject": "evil"},
    ],
    ids=["the outbox", "arrays", "Python and JavaScript", "another route", "the mail"],
)
def test_what_was_not_asked_changes_nothing(browsing: Browsing, extra: dict[str, str]) -> None:
    """Names of the outbox, of arrays, of Python, of another route or of the mail leave the review as it was."""
    browser = browsing()
    posted = a_referral(Route.MYSELF)
    plain = browser.post(FORM, data=posted, headers=SAME_SITE)
    more = browser.post(FORM + "?summary=evil&action=send&victim_name=evil", data=posted | extra, headers=SAME_SITE)
    assert without_token(more) == without_token(plain)


def without_token(review: TestResponse) -> str:
    """Return the page of a review without its token, which holds a nonce."""
    return review.text.replace(token_of(review), "")


@pytest.mark.asvs("15.3.7")
def test_the_first_of_a_repeated_answer_counts(browsing: Browsing) -> None:
    """Where one answer is asked and several come, the first is taken; later ones cannot replace it."""
    browser = browsing()
    posted = a_referral(Route.MYSELF)
    plain = browser.post(FORM, data=posted, headers=SAME_SITE)
    twice = posted | {
        "summary": [str(posted["summary"]), "evil"],
        "action": ["review", "send"],
        "court_stage": ["sentenced", "x"],
    }
    assert without_token(browser.post(FORM, data=twice, headers=SAME_SITE)) == without_token(plain)


@pytest.mark.asvs("15.1.3", "15.2.2")
@pytest.mark.parametrize("route", sorted(OWN | PROFESSIONAL))
def test_the_largest_referral_has_the_size_that_is_written_down(
    settings: Settings, parts: compose.Runtime, route: Route
) -> None:
    """Every text at its limit in the widest characters, with the record attached, is stored in at most 540 kB."""
    widest = {each.name: "\U0001f600" * getattr(each.answer, "limit", 0) for each in TEXTS}
    form = ReferralForm(route, MultiDict({**a_full_referral(route), **widest}), TODAY)
    assert form.validate()
    submission = compose.make_submission(replace(settings, record=True), parts.outbox)
    reference = submission.accept(form.referral(), "a review", datetime.now(UTC)).reference
    entry = parts.outbox.entry(reference)
    assert entry
    assert 400_000 < entry.size <= 540_000
    assert "at most 540 kB" in (ROOT / "SECURITY.md").read_text("utf-8")
