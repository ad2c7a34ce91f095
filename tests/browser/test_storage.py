"""When a referral cannot be stored the referrer is told so, loses nothing, and can try again."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.running import running
from tests.examples import a_referral
from tests.project_copies import PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.referrer import Referrer
    from tests.browser.running import Service

pytestmark = pytest.mark.browser
NOT_SENT, UNCONFIRMED = "Your referral has NOT been sent", "We could not confirm that it was sent"


@pytest.fixture
def broken(site: Path, tmp_path: Path) -> Iterator[Service]:
    """Run a service whose outbox cannot be opened: a folder stands in its place."""
    with running(site, tmp_path, before=lambda service: service.database.mkdir(parents=True)) as service:
        yield service


def test_a_service_that_has_started_has_its_tables(site: Path, tmp_path: Path) -> None:
    """The outbox can be looked into from the start, also where no drain thread has made its tables."""
    with running(site, tmp_path, before=lambda service: service.also.update(REFERRAL_DRAIN="off")) as service:
        assert service.rows("reference") == []


def is_told(heading: str, somebody: Referrer, word: str) -> None:
    """Hold the page to what it must say: the truth, everything typed, how to print it, the phone number."""
    assert (somebody.status, somebody.focus) == (503, f"result: {heading}")
    assert PHONE in somebody.sees
    assert "print this page" in somebody.sees
    assert word in somebody.sees
    assert somebody.page.locator(".reference").count() == 0


def test_what_cannot_be_stored_is_not_lost(broken: Service, new_referrer: NewReferrer) -> None:
    """Storage is down: "NOT been sent", answers and phone number on the page; storage is back: Try again sends it."""
    word = a_canary()
    somebody = new_referrer(broken, javascript=False).opens_the_form("person_harmed")
    somebody.has_filled_in(a_referral(Route.PERSON_HARMED, hopes=word)).continues().sends()
    is_told(NOT_SENT, somebody, word)
    is_told(NOT_SENT, somebody.reads_it_over().presses("Try again"), word)
    broken.database.rmdir()
    reference = somebody.reads_it_over().presses("Try again").reads_the_reference()
    assert broken.state(reference) in {"queued", "delivered"}
    assert len(broken.rows("reference")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a running process lose its disk")
def test_a_disk_that_fails_at_the_commit_is_told_as_it_is(service: Service, new_referrer: NewReferrer) -> None:
    """The disk fails while it is stored: "could not confirm", and Try again, when it works again, sends it once."""
    word = a_canary()
    service.letter(service.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=a_canary())))
    somebody = new_referrer(service).opens_the_form("myself")
    somebody.has_filled_in(a_referral(Route.MYSELF, hopes=word)).continues().reads_it_over()
    with service.failing_disk():
        is_told(UNCONFIRMED, somebody.presses("Send referral"), word)
        assert "Try again: it will not be sent twice." in somebody.sees
    reference = somebody.reads_it_over().presses("Try again").reads_the_reference()
    assert word in service.plain_letter(reference)
    assert service.copies(word) == 1
    with closing(sqlite3.connect(service.database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.asvs("16.5.2")
def test_the_form_stays_open_while_the_relay_is_away(service: Service) -> None:
    """A relay that is down closes nothing: the service says that it can take referrals, and says that it lives."""
    service.relay.go_away()
    try:
        assert [service.asks("GET", f"/referral/{name}")[0] for name in ("livez", "readyz")] == [200, 200]
    finally:
        service.relay.listen()
