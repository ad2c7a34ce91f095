"""The way of a referrer: check, review, edit, send, sent, not sent."""

import contextlib
import hmac
import logging
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from referral_function import compose
from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import OWN, PROFESSIONAL, Route
from referral_function.asking.referral import questions, sections
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.encryption import PublicKey
from referral_function.sending.entry import NotStored, Receipt, ReferenceTaken, Unconfirmed
from referral_function.sending.outbox import Outbox
from referral_function.sending.submission import Submission
from referral_function.settings.settings import Settings
from referral_function.web.form_post import RequestOrigin, request_origin
from referral_function.web.tokens import Tokens
from tests.conftest import Clock
from tests.examples import a_referral, free_text
from tests.page_checks import BadPage, check_page
from tests.project_copies import PHONE
from tests.referrer import Browser, Referrer, heading, title, token_of

M, H, R = Route.MYSELF, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE
TODAY = date(2027, 5, 14)


def entries(parts: compose.Runtime) -> int:
    """Count what is in the outbox."""
    return len(list(parts.outbox.entries()))


def typed(response: TestResponse, name: str) -> list[str]:
    """Find what a page carries for a name: hidden fields, text and textareas, and what is ticked."""
    values = re.findall(
        rf'<input[^>]*name="{name}"[^>]* value="([^"]*)"(?![^>]*type="(?:radio|checkbox)")[^>]*>', response.text
    )
    ticked = re.findall(rf'<input type="(?:radio|checkbox)"[^>]*name="{name}" value="([^"]*)" checked', response.text)
    long = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', response.text, re.DOTALL)
    boxes = re.findall(rf'<input type="(?:radio|checkbox)"[^>]*name="{name}"', response.text)
    return [unescape(value) for value in (ticked if boxes else values + long)]


@pytest.mark.parametrize("route", Route)
def test_a_complete_referral_is_reviewed_and_sent(referrer: Referrer, parts: compose.Runtime, route: Route) -> None:
    """Continue shows every answer, Send leads to a page with a reference, and one entry waits."""
    review = referrer.reviews(route)
    assert (review.status_code, heading(review)) == (200, "Check your answers")
    for value in a_referral(route).values():
        for line in [value] if isinstance(value, str) else []:
            assert line in unescape(review.text)
    assert entries(parts) == 0
    sent = referrer.sends(route)
    assert sent.status_code == 303
    page = referrer.opens(sent.headers["Location"])
    check_page(page.text)
    assert title(page).startswith("What happens next")
    assert re.search(r"RJ-\w{4}-\w{4}", page.text)
    assert PHONE in page.text
    assert entries(parts) == 1
    assert not [value for value in ("Example", "Ramsgate", "07700") if value in page.text]


@pytest.mark.parametrize("route", Route)
def test_an_incomplete_form_comes_back_with_everything_typed(
    referrer: Referrer, parts: compose.Runtime, route: Route
) -> None:
    """A form with something missing is answered 422, says what, and keeps every other answer."""
    posted = a_referral(route, contact_methods=[], offender_name="", **{free_text(route): "<b>{{7*7}}</b>"})
    response = referrer.posts(route, posted)
    assert response.status_code == 422
    assert heading(response) == "There is a problem"
    assert title(response).startswith("Error: ")
    assert (
        "49"
        not in re.findall(rf"<textarea[^>]*name=\"{free_text(route)}\".*?</textarea>", response.text, re.DOTALL)[0][
            -20:
        ]
    )
    for name, value in posted.items():
        assert typed(response, name) == ([value] if isinstance(value, str) else value), name
    assert entries(parts) == 0


def test_the_summary_is_first_and_links_to_the_first_control(referrer: Referrer) -> None:
    """The error summary opens the main part; each link leads to a control of its question, the wrong part of a date."""
    response = referrer.posts(R, a_referral(R, offender_name="", **{"offender_birth_date-month": "13"}))
    main = response.text[response.text.index("<main") :]
    assert main.index('id="result"') < main.index("<h1")
    links = re.findall(r'<li><a href="#(q[0-9-]+)">', main)
    for link in links:
        assert f' id="{link}"' in main
    assert re.search(r'<input[^>]*id="' + links[1] + '" name="offender_birth_date-month"', main)


