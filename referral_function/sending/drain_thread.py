"""The thread that delivers in a long-running process, woken by each accept and every 30 seconds."""

from collections.abc import Callable
from threading import Event, Lock, Thread

from referral_function import events
from referral_function.sending.delivery import Delivery, Drained

DRAIN_INTERVAL = 30.0  # seconds between two drains


class DrainThread:
    """Drains in the background until it is stopped."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._woken, self._stopping = Event(), Event()
        self._starting = Lock()
        self._thread: Thread | None = None  # made by `start`: Python 3.13.0 starts none that was made before a fork

    def start(self) -> None:
        """Start the thread if it is not running; it drains at once."""
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="drain", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Drain now, unless deliveries are paused."""
        if not self._delivery.paused:
            self._woken.set()

    def stop(self, timeout: float) -> bool:
        """Finish the message in flight and stop; False if that takes longer than `timeout` seconds."""
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
    """Drain where no caller can handle an error: log it as an alarm and return None; the next drain tries again."""
    try:
        return delivery.drain(seconds, stopping)
    except Exception as error:  # noqa: BLE001 - any error: what was accepted is stored
        events.alarm("drain_failed", cause=type(error).__name__)
        return None
