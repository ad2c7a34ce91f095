"""Whole posts from nowhere: any bytes, any names, any headers get a normal page, and never a fault."""

from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral_function.asking.form import DATE_PARTS
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.examples import a_full_referral
from tests.page_checks import check_page
from tests.referrer import Browser
from tests.security.conftest import Browsing
from tests.security.test_mail_injection import CORPUS

NORMAL = {200, 303, 400, 403, 413, 415, 422}
NAMES = sorted(
    {q.name for route in Route for q in questions(route)} | {f"offender_birth_date-{part}" for part in DATE_PARTS}
)
EXTRA = ["action", "token", "leave_empty", "summary[]", "__class__", "", "\x00", "x" * 300]
# C1 controls and what is no character are kept as typed; a strict reader of HTML frowns on them, and that is all.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cn", "Cs"]), max_size=60)
PLAIN = [text for text in CORPUS.values() if "\u0085" not in text]
TEXTS = st.one_of(
    WORDS,
    st.sampled_from([*PLAIN, "yes", "no", "none", "phone", "31", "1985", "\x00", "a@b.c"]),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES + EXTRA), TEXTS), max_size=40)
ACTIONS = st.sampled_from(["check", "review", "edit", "send", "SEND", "", "\x00"])
FEW = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def browser(browsing: Browsing) -> Browser:
    """Give one service for all examples of a test."""
    return browsing()


def held(browser: Browser, route: Route, body: bytes, **headers: str) -> None:
    """Post some bytes, and hold the answer to what every answer must be."""
    answer = browser.post(f"/referral/{route.slug}/", data=body, headers={"Content-Type": URLENCODED, **headers})
    assert answer.status_code in NORMAL
    assert "Traceback" not in answer.text
    if answer.status_code != 303:
        check_page(answer.text)


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """Write a post as a browser would, also what no browser could."""
    return urlencode(pairs, quote_via=quote_plus, errors="surrogatepass").encode()


@pytest.mark.asvs("1.3.3", "2.2.1", "15.3.5")
@FEW
@given(route=st.sampled_from(Route), pairs=PAIRS, action=ACTIONS)
def test_any_answers_get_a_page(browser: Browser, route: Route, pairs: list[tuple[str, str]], action: str) -> None:
    """Any names with any texts, also repeated and of other routes, are answered with a good page."""
    held(browser, route, encoded([*pairs, ("action", action)]), **{"Sec-Fetch-Site": "same-origin"})


@pytest.mark.asvs("1.3.3", "2.2.1")
@FEW
@given(route=st.sampled_from(Route), changes=st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4), action=ACTIONS)
def test_any_change_of_a_whole_referral_gets_a_page(
    browser: Browser, route: Route, changes: dict[str, str], action: str
) -> None:
    """A complete referral with any few answers replaced by anything is answered with a good page."""
    posted = {**a_full_referral(route), **changes, "action": action}
    pairs = [(name, each) for name, value in posted.items() for each in ([value] if isinstance(value, str) else value)]
    held(browser, route, encoded(pairs), **{"Sec-Fetch-Site": "same-origin"})


@pytest.mark.asvs("1.3.3", "4.1.1")
@FEW
@given(
    body=st.binary(max_size=400),
    fetch_site=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20),
)
def test_any_bytes_get_a_page(browser: Browser, body: bytes, fetch_site: str) -> None:
    """Any bytes as a form, with any Sec-Fetch-Site, are answered with a good page."""
    held(browser, Route.MYSELF, body, **{"Sec-Fetch-Site": fetch_site})