def test_the_page_checks_see_a_bad_page(referrer: Referrer) -> None:
    """The control of the standards: each break is found."""
    good = referrer.reviews(M).text
    check_page(good)
    for old, new in [
        ("<h1", "<h2"),
        ("</h1>", "</b>"),
        ('lang="en-GB"', ""),
        ('id="result"', 'id="main"'),
        ("<title>", "<title></title><title>"),
        ('<input type="hidden"', '<input type="text"'),
        ('aria-labelledby="s1-title"', 'aria-labelledby="gone"'),
        ('href="tel:+44', 'href="tel:0'),
    ]:
        with pytest.raises(BadPage):
            check_page(good.replace(old, new, 1))


@pytest.mark.parametrize("route", sorted(PROFESSIONAL))
def test_check_judges_section_1_alone(referrer: Referrer, parts: compose.Runtime, route: Route) -> None:
    """The check says that we can help when section 1 is complete, whatever else is missing, and keeps what was typed."""
    first = {question.name for question in sections(route)[0].questions}
    posted = {name: value for name, value in a_referral(route).items() if name in first}
    response = referrer.posts(route, posted | {"summary": "kept"}, "check")
    assert (response.status_code, heading(response)) == (200, "You can go on")
    assert typed(response, "summary") == ["kept"]
    assert "There is a problem" not in response.text
    missing = referrer.posts(route, {**posted, "court_stage": ""}, "check")
    assert (missing.status_code, heading(missing)) == (422, "There is a problem")
    assert missing.text.count('class="error"') == 1
    away = referrer.posts(route, {**posted, "offender_adult": "no"}, "check")
    assert (away.status_code, heading(away)) == (200, "What you can do next")
    assert "turn 18 soon" in away.text
    assert entries(parts) == 0


@pytest.mark.parametrize("route", [*sorted(OWN), Route.CONTACT_ME])
def test_a_form_without_a_check_button_has_no_check(referrer: Referrer, route: Route) -> None:
    """Only the forms of professionals can be checked; posted to another form, it is a review."""
    assert heading(referrer.posts(route, a_referral(route), "check")) == "Check your answers"


@pytest.mark.parametrize("route", sorted(OWN | PROFESSIONAL))
def test_answers_that_lead_away_win_over_missing_ones(referrer: Referrer, parts: compose.Runtime, route: Route) -> None:
    """A post that leads away is Signposted, not incomplete; nothing is stored, and Change gives the answers back."""
    response = referrer.posts(route, {"offender_adult": "no", "area_link": ["none"], "summary": "kept"})
    assert (response.status_code, heading(response)) == (200, "What you can do next")
    assert ("It was right to ask" in response.text) is route.is_own  # nobody in distress is told “no” first
    assert "turn 18 soon" in response.text
    assert "Surrey" in response.text
    assert PHONE in response.text
    assert "Nothing was sent, and we keep nothing of what you typed." in response.text
    assert typed(response, "summary") == ["kept"]
    assert entries(parts) == 0
    form = referrer.posts(route, {"offender_adult": "no", "summary": "kept"}, "edit")
    assert typed(form, "summary") == ["kept"]
    assert 'class="error"' not in form.text


def test_a_support_line_is_named_once(referrer: Referrer) -> None:
    """Where nobody has been identified, a person harmed reads of a support line first and not again; a professional below."""
    for route in (M, H):
        response = referrer.posts(route, a_referral(route, offender_identified="no"))
        assert re.sub("<[^>]*>", "", response.text).count("Victim Support") == 1


def test_what_was_typed_about_others_is_dropped_where_nobody_asked(referrer: Referrer) -> None:
    """Where a case must be led by the person harmed and is not, only sections 1 and 2 are carried on, and it says so."""
    response = referrer.posts(R, a_referral(R, offence_group=["domestic"], victim_led="not_known"))
    assert heading(response) == "What you can do next"
    assert typed(response, "referrer_name") == ["Robin Example"]
    assert typed(response, "offender_name") == typed(response, "summary") == []
    assert "We have not carried on anything you typed about other people" in response.text
    kept = referrer.posts(R, a_referral(R, victim_identified="no"))
    assert typed(kept, "offender_name") == ["Jo Example"]


