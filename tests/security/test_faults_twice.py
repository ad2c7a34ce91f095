"""Faults that come together, and faults with a guard switched off: the controls of the tests of faults."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.sending.entry import NotStored, Unconfirmed
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.web.form_post import FormPost
from referral_function.web.journey import Journey
from referral_function.web.outcomes import Failed
from referral_function.web.render import Renderer
from tests.conftest import Clock
from tests.examples import Posted
from tests.page_checks import check_page
from tests.project_copies import PHONE
from tests.referrer import SAME_SITE, token_of
from tests.security.conftest import Browsing
from tests.security.test_faults import NOT_SENT, UNCONFIRMED, Trial

M = Route.MYSELF


def fail(*_: object, **__: object) -> Any:
    """Break, with words that nobody may see."""
    raise KeyError("Zebra")


def never_sure(self: SqliteOutbox, **entry: Any) -> Any:
    """Store, and lose the answer to COMMIT."""
    stored(self, **entry)
    raise Unconfirmed


def _away(*_: object) -> Any:
    """Be a storage that is away."""
    raise NotStored


stored = SqliteOutbox.accept
server_error = Journey.server_error


@pytest.mark.asvs("16.5.3")
def test_a_review_that_breaks_after_the_commit_is_no_not_sent(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not confirmed, and then the page that should say so breaks: the form comes back, and says the same."""
    trial = Trial(browsing(), M, entries, clock)
    hope, posted = trial.next_referral()
    monkeypatch.setattr(SqliteOutbox, "accept", never_sure)
    monkeypatch.setattr(Renderer, "_review_page", fail)
    answer = trial.posts(posted)
    assert answer.status_code == 500
    assert UNCONFIRMED in answer.text
    assert NOT_SENT not in answer.text
    assert hope in answer.text
    assert entries() == 1


@pytest.mark.asvs("16.5.3")
@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("edit", {}),
        ("check", {}),
        ("review", {"victim_name": ""}),
        ("review", {"offender_adult": "no"}),
        ("review", {"leave_empty": "x"}),
    ],
    ids=["change", "check", "incomplete", "signposted", "hidden box"],
)
def test_no_way_round_forgets_that_it_may_have_been_sent(  # noqa: PLR0913, PLR0917 - the service, and a way round
    browsing: Browsing,
    entries: Callable[[], int],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    changes: Posted,
) -> None:
    """Not confirmed, then any page of the form, then Continue: the review does not say that nothing has been sent."""
    trial = Trial(browsing(), M, entries, clock)
    _hope, posted = trial.next_referral()
    monkeypatch.setattr(SqliteOutbox, "accept", never_sure)
    token = token_of(trial.posts(posted))
    between = trial.browser.post(
        trial.address, data={**posted, **changes, "token": token, "action": action}, headers=SAME_SITE
    )
    data = {**posted, "token": token_of(between), "action": "review"}
    review = trial.browser.post(trial.address, data=data, headers=SAME_SITE)
    assert UNCONFIRMED in review.text
    assert "Nothing has been sent" not in review.text
    clock.advance(5)
    monkeypatch.setattr(SqliteOutbox, "find", _away)
    last = trial.browser.post(
        trial.address, data={**data, "token": token_of(review), "action": "send"}, headers=SAME_SITE
    )
    assert NOT_SENT not in last.text
    assert UNCONFIRMED in last.text


@pytest.mark.asvs("16.5.1", "16.5.4")
@pytest.mark.parametrize(
    ("accept", "said"), [(never_sure, UNCONFIRMED), (None, NOT_SENT)], ids=["stored", "not stored"]
)
def test_without_any_form_the_page_is_honest_all_the_same(  # noqa: PLR0913, PLR0917 - what breaks, and what is seen
    browsing: Browsing,
    entries: Callable[[], int],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    accept: Any,
    said: str,
) -> None:
    """When neither review nor form can be made, a page of the site says what is known, with the phone number."""
    trial = Trial(browsing(), M, entries, clock)
    if accept:
        monkeypatch.setattr(SqliteOutbox, "accept", accept)
    else:
        monkeypatch.setattr("referral_function.web.journey.decide", fail)
    monkeypatch.setattr(Renderer, "_review_page", fail)
    monkeypatch.setattr("referral_function.web.render.render_form", fail)
    answer = trial.posts(trial.next_referral()[1])
    check_page(answer.text)
    assert answer.status_code == 500
    assert said in answer.text
    assert PHONE in answer.text
    assert "Zebra" not in answer.text


@pytest.mark.asvs("16.5.4")
def test_the_last_resort_is_a_page_made_ahead(
    browsing: Browsing, entries: Callable[[], int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When every page breaks, one that was made at the start says what to do, with all headers and the phone number."""
    trial = Trial(browsing(), M, entries, clock)
    monkeypatch.setattr(SqliteOutbox, "accept", never_sure)
    for page in ("_review_page", "message"):
        monkeypatch.setattr(Renderer, page, fail)
    monkeypatch.setattr("referral_function.web.render.render_form", fail)
    answer = trial.posts(trial.next_referral()[1])
    check_page(answer.text)
    assert answer.status_code == 500
    assert UNCONFIRMED in answer.text
    assert PHONE in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.asvs("16.5.4")
def test_a_thread_that_cannot_start_stops_no_answer(browsing: Browsing) -> None:
    """When what comes before every answer breaks, the form is answered as ever."""
    browser = browsing()
    front: Any = browser.application.wsgi_app  # type: ignore[attr-defined] # a Flask application
    front._on_request = fail  # noqa: SLF001 - such as a process that may start no more threads
    assert browser.get("/referral/livez").status_code == 200
    assert browser.post("/referral/myself/", data={"action": "review"}, headers=SAME_SITE).status_code == 422


def always_not_sent(journey: Journey, post: FormPost) -> Failed:
    """Say what is not known."""
    return replace(server_error(journey, post), possibly_stored=False)


@pytest.mark.parametrize(
    ("guard", "name", "without", "file"),
    [
        (Journey, "server_error", always_not_sent, "/web/security_headers.py"),
        (SqliteOutbox, "close", lambda _outbox: None, "/sending/outbox.py"),
        (Journey, "server_error", fail, "/web/journey.py"),
    ],
    ids=["what may have been sent", "the undone transaction", "the answers given back"],
)
def test_without_its_guard_a_fault_is_seen(  # noqa: PLR0913, PLR0917 - the guard, and where it is missed
    browsing: Browsing,
    entries: Callable[[], int],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    parts: compose.Runtime,
    guard: type,
    name: str,
    without: Any,
    file: str,
) -> None:
    """The controls: with a guard switched off, the same trial finds a lie or a loss."""
    trial = Trial(browsing(limit=None), M, entries, clock)
    lines = [line for line in trial.lines() if line[0] == file]
    with monkeypatch.context() as patched:
        patched.setattr(guard, name, without)
        seen = any(trial.breaks_at(line) for line in lines)
    parts.outbox.close()
    assert seen
