"""The outbox shared by many instances: PostgreSQL, whose clock is the only clock.

A commit is answered when it is on the disk (`synchronous_commit = on`). Connections that died, with the server or the
network, are noticed within seconds and opened anew. The driver is loaded with the first connection: it takes as long as
Flask, and most cold starts of a serverless host answer a page of the form and store nothing.
"""

# ruff: noqa: D102 - what each method does is said once, in the Outbox protocol

import contextlib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import TYPE_CHECKING, Any

from referral_function.sending.sql import SqlOutbox
from referral_function.sending.statements import MIGRATIONS

if TYPE_CHECKING:
    import psycopg

_SETUP = (
    "SELECT set_config('synchronous_commit', 'on', false), set_config('statement_timeout', '10s', false), "
    "set_config('lock_timeout', '10s', false), "
    "set_config('default_transaction_isolation', 'read committed', false), set_config('client_min_messages', 'error', false)"
)
_LONGEST_ANSWER = 15.0  # seconds: a server that is stuck, or in COMMIT waits for its replica, keeps no limit of its own
_NOW = "cast(extract(epoch from clock_timestamp()) as double precision)"
_LOCK = 7_305_117_226  # of the schema, so that several instances may start at once


class PostgresOutbox(SqlOutbox):
    """An outbox in a database of its own."""

    errors: type[Exception] = ImportError  # until the driver is there

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._worded: dict[str, str] = {}

    @contextlib.contextmanager
    def drain_lock(self) -> Iterator[bool]:
        yield True  # drains may overlap: leases keep them apart

    def _opened(self) -> "psycopg.Connection":
        import psycopg  # noqa: PLC0415 - see the first lines

        self.errors = psycopg.Error
        connection = psycopg.connect(
            self._address,
            autocommit=True,
            connect_timeout=10,
            tcp_user_timeout=10_000,  # ms; a server that vanished is noticed by then
            keepalives_idle=10,
        )
        try:
            connection.wait = functools.partial(connection.wait, timeout=_LONGEST_ANSWER)  # type: ignore[method-assign]
            connection.execute(_SETUP)
            _migrate(connection)
            return connection  # noqa: TRY300 - inside: whatever happens, none is left open
        except BaseException:
            connection.close()
            raise

    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        if statement not in self._worded:
            with_route_variants = Template(statement).substitute(now=_NOW, lock="FOR UPDATE SKIP LOCKED")
            self._worded[statement] = re.sub(r":(\w+)", r"%(\1)s", with_route_variants)
        cursor = self._connection.execute(self._worded[statement], values)
        return cursor.fetchall() if cursor.description else ()

    def _commit_definitely_failed(self, _error: Exception, /) -> bool:
        return False  # a server that fails at COMMIT does not say so, it goes away


def _migrate(connection: "psycopg.Connection") -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS outbox_version (version integer NOT NULL)")
        found = connection.execute("SELECT max(version) FROM outbox_version").fetchone()
        version = (found and found[0]) or 0
        for statement in [line for script in MIGRATIONS[version:] for line in script]:
            connection.execute(Template(statement).substitute(bytes="bytea", time="double precision"))
        if version < len(MIGRATIONS):
            connection.execute("INSERT INTO outbox_version VALUES (%s)", (len(MIGRATIONS),))