def test_a_birth_date_under_18_and_the_answer_18_or_over_are_incomplete(referrer: Referrer) -> None:
    """A date of birth that is certainly under 18 contradicts the answer 18 or over, and the sentence names both."""
    response = referrer.posts(R, a_referral(R, **{"offender_birth_date-year": "2020"}))
    assert response.status_code == 422
    assert response.text.count("The date of birth says they are under 18, but you chose 18 or over.") == 2


def test_myself_begins_with_what_the_person_can_do(referrer: Referrer) -> None:
    """On the route for oneself the page opens with the phone and with “it was right to ask”, before any reason."""
    response = referrer.posts(M, a_referral(M, offender_identified="no"))
    text = response.text[response.text.index("<main") :]
    assert text.index("It was right to ask") < text.index("someone has been identified")
    assert text.index(PHONE) < text.index("someone has been identified")
    assert "Victim Support" in text


def test_edit_gives_the_form_back(referrer: Referrer) -> None:
    """Change my answers gives the form, filled, without errors."""
    posted = a_referral(M, summary="\nfirst line is empty\r\n")
    form = referrer.posts(M, posted, "edit")
    assert form.status_code == 200
    assert typed(form, "summary") == ["\nfirst line is empty\n"]


def test_reviews_note_what_the_referrer_should_know(referrer: Referrer) -> None:
    """A note with a sentence for the referrer stands on the review."""
    assert "We may wait until the case" in referrer.posts(M, a_referral(M, court_stage="awaiting_trial")).text


ALREADY = "We already have this referral, received on "


def events_of(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, dict[str, str]]]:
    """Return what was logged so far: level, event and fields."""
    records = [record for record in caplog.records if record.name == "referral"]
    return [(record.levelname, record.getMessage(), vars(record)["fields"]) for record in records]


