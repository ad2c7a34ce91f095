"""The thread that delivers in a long-running process."""

import threading
from collections.abc import Callable

import pytest

from referral_function.sending import drain_thread
from referral_function.sending.delivery import Delivery, Drained
from referral_function.sending.drain_thread import DrainThread
from tests.conftest import PATIENCE


class Recording(Delivery):
    """A delivery that only says when it is asked."""

    def __init__(self, *answers: Drained | Exception | None) -> None:
        self.answers = list(answers)
        self.asked = threading.Semaphore(0)
        self.held = False

    @property
    def paused(self) -> bool:
        """Whether a round was stopped not long ago."""
        return self.held

    def drain(self, seconds: float, stopping: Callable[[], bool] = lambda: False) -> Drained | None:
        """Count, and answer as told."""
        assert seconds == drain_thread.DRAIN_INTERVAL
        assert not stopping()
        self.asked.release()
        answer = self.answers.pop(0) if self.answers else Drained()
        if isinstance(answer, Exception):
            raise answer
        return answer


def wait(delivery: Recording, times: int = 1) -> None:
    """Wait until the delivery was asked so many times more."""
    for _ in range(times):
        assert delivery.asked.acquire(timeout=PATIENCE)


def test_it_drains_at_once_and_again_when_it_is_woken() -> None:
    """What waits from before is delivered at the start; an accept wakes the thread."""
    delivery = Recording()
    thread = DrainThread(delivery)
    thread.start()
    thread.start()
    wait(delivery)
    for _ in range(3):
        thread.wake()
        wait(delivery)
    assert thread.stop(PATIENCE)


def test_no_thread_is_made_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may fork after the application was made; Python 3.13.0 cannot start a thread that is older than the fork."""
    made: list[object] = []
    monkeypatch.setattr(drain_thread, "Thread", lambda **how: made.append(how))
    assert DrainThread(Recording()).stop(0)
    assert made == []


def test_it_drains_without_being_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so often the thread looks by itself: what backed off falls due."""
    monkeypatch.setattr(drain_thread, "DRAIN_INTERVAL", 0.01)
    delivery = Recording()
    thread = DrainThread(delivery)
    thread.start()
    wait(delivery, 3)
    assert thread.stop(PATIENCE)


def test_it_goes_on_at_once_when_a_round_had_no_time_to_finish() -> None:
    """A long queue is not drained thirty seconds apart."""
    delivery = Recording(Drained(unfinished=True), Drained(unfinished=True))
    thread = DrainThread(delivery)
    thread.start()
    wait(delivery, 3)
    assert thread.stop(PATIENCE)


@pytest.mark.parametrize("fault", [OSError("secret"), None])
def test_it_outlives_every_fault(fault: Exception | None, caplog: pytest.LogCaptureFixture) -> None:
    """An outbox that does not answer, or a fault of our own, is an alarm and not the end; so is another drain."""
    delivery = Recording(fault)
    thread = DrainThread(delivery)
    thread.start()
    wait(delivery)
    thread.wake()
    wait(delivery)
    assert thread.stop(PATIENCE)
    alarms = [record for record in caplog.records if record.getMessage() == "drain_failed"]
    assert [vars(record)["fields"] for record in alarms] == ([{"cause": "OSError"}] if fault else [])
    assert "secret" not in str([vars(record) for record in alarms])


def test_an_accept_does_not_wake_it_while_a_stopped_round_is_paused() -> None:
    """While the relay refuses everything, each new referral does not knock again."""
    delivery = Recording()
    thread = DrainThread(delivery)
    thread.start()
    wait(delivery)
    delivery.held = True
    thread.wake()
    assert not delivery.asked.acquire(timeout=0.2)
    assert thread.stop(PATIENCE)


def test_the_thread_does_not_keep_a_process_from_ending() -> None:
    """A process that is not asked to stop properly ends all the same; what is in flight is sent again."""
    before = set(threading.enumerate())
    delivery = Recording()
    thread = DrainThread(delivery)
    thread.start()
    wait(delivery)
    assert [(each.name, each.daemon) for each in set(threading.enumerate()) - before] == [("drain", True)]
    assert thread.stop(PATIENCE)


def test_stopping_what_never_began_is_harmless() -> None:
    """A process that ends before its first request has no thread to wait for."""
    thread = DrainThread(Recording())
    assert thread.stop(PATIENCE)


def test_stopping_says_when_a_message_in_flight_takes_too_long() -> None:
    """A stop waits for the round at work, and gives up after its time."""
    entered, leave = threading.Event(), threading.Event()
    told: list[bool] = []

    class Busy(Recording):
        def drain(self, seconds: float, stopping: Callable[[], bool] = lambda: False) -> Drained | None:
            assert seconds > 0
            entered.set()
            assert leave.wait(PATIENCE)
            told.append(stopping())
            return Drained()

    thread = DrainThread(Busy())
    thread.start()
    assert entered.wait(PATIENCE)
    assert not thread.stop(0.05)
    leave.set()
    assert thread.stop(PATIENCE)
    assert told == [True]
