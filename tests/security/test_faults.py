"""A fault of ours at any line that a referral reaches: what the referrer is then told is true, kind, and loses nothing."""

import itertools
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.web.static_files import StaticFilesMiddleware
from tests.conftest import Clock
from tests.examples import Posted, a_full_referral
from tests.project_copies import PHONE
from tests.referrer import SAME_SITE, Browser, heading, token_of
from tests.security.conftest import Browsing
from tests.security.faults import ENGINES, Line, lines_reached, with_fault

NOT_SENT, UNCONFIRMED = "NOT been sent", "could not confirm that it was sent"
OUTERMOST = {("/web/static_files.py", number) for _, _, number in StaticFilesMiddleware.__call__.__code__.co_lines()}
"""Where not even the error page can be made: the one place from which the answers do not come back."""


def judge(answer: TestResponse, typed: str, *, stored: bool, fallback_error_page: bool = False) -> list[str]:
    """Name everything that is wrong with an answer to a send during which something broke."""
    page, wrong = answer.text, []
    if answer.status_code == 303:
        return [] if stored else ["a false success"]
    if NOT_SENT in page and stored:
        wrong.append("a false “not sent”")
    if NOT_SENT not in page and UNCONFIRMED not in page:
        wrong.append(f"silence about what was sent: {answer.status_code} {heading(answer)}")
    wrong += [f"{word} is shown" for word in ("Traceback", "InventedFault", "Zebra", ".py") if word in page]
    if PHONE not in page:
        wrong.append("no phone number")
    if typed not in page and not fallback_error_page:
        wrong.append("the typed answers are gone")
    return wrong


def test_the_judge_sees_what_is_wrong() -> None:
    """The control: each way of being wrong is named."""

    class Page:
        status_code = 500
        text = "Traceback: NOT been sent"

    seen = judge(Page(), "typed", stored=True)  # type: ignore[arg-type] # all that is read of an answer
    assert seen == ["a false “not sent”", "Traceback is shown", "no phone number", "the typed answers are gone"]
    Page.text = f"{PHONE} typed"
    assert judge(Page(), "typed", stored=False)[0].startswith("silence")  # type: ignore[arg-type]
    Page.status_code = 303
    assert judge(Page(), "typed", stored=False) == ["a false success"]  # type: ignore[arg-type]


class Trial:
    """Sends one new referral after another, each with a fault at another line."""

    numbers = itertools.count()

    def __init__(self, browser: Browser, route: Route, entries: Callable[[], int], clock: Clock) -> None:
        self.browser, self.route, self.entries = browser, route, entries
        self.address, self.token = f"/referral/{route.slug}/", ""
        self.token = token_of(self.posts(self.next_referral()[1], "review"))
        clock.advance(5)

    def next_referral(self) -> tuple[str, Posted]:
        """Invent another one, whose hope is unlike every other."""
        hope = f"hope number {next(self.numbers)} of many"
        return hope, {**a_full_referral(self.route, hopes=hope), "token": self.token}

    def posts(self, posted: Posted, action: str = "send") -> TestResponse:
        """Press a button."""
        return self.browser.post(self.address, data={**posted, "action": action}, headers=SAME_SITE)

    def lines(self) -> list[Line]:
        """List the lines that a send reaches when nothing breaks."""
        _, posted = self.next_referral()
        reached, answer = lines_reached(lambda: self.posts(posted))
        assert answer.status_code == 303
        return reached

    def breaks_at(self, line: Line) -> list[str]:
        """Name what is wrong when this line breaks, and when the referrer then tries again."""
        hope, posted = self.next_referral()
        before = self.entries()
        answer = with_fault(line, lambda: self.posts(posted))
        wrong = judge(answer, hope, stored=self.entries() > before, fallback_error_page=line in OUTERMOST)
        again = self.posts(posted)
        if again.status_code != 303 or self.entries() != before + 1:
            wrong.append(f"the second try ends with {again.status_code} and {self.entries() - before} entries")
        return [f"{line[0]}:{line[1]}: {each}" for each in wrong]


@pytest.mark.asvs("2.3.3", "16.5.1", "16.5.3")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_fault_at_any_line_is_told_truly(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, engine: str
) -> None:
    """Whichever line raises, no answer is a false success or a false “not sent”, and nothing that was typed is lost."""
    tried: set[Line] = set()
    wrong = []
    for route in (Route.PERSON_RESPONSIBLE, Route.MYSELF, Route.PERSON_HARMED):
        trial = Trial(browsing(limit=10**6), route, entries, clock)
        trial.lines()  # what only a first answer does has its own test
        new = [line for line in trial.lines() if line not in tried]
        tried.update(new)
        wrong += [each for line in new for each in trial.breaks_at(line)]
    assert wrong == []
    assert len(tried) > 300
    assert {
        "/web/static_files.py",
        "/web/app.py",
        "/web/journey.py",
        "/sending/submission.py",
        f"/sending/{engine}.py",
    } <= {file for file, _ in tried}


@pytest.mark.asvs("16.5.3")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_fault_at_the_first_answer_is_told_truly(
    browsing: Browsing, parts: compose.Runtime, entries: Callable[[], int], clock: Clock, engine: str
) -> None:
    """The lines that only the first referral of a process reaches are no different."""
    warm = Trial(browsing(), Route.MYSELF, entries, clock)
    warm.lines()
    usual = set(warm.lines())

    def fresh() -> Trial:
        trial = Trial(browsing(), Route.MYSELF, entries, clock)
        parts.outbox.close()
        return trial

    first = [line for line in fresh().lines() if line not in usual]
    assert {"/web/rate_limit.py", f"/sending/{engine}.py"} <= {file for file, _ in first}
    assert [each for line in first for each in fresh().breaks_at(line)] == []


@pytest.mark.asvs("16.5.1", "16.5.3")
@pytest.mark.parametrize("action", ["check", "review", "edit"])
def test_a_fault_before_sending_keeps_the_answers(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, action: str
) -> None:
    """A fault while answers are checked, reviewed or changed says that nothing was sent, which is true."""
    trial = Trial(browsing(), Route.MYSELF, entries, clock)
    hope, posted = trial.next_referral()
    lines, _ = lines_reached(lambda: trial.posts(posted, action))
    for line in lines[::3]:
        answer = with_fault(line, lambda: trial.posts(posted, action))
        wrong = judge(answer, hope, stored=False, fallback_error_page=line in OUTERMOST)
        assert answer.status_code == 200 or wrong == [], line
    assert entries() == 0


@pytest.mark.asvs("16.5.1")
def test_a_fault_on_the_sent_page_never_says_not_sent(
    browsing: Browsing, entries: Callable[[], int], clock: Clock
) -> None:
    """When the page with the reference breaks, it is an error page with the phone number that does not deny the sending."""
    trial = Trial(browsing(), Route.MYSELF, entries, clock)
    sent = trial.posts(trial.next_referral()[1]).headers["Location"]
    lines, _ = lines_reached(lambda: trial.browser.get(sent))
    for line in lines:
        answer = with_fault(line, lambda: trial.browser.get(sent))
        assert answer.status_code in {200, 500}, line
        assert PHONE in answer.text
        assert NOT_SENT not in answer.text
        assert "Zebra" not in answer.text
