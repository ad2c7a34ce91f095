"""The outbox in PostgreSQL, for several instances; the server's clock is the only clock.

A commit is answered when it is on the disk (`synchronous_commit = on`). Dead connections are noticed within seconds and
replaced. The driver is imported with the first connection: that takes as long as importing Flask, and most cold starts
of a serverless host render a page and store nothing.
"""

# ruff: noqa: D102 - documented in Outbox

import contextlib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import TYPE_CHECKING, Any

from referral_function.sending.outbox import Outbox
from referral_function.sending.statements import MIGRATIONS

if TYPE_CHECKING:
    import psycopg

_SETUP = (
    "SELECT set_config('synchronous_commit', 'on', false), set_config('statement_timeout', '10s', false), "
    "set_config('lock_timeout', '10s', false), "
    "set_config('default_transaction_isolation', 'read committed', false), set_config('client_min_messages', 'error', false)"
)
_ANSWER_TIMEOUT = 15.0  # seconds: the server's own limits do not cover a stuck process, or COMMIT waiting for a replica
_NOW = "cast(extract(epoch from clock_timestamp()) as double precision)"
_EACH = """json_array_elements_text(cast(:names AS json)) AS each (value),
    (SELECT set_config('synchronous_commit', 'off', true)) AS for_this_statement"""  # no referral waits for a figure
_SCHEMA_LOCK = 7_305_117_226  # an advisory lock, so that several instances may start at once
_FAULTS = {  # a sign in the error, which itself may repeat the password
    "resolve host": "has a server name that is not known",
    "translate host": "has a server name that is not known",
    "password authentication": "refuses the user or the password",
    "no pg_hba.conf entry": "does not let this machine or user in",
    "does not exist": "or its user does not exist on that server",
    "SSL": "server did not prove who it is: TLS failed",
    "certificate": "server did not prove who it is: TLS failed",
    "timeout": "did not answer in time",
    "Connection refused": "server does not run, or not on that port",
    "No such file": "server does not run, or not on that socket",
    "starting up": "server is starting",
    "shutting down": "server is stopping",
    "read-only": "is a replica that cannot be written",
    "too many": "has no connection left",
    "URI": "has an address that cannot be read",
}


class PostgresOutbox(Outbox):
    """An outbox in the database of a connection string (URI)."""

    errors: tuple[type[Exception], ...] = (ImportError,)  # until the driver is imported

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    @contextlib.contextmanager
    def drain_lock(self) -> Iterator[bool]:
        yield True  # drains may overlap: each entry has its lease

    def free_bytes(self) -> int | None:
        return None

    def _connect(self) -> "psycopg.Connection":
        import psycopg  # noqa: PLC0415 - see above

        self.errors = (psycopg.Error,)
        connection = psycopg.connect(
            self._address,
            autocommit=True,
            connect_timeout=10,
            tcp_user_timeout=10_000,  # milliseconds
            keepalives_idle=10,
        )
        try:
            connection.wait = functools.partial(connection.wait, timeout=_ANSWER_TIMEOUT)  # type: ignore[method-assign]
            connection.execute(_SETUP)
            _migrate(connection)
            return connection  # noqa: TRY300 - an error closes it
        except BaseException:
            connection.close()
            raise

    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        cursor = self._connection.execute(_translate(statement), values)
        return cursor.fetchall() if cursor.description else ()

    def _explain(self, error: Exception, /) -> str:
        reasons = (words for sign, words in _FAULTS.items() if sign in str(error))
        return f"the database {next(reasons, f'failed: {type(error).__name__}')}"

    def _commit_definitely_failed(self, _error: Exception, /) -> bool:
        return False  # a server that fails at COMMIT closes the connection


@functools.cache
def _translate(statement: str) -> str:
    sql = Template(statement).substitute(now=_NOW, lock="FOR UPDATE SKIP LOCKED", each=_EACH)
    return re.sub(r":(\w+)", r"%(\1)s", sql)


def _migrate(connection: "psycopg.Connection") -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS outbox_version (version integer NOT NULL)")
        found = connection.execute("SELECT max(version) FROM outbox_version").fetchone()
        version = (found and found[0]) or 0
        for statement in [line for script in MIGRATIONS[version:] for line in script]:
            connection.execute(Template(statement).substitute(bytes="bytea", time="double precision"))
        if version < len(MIGRATIONS):
            connection.execute("INSERT INTO outbox_version VALUES (%s)", (len(MIGRATIONS),))
