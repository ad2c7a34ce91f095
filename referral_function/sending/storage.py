"""The connection of the outbox to its storage: opened at first use, shared by all threads, dropped after any error."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from threading import RLock
from typing import Any

from referral_function.sending.entry import NotStored, OutboxError

_LOCK_TIMEOUT = 20.0  # seconds


class Storage(ABC):
    """Base of both engines."""

    errors: tuple[type[Exception], ...]  # of the driver
    begin = "BEGIN"
    place = "the database"

    def __init__(self) -> None:
        self._lock = RLock()
        self._connection: Any = None

    def close(self) -> None:
        """Close the connection; the next call opens a new one."""
        with self._exclusive():
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(*self.errors):
                    connection.close()

    @abstractmethod
    def _connect(self) -> object:
        """Open a connection in autocommit mode, and create or migrate the schema."""

    @abstractmethod
    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        """Run one statement on the open connection and return its rows.

        All are fetched at once: a cursor left open in one thread broke the COMMIT of another.
        """

    @abstractmethod
    def _explain(self, error: Exception, /) -> str:
        """Say in words, without a secret, why the storage did not answer."""

    @abstractmethod
    def _commit_definitely_failed(self, error: Exception, /) -> bool:
        """Whether this error of COMMIT proves that nothing was stored."""

    def replaced(self) -> bool:
        """Whether the file that is open was deleted or replaced; what it holds can still be delivered."""
        return False

    def _verify_file(self) -> None:
        if self.replaced():  # a referral in a deleted file would be gone with this process
            raise NotStored("its file was deleted or replaced while the form had it open")

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Serialise access. Raises NotStored if the lock is not free within 20 s."""
        if not self._lock.acquire(timeout=_LOCK_TIMEOUT):
            raise NotStored("Another thread is still waiting for the storage.")
        try:
            yield
        finally:
            self._lock.release()

    def _run_together(self, *pairs: tuple[str, Mapping[str, object]]) -> None:
        """Run statements with their values in one commit."""
        with self._exclusive(), contextlib.ExitStack() as undo:
            undo.callback(self.close)
            self._run(self.begin)
            try:
                for statement, values in pairs:
                    self._execute(statement, values)
                self._execute("COMMIT", {})
            except self.errors as error:
                raise OutboxError(self._explain(error)) from error
            undo.pop_all()

    def _run(self, statement: str, **values: object) -> Sequence[Any]:
        """Run one statement; after an error on a connection that was open before, once more on a new one."""
        with self._exclusive():
            if self._connection is not None:
                try:
                    return self._execute(statement, values)
                except self.errors:
                    self._verify_file()  # a new connection would open another file, and what waits in this one would be lost
                    self.close()
            try:
                self._connection = self._connect()
                return self._execute(statement, values)
            except self.errors as error:
                self._verify_file()
                self.close()
                raise OutboxError(self._explain(error)) from error
