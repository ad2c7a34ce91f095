"""Who delivers in a long-running process: one thread, woken by each accept and every 30 seconds."""

from collections.abc import Callable
from threading import Event, Lock, Thread

from referral_function import events
from referral_function.sending.delivery import Delivery, Drained

DRAIN_INTERVAL = 30.0  # seconds between two rounds


class DrainThread:
    """Drains in the background until it is told to stop."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._woken, self._stopping = Event(), Event()
        self._starting = Lock()
        self._thread: Thread | None = (
            None  # made in `start`: Python 3.13.0 cannot start one that was made before a fork
        )

    def start(self) -> None:
        """Begin, if it has not begun; what waits from before is delivered first."""
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="drain", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Say that there is something new to deliver."""
        if not self._delivery.paused:
            self._woken.set()

    def stop(self, timeout: float) -> bool:
        """Finish the message in flight and end; False if that takes longer than these seconds."""
        self._stopping.set()
        self._woken.set()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            drained = drain_and_log_errors(self._delivery, DRAIN_INTERVAL, self._stopping.is_set)
            if not (drained and drained.unfinished):
                self._woken.wait(DRAIN_INTERVAL)


def drain_and_log_errors(
    delivery: Delivery, seconds: float, stopping: Callable[[], bool] = lambda: False
) -> Drained | None:
    """Drain where nobody could do anything about an error: it becomes an alarm, and the next round tries again."""
    try:
        return delivery.drain(seconds, stopping)
    except Exception as error:  # noqa: BLE001 - whatever it is, what was accepted is stored
        events.alarm("drain_failed", cause=type(error).__name__)
        return None