def test_the_same_referral_is_the_same_referral(
    referrer: Referrer, parts: compose.Runtime, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Pressing Send again on one review gives the reference again and says so; one changed letter gives another."""
    caplog.set_level(logging.INFO, "referral")
    posted = {**a_referral(M), "token": token_of(referrer.reviews(M))}
    clock.advance(5)
    first, again = (referrer.opens(referrer.posts(M, posted, "send").headers["Location"]).text for _ in range(2))
    reference = re.search(r"RJ-\w{4}-\w{4}", first)
    assert reference
    assert reference[0] in again
    assert (ALREADY in first, ALREADY in again) == (False, True)
    fields = {"reference": reference[0], "route": M.value}
    assert events_of(caplog) == [("INFO", "accepted", fields), ("INFO", "repeated", fields)]
    clock.advance(3600)
    again = referrer.opens(referrer.posts(M, posted, "send").headers["Location"]).text
    assert f"{ALREADY}15 January 2027, 8:00 am GMT" in again
    changed = referrer.opens(referrer.sends(M, a_referral(M, summary="I would like to talk!")).headers["Location"]).text
    assert reference[0] not in changed
    assert entries(parts) == 2


@pytest.mark.asvs("2.4.1", "2.3.2")
@pytest.mark.parametrize("limit", [30, 1], ids=["below the limit", "at the limit"])
@pytest.mark.parametrize("delivered", [False, True], ids=["waiting", "delivered"])
@pytest.mark.parametrize("route", Route)
def test_nobody_learns_from_an_answer_that_a_referral_was_sent_before(  # noqa: PLR0913, PLR0917
    settings: Settings,
    parts: compose.Runtime,
    clock: Clock,
    route: Route,
    delivered: bool,  # noqa: FBT001
    limit: int,
) -> None:
    """Another session that guesses a referral, right or wrong, gets the same answers: status, headers, words, time, length."""
    now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731
    service = compose.application(replace(settings, limit=limit), parts, now=now)

    def session(address: str) -> Referrer:
        return Referrer(Browser(service, address), clock.advance)

    def guesses(guess: str, address: str) -> list[tuple[str, list[tuple[str, str]], str]]:
        somebody = session(address)
        if limit == 1:
            somebody.sends(route, a_referral(route, summary=f"Something else from {address}"))
        sent = somebody.sends(route, a_referral(route, summary=guess))
        pages = [sent, somebody.opens(sent.headers["Location"])] if sent.status_code == 303 else [sent]
        return [
            (page.status, sorted(map(masked, page.headers)), masked(("", page.text.replace(guess, "GUESS")))[1])
            for page in pages
        ]

    truth, wrong = "She wants to talk.", "He needs to talk!!"
    session("192.0.2.1").sends(route, a_referral(route, summary=truth))
    if delivered:
        entry = parts.outbox.claim(60)
        assert entry
        parts.outbox.record_result(entry, Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
    clock.advance(3600)
    at = clock.now
    seen = guesses(truth, "192.0.2.2")
    clock.now = at
    assert guesses(wrong, "192.0.2.3") == seen
    assert seen[0][0].startswith("303" if limit == 30 else "429")


def masked(header: tuple[str, str]) -> tuple[str, str]:
    """Cover what is random in every answer: the reference, and each symbol of a receipt or of a token."""
    words = re.sub(r"RJ-\w{4}-\w{4}", "REFERENCE", header[1])
    words = re.sub(r"(?<=R J, )[\w ]{7}, [\w ]{7}", "SPELLED", words)
    return header[0], re.sub(r'(?<=receipt=)[\w-]+|(?<=name="token" value=")[^"]+', lambda at: "x" * len(at[0]), words)


def test_the_comparison_of_answers_sees_one_that_tells(referrer: Referrer, clock: Clock) -> None:
    """The control: the review that is told of its repeat gets a page that differs by that alone."""
    posted = {**a_referral(M), "token": token_of(referrer.reviews(M))}
    clock.advance(5)
    first, again = (referrer.opens(referrer.posts(M, posted, "send").headers["Location"]).text for _ in range(2))
    assert first != again
    assert masked(("", first)) != masked(("", again))
    assert masked(("", first)) == masked(("", first.replace(first[first.index("RJ-") :][:12], "RJ-2222-2222")))


@pytest.mark.asvs("2.3.1")
@pytest.mark.parametrize("token", ["", "forged", "eyJub25lIjoxfQ.invalid"])
def test_nothing_is_sent_without_a_token_of_ours(referrer: Referrer, parts: compose.Runtime, token: str) -> None:
    """A missing or forged token gives the review again with every answer kept and a sentence why."""
    response = referrer.posts(M, {**a_referral(M), "token": token}, "send")
    assert (response.status_code, heading(response)) == (200, "Check your answers")
    assert "check your answers once more" in response.text
    assert typed(response, "summary") == ["I would like to talk."]
    assert entries(parts) == 0


@pytest.mark.asvs("2.4.2")
def test_a_token_has_an_age(referrer: Referrer, parts: compose.Runtime, clock: Clock) -> None:
    """A token younger than 2 seconds or older than a day, or of another route, gives the review again."""
    clock.advance(0.5)
    token = token_of(referrer.reviews(M))
    posted = {**a_referral(M), "token": token}
    clock.advance(1.9)  # counted from the moment of the review, not from its whole second
    assert "very quick" in referrer.posts(M, posted, "send").text
    other = {**a_referral(H), "token": token}
    clock.advance(5)
    assert "once more" in referrer.posts(H, other, "send").text
    clock.advance(24 * 60 * 60)
    assert "more than a day old" in referrer.posts(M, posted, "send").text
    assert entries(parts) == 0
    fresh = token_of(referrer.posts(M, posted, "send"))
    clock.advance(24 * 60 * 60 - 1)
    assert referrer.posts(M, {**posted, "token": fresh}, "send").status_code == 303


@pytest.mark.asvs("11.4.1", "11.5.1")
@pytest.mark.parametrize("route", Route)
def test_a_review_token_is_signed_with_sha_256(referrer: Referrer, settings: Settings, route: Route) -> None:
    """A real token, recomputed by hand: HMAC-SHA256 under a key that HMAC-SHA256 derives from the secret."""
    words, _dot, signature = token_of(referrer.reviews(route)).rpartition(".")
    key = hmac.digest(settings.secret_key, b"review", "sha256")
    by_hand = urlsafe_b64encode(hmac.digest(key, words.encode(), "sha256")).rstrip(b"=").decode()
    assert signature == by_hand
    assert len(signature) == 43  # 256 bits


@pytest.mark.asvs("14.2.1")
@pytest.mark.parametrize("route", Route)
def test_a_receipt_can_be_read_by_us_alone(referrer: Referrer, settings: Settings, clock: Clock, route: Route) -> None:
    """No encoding of the reference, the time or the route is in the address; another secret cannot open it; one changed bit closes it."""
    address = referrer.sends(route).headers["Location"]
    reference = re.search(r"RJ-\w{4}-\w{4}", referrer.opens(address).text)
    assert reference
    receipt = address.partition("receipt=")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", receipt)
    raw = urlsafe_b64decode(receipt + "==")
    with contextlib.suppress(zlib.error):  # itsdangerous packs what is long
        raw += zlib.decompress(raw)
    told = [
        reference[0],
        reference[0].replace("-", ""),
        reference[0][3:7],
        str(int(clock.now))[:7],
        route.value,
        route.slug,
    ]
    assert not [word for word in told if word.encode() in raw or word in receipt]
    now = datetime.fromtimestamp(clock(), UTC)
    assert Tokens(settings.secret_key).read_receipt(receipt, now)
    assert Tokens(settings.secret_key[::-1]).read_receipt(receipt, now) is None
    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        assert referrer.opens(f"/referral/sent/?receipt={urlsafe_b64encode(changed).decode()}").status_code == 404


@pytest.mark.parametrize("receipt", ["%00", "%F0%9F%98%80", "a", "====", "AAAA", "x" * 100_000])
def test_a_receipt_that_is_none_is_not_found(referrer: Referrer, receipt: str) -> None:
    """Whatever stands in the address, the answer is the page for what is not there."""
    assert referrer.opens(f"/referral/sent/?receipt={receipt}").status_code == 404


def test_the_sent_page_closes(referrer: Referrer, clock: Clock) -> None:
    """A receipt shows its page for 30 minutes; after that only how to reach us; a forged one is not found."""
    address = referrer.sends(M).headers["Location"]
    clock.advance(30 * 60)
    assert "RJ-" in referrer.opens(address).text
    clock.advance(1)
    closed = referrer.opens(address)
    check_page(closed.text)
    assert "This page has closed" in closed.text
    assert PHONE in closed.text
    assert "RJ-" not in closed.text
    forged = referrer.opens("/referral/sent/?receipt=forged")
    assert forged.status_code == 404
    assert PHONE in forged.text
    assert referrer.opens("/referral/sent/").status_code == 404


def test_professionals_get_a_line_for_their_record(referrer: Referrer) -> None:
    """The line names service, reference, time and form version; a person harmed is not shown one."""
    assert "form version" in referrer.opens(referrer.sends(H).headers["Location"]).text
    assert "form version" not in referrer.opens(referrer.sends(M).headers["Location"]).text


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize(
    ("fetch_site", "origin", "expected"),
    [
        ("same-origin", None, RequestOrigin.SAME_SITE),
        ("same-origin", "https://evil.example", RequestOrigin.SAME_SITE),
        ("none", None, RequestOrigin.SAME_SITE),
        ("cross-site", "http://localhost", RequestOrigin.CROSS_SITE),
        ("same-site", None, RequestOrigin.CROSS_SITE),
        ("nonsense", None, RequestOrigin.CROSS_SITE),
        (None, "http://localhost", RequestOrigin.SAME_SITE),
        (None, "http://LOCALHOST.", RequestOrigin.SAME_SITE),
        (None, "https://evil.example", RequestOrigin.CROSS_SITE),
        (None, "http://localhost.evil.example", RequestOrigin.CROSS_SITE),
        (None, "null", RequestOrigin.UNKNOWN),
        (None, None, RequestOrigin.UNKNOWN),
        ("", "", RequestOrigin.UNKNOWN),
    ],
)
def test_where_a_post_came_from(fetch_site: str | None, origin: str | None, expected: RequestOrigin) -> None:
    """Sec-Fetch-Site decides alone if it is there; otherwise Origin must be ours; null or absent is not known."""
    assert request_origin(fetch_site, origin, "http://localhost") is expected


@pytest.mark.asvs("3.5.1")
def test_a_foreign_post_is_refused_with_the_answers_kept(
    referrer: Referrer, parts: compose.Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    """A cross-site post gets 403 and the form as it was typed; nothing is stored."""
    caplog.set_level(logging.INFO, "referral")
    response = referrer.sends(M, None, **{"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, heading(response)) == (403, "We have not taken this in")
    assert typed(response, "summary") == ["I would like to talk."]
    assert entries(parts) == 0
    assert events_of(caplog) == [("INFO", "refused", {"cause": "foreign", "route": M.value})]


def test_a_browser_that_names_no_origin_presses_twice(referrer: Referrer, parts: compose.Runtime, clock: Clock) -> None:
    """Without an origin the review comes again once with a sentence; the second press is taken, so that nobody is stuck."""
    nameless = {"Origin": "null"}
    again = referrer.sends(M, None, **nameless)
    assert again.status_code == 200
    assert "did not say which website" in again.text
    assert entries(parts) == 0
    clock.advance(5)
    posted = {**a_referral(M), "token": token_of(again)}
    assert referrer.posts(M, posted, "send", **nameless).status_code == 303
    assert entries(parts) == 1


def test_contact_me_speaks_of_a_message(referrer: Referrer) -> None:
    """Who asks to be contacted sends a message: the button says so, and so does the sentence when it was pressed too soon."""
    review = referrer.reviews(Route.CONTACT_ME)
    assert '<button class="button" name="action" value="send">Send message</button>' in review.text
    hasty = referrer.posts(Route.CONTACT_ME, {**a_referral(Route.CONTACT_ME), "token": token_of(review)}, "send")
    assert "then press Send message again." in hasty.text
    for page in (review, hasty):
        assert "referral" not in re.sub(
            r"<[^>]*>", "", page.text[page.text.index("<main") : page.text.index("</main>")]
        )


def test_a_filled_honeypot_is_emptied_and_said(referrer: Referrer, parts: compose.Runtime) -> None:
    """The hidden box is emptied and named in words; it is never a silent drop."""
    token = token_of(referrer.reviews(M))
    response = referrer.posts(M, {**a_referral(M), "leave_empty": "x", "token": token}, "send")
    assert response.status_code == 422
    assert "We emptied a hidden box" in response.text
    assert 'name="leave_empty" type="text" autocomplete="off" tabindex="-1">' in response.text
    assert typed(response, "summary") == ["I would like to talk."]
    assert entries(parts) == 0


class Failing:
    """An outbox that fails in one way, in front of a real one."""

    def __init__(self, outbox: Outbox, failure: Exception, *, stores: bool) -> None:
        self._outbox, self._failure, self._stores = outbox, failure, stores

    def find(self, idempotency_key: bytes, nonce_hash: bytes) -> Receipt | None:
        """Look up as the real one does."""
        return self._outbox.find(idempotency_key, nonce_hash)

    def accept(self, **entry: object) -> Receipt:
        """Store or not, then fail."""
        if self._stores:
            self._outbox.accept(**entry)  # type: ignore[arg-type] # passed on as it came
        raise self._failure

    def count(self, *_: object) -> None:
        """Count nothing."""


class Silent:
    """An outbox that does not answer at all."""

    def find(self, _key: bytes, _nonce_hash: bytes) -> Receipt | None:
        """Say nothing."""
        raise NotStored

    def count(self, *_: object) -> None:
        """Count nothing."""


@pytest.mark.parametrize(
    ("failure", "stores", "said", "event"),
    [
        (NotStored(), False, "Your referral has NOT been sent", ("not_stored", "NotStored")),
        (ReferenceTaken(), False, "Your referral has NOT been sent", ("not_stored", "NotStored")),
        (Unconfirmed(), True, "We could not confirm that it was sent", ("unconfirmed", "Unconfirmed")),
        (RuntimeError(), True, "We could not confirm that it was sent", ("unconfirmed", "RuntimeError")),
    ],
)
def test_what_cannot_be_accepted_is_said_honestly(  # noqa: PLR0913, PLR0917
    settings: Settings,
    parts: compose.Runtime,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    stores: bool,  # noqa: FBT001
    said: str,
    event: tuple[str, str],
) -> None:
    """A failure before COMMIT says NOT sent, one after it says that we cannot confirm; the answers stay either way."""
    broken = replace(parts, outbox=Failing(parts.outbox, failure, stores=stores))  # type: ignore[arg-type]
    now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731
    referrer = Referrer(Browser(compose.application(settings, broken, now=now)), clock.advance)
    response = referrer.sends(M)
    assert (response.status_code, heading(response)) == (503, said)
    assert events_of(caplog) == [("ERROR", event[0], {"cause": event[1]})]
    assert typed(response, "summary") == ["I would like to talk."]
    assert PHONE in response.text
    assert "Try again" in response.text
    hasty = Referrer(Browser(compose.application(settings, parts, now=now)), clock.advance)
    response = hasty.posts(M, {**a_referral(M), "token": token_of(response)}, "send")
    nothing_said = "We could not confirm that it was sent" if stores else "Check your answers"
    assert (response.status_code, heading(response)) == (200, nothing_said)  # too quick: and still no false “not sent”
    assert ("Nothing has been sent yet" in response.text) is not stores
    closed = Referrer(Browser(compose.application(replace(settings, closed=True), parts, now=now)), clock.advance)
    shut = closed.posts(M, {**a_referral(M), "token": token_of(response)}, "send")
    assert (said in shut.text, shut.status_code) == (True, 503)
    clock.advance(5)
    nothing_answers = replace(parts, outbox=Silent())  # type: ignore[arg-type] # all that is asked of it here
    again = Referrer(Browser(compose.application(settings, nothing_answers, now=now)), clock.advance)
    response = again.posts(M, {**a_referral(M), "token": token_of(response)}, "send")
    assert (response.status_code, heading(response)) == (503, said)  # never “not sent” of what may be stored
    mended = Referrer(Browser(compose.application(settings, parts, now=now)), clock.advance)
    clock.advance(5)
    sent = mended.posts(M, {**a_referral(M), "token": token_of(response)}, "send")
    assert (ALREADY in mended.opens(sent.headers["Location"]).text) is stores  # from the review that it came from
    assert entries(parts) == 1


def test_a_message_that_cannot_be_made_was_not_sent(
    settings: Settings,
    parts: compose.Runtime,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """When the message cannot be made, nothing was stored, and the page says so."""

    def fail(*_: object) -> bytes:
        raise KeyError

    monkeypatch.setattr(PublicKey, "encrypt", fail)
    now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731
    referrer = Referrer(Browser(compose.application(settings, parts, now=now)), clock.advance)
    assert heading(referrer.sends(M)) == "Your referral has NOT been sent"
    assert events_of(caplog) == [("ERROR", "not_stored", {"cause": "KeyError"})]
    assert entries(parts) == 0


def reviewed(response: TestResponse, settings: Settings, clock: Clock) -> tuple[str, bool] | None:
    """Return what the token of a page says: of which review it is, and whether Send may have stored it."""
    if 'name="token"' not in response.text:
        return None
    token = token_of(response)
    review = Tokens(settings.secret_key).verify(token, R, datetime.fromtimestamp(clock(), UTC))
    return review.nonce, review.possibly_stored


@pytest.mark.parametrize("pressed", [True, False])
@pytest.mark.parametrize(
    ("action", "changes", "said"),
    [
        ("edit", {}, ""),
        ("check", {}, "You can go on"),
        ("check", {"court_stage": ""}, "There is a problem"),
        ("review", {"offender_name": ""}, "There is a problem"),
        ("review", {"offender_adult": "no"}, "What you can do next"),
        ("edit", {"summary": "\x00"}, "There is a problem"),
        ("edit", {"leave_empty": "x"}, "Please press Continue again"),
    ],
)
def test_every_page_knows_whether_send_was_pressed(  # noqa: PLR0913, PLR0917
    referrer: Referrer,
    settings: Settings,
    clock: Clock,
    action: str,
    changes: dict[str, str],
    said: str,
    pressed: bool,  # noqa: FBT001
) -> None:
    """After a Send that may have stored the referral each page carries its review on, or a later one would say “not sent”."""
    now = datetime.fromtimestamp(clock(), UTC)
    token = Tokens(settings.secret_key).review(R, now, "nonce", possibly_stored=pressed)
    response = referrer.posts(R, {**a_referral(R), **changes, "token": token}, action)
    assert heading(response) == said
    assert reviewed(response, settings, clock) == (("nonce", True) if pressed else None)


def test_an_unreadable_answer_comes_back_beside_the_errors_of_the_button(referrer: Referrer) -> None:
    """Pressing Change names it alone; Check adds what is missing in section 1, Continue what is missing anywhere."""
    for action, asked in (("edit", ()), ("check", sections(R)[0].questions), ("review", tuple(questions(R)))):
        missing = [each.name for each in asked if each.is_required({}) and each.name != "summary"]
        response = referrer.posts(R, {"summary": "a\x00"}, action)
        assert response.text.count('class="error"') == 1 + len(missing), action


def test_a_fault_of_ours_keeps_what_was_typed(
    referrer: Referrer, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When our program breaks on the way, the form comes back with everything typed, and says that nothing was sent, or may have been."""

    def fail(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("referral_function.web.journey.decide", fail)
    for pressed, said in (
        (False, "Your referral has NOT been sent"),
        (True, "We could not confirm that it was sent"),
    ):
        now = datetime.fromtimestamp(clock(), UTC)
        token = Tokens(settings.secret_key).review(R, now, "nonce", possibly_stored=pressed)
        response = referrer.posts(R, {**a_referral(R), "token": token})
        assert (response.status_code, heading(response)) == (500, said)
        assert typed(response, "summary") == [a_referral(R)["summary"]]
        assert PHONE in response.text
        assert reviewed(response, settings, clock) == (("nonce", True) if pressed else None)


@pytest.mark.asvs("15.3.3")
@pytest.mark.parametrize("route", Route)
def test_fields_that_are_not_asked_are_dropped(referrer: Referrer, route: Route) -> None:
    """Unknown fields and those of another route never come back; of a repeated single field the first counts."""
    foreign = {name for other in Route for name in (question.name for question in questions(other))}
    foreign -= {question.name for question in questions(route)}
    single = "safe_times" if route is Route.CONTACT_ME else "offence_date"
    posted = a_referral(route, unknown="canary", **{single: ["first", "second"]}, **dict.fromkeys(foreign, "canary"))
    response = referrer.posts(route, posted)
    assert heading(response) == "Check your answers"
    assert "canary" not in response.text
    assert typed(response, single) == ["first"]


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(Route),
    names=st.lists(st.sampled_from([question.name for route in Route for question in questions(route)]), max_size=12),
    # Control characters above ASCII and non-characters are kept as typed, and are what HTML calls a parse error.
    values=st.lists(
        st.text(
            alphabet=st.characters(
                codec="utf-8", exclude_categories=["Cn"], exclude_characters="".join(map(chr, range(128, 160)))
            ),
            max_size=30,
        ),
        min_size=12,
        max_size=12,
    ),
    action=st.sampled_from(["check", "review", "edit", "send", "other"]),
)
def test_whatever_is_posted_gets_a_page(
    referrer: Referrer, route: Route, names: list[str], values: list[str], action: str
) -> None:
    """Any names with any texts are answered with a good page and a normal status, never a fault."""
    response = referrer.posts(route, dict(zip(names, values, strict=False)), action)
    assert response.status_code in {200, 422}


@given(data=st.data(), route=st.sampled_from(Route))
@hypothesis_settings(max_examples=40)
def test_answers_survive_a_round_through_the_page(data: st.DataObject, route: Route) -> None:
    """What a form posts again reads back to the same answers."""
    text = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40)
    posted = a_referral(route, summary=data.draw(text), known_risks=data.draw(text), hopes=data.draw(text))
    form = ReferralForm(route, MultiDict(posted), TODAY)
    again = MultiDict([pair for field in form.answer_fields.values() for pair in field.hidden_inputs()])
    assert ReferralForm(route, again, TODAY).answers == form.answers


def test_what_was_not_confirmed_stays_so_when_our_program_fails_too(
    settings: Settings, parts: compose.Runtime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault before anything is asked again does not make a referral unsent that may have been stored."""
    broken = replace(parts, outbox=Failing(parts.outbox, Unconfirmed(), stores=True))  # type: ignore[arg-type]
    now = lambda: datetime.fromtimestamp(clock(), UTC)  # noqa: E731
    response = Referrer(Browser(compose.application(settings, broken, now=now)), clock.advance).sends(M)

    def fail(*_: object) -> Receipt:
        raise KeyError

    monkeypatch.setattr(Submission, "find", fail)
    clock.advance(5)
    referrer = Referrer(Browser(compose.application(settings, parts, now=now)), clock.advance)
    again = referrer.posts(M, {**a_referral(M), "token": token_of(response)}, "send")
    assert heading(again) == "We could not confirm that it was sent"
    fresh = referrer.sends(M)
    assert (fresh.status_code, heading(fresh)) == (500, "Your referral has NOT been sent")
    assert entries(parts) == 1
