"""From the moment a reference is shown, the referral arrives: through kill -9, through a relay that is down."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.running import running
from tests.browser.service_inspection import wait_until
from tests.examples import a_referral
from tests.smtp_server import HANG, STORE_AND_HANG, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service
    from tests.examples import Posted

pytestmark = pytest.mark.browser


@pytest.fixture
def alone(site: Path, tmp_path: Path) -> Iterator[Service]:
    """Run a service that a test may kill."""
    with running(site, tmp_path) as service:
        yield service


@pytest.fixture(scope="module", autouse=True)
def left_waiting(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str, Posted]]:
    """Send a referral while the relay is down, then let the relay come back: half a minute until the next attempt."""
    posted = a_referral(Route.MYSELF, hopes=a_canary())
    with running(site, tmp_path_factory.mktemp("waiting")) as service:
        service.relay.go_away()
        reference = service.takes_in(Route.MYSELF, posted)
        wait_until(lambda: '"event": "failed"' in service.said, "an attempt failed")
        assert service.relay.kept == []
        service.relay.listen()
        yield service, reference, posted


@pytest.mark.slow("half a minute until the next attempt")
def test_a_referral_sent_while_the_relay_is_down_arrives_when_it_is_back(
    left_waiting: tuple[Service, str, Posted],
) -> None:
    """A referral that was sent while the relay was down is delivered by itself, once, when the relay is back."""
    service, reference, posted = left_waiting
    assert str(posted["hopes"]) in service.plain_letter(reference)
    assert service.copies(str(posted["hopes"])) == 1


def test_a_kill_after_the_reference_was_shown_loses_nothing(alone: Service, new_referrer: NewReferrer) -> None:
    """Kill -9 while a referral waits for a relay that says nothing: started again, it is delivered once, at once."""
    word = a_canary()
    alone.relay.script("banner", HANG)
    reference = new_referrer(alone).makes_a_referral("person_harmed", a_referral(Route.PERSON_HARMED, hopes=word))
    alone.relay.wait_for("banner")
    alone.kill()
    assert alone.relay.kept == []
    alone.relay.script("banner")
    alone.start()
    assert word in alone.plain_letter(reference)
    assert alone.copies(word) == 1


def test_a_kill_with_the_relay_down_loses_nothing(alone: Service, new_referrer: NewReferrer) -> None:
    """Relay stopped, referral sent, kill -9, both started again, an operator's retry: delivered once."""
    word = a_canary()
    alone.relay.go_away()
    reference = new_referrer(alone).makes_a_referral("myself", a_referral(Route.MYSELF, hopes=word))
    wait_until(lambda: '"event": "failed"' in alone.said, "an attempt failed")
    alone.kill()
    alone.relay.listen()
    alone.command("outbox", "retry", reference)
    alone.start()
    assert word in alone.plain_letter(reference)
    assert alone.copies(word) == 1


def test_a_kill_after_the_relay_took_it_repeats_the_same_bytes(alone: Service) -> None:
    """Kill -9 after the relay has kept a message and before it said so: a second copy, the same byte for byte."""
    alone.relay.script("dot", STORE_AND_HANG, "250")
    reference = alone.takes_in(Route.MYSELF, a_referral(Route.MYSELF))
    wait_until(lambda: alone.relay.kept, "the relay kept it")
    alone.kill()
    alone.start()
    wait_until(lambda: alone.state(reference) == "delivered", "it was delivered")
    first, second = (kept.wire for kept in alone.relay.kept)
    assert first == second


def test_a_kill_at_any_moment_of_sending_leaves_one_referral(alone: Service) -> None:
    """Kill -9 while posts are on their way, then post again: every reference that was shown is kept, one per referral."""
    words = [a_canary() for _ in range(40)]
    shown: dict[str, str] = {}

    def post_all() -> None:
        for word in words:
            try:
                shown[word] = alone.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=word))
            except OSError:
                return  # it was killed

    posting = threading.Thread(target=post_all)
    posting.start()
    wait_until(lambda: len(shown) > 3, "some references were shown")
    alone.kill()
    posting.join()
    alone.start()
    before = dict(shown)
    for word in words[: len(before) + 1]:
        again = alone.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=word))
        assert again == before.get(word, again)
    assert [alone.copies(word) >= 1 for word in before] == [True] * len(before)
    assert len(alone.rows("reference")) == len(before) + 1


def test_nothing_readable_is_on_disk_and_nothing_sealed_after_delivery(site: Path, tmp_path: Path) -> None:
    """The files of the service hold no word of a referral at any time, and no sealed byte of it once it is delivered."""
    word = a_canary()
    with running(site, tmp_path, SmtpServer(folder=tmp_path)) as service:
        service.relay.script("banner", HANG, "220")
        reference = service.takes_in(Route.PERSON_HARMED, a_referral(Route.PERSON_HARMED, victim_name=word))
        service.relay.wait_for("banner")
        ((sealed,),) = service.rows("sealed", reference)
        assert isinstance(sealed, bytes)
        pieces = [sealed[start : start + 24] for start in range(0, len(sealed) - 24, 24)]
        waiting = service.on_disk()
        assert word.encode() not in waiting
        assert [piece for piece in pieces if piece in waiting], "the search does not find what is there"
        service.kill()
        assert word.encode() not in service.on_disk()
        service.start()
        assert word in service.plain_letter(reference)
        assert service.rows("sealed", reference) == [(None,)]
        wait_until(lambda: not any(piece in service.on_disk() for piece in pieces), "the sealed bytes were gone")
        assert word.encode() not in service.on_disk()
        assert reference.encode() in service.on_disk()
