"""A fault while the very first referral of a service makes its tables."""

import contextlib
import itertools
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.engines import new_schema, postgres_address
from tests.security.conftest import Browsing
from tests.security.faults import ENGINES
from tests.security.test_faults import Trial


def rows(address: str) -> int:
    """Count what is stored, and make nothing."""
    path = address.removeprefix("sqlite:///")
    with contextlib.suppress(sqlite3.OperationalError, psycopg.errors.UndefinedTable), contextlib.ExitStack() as stack:
        connection: Any = (
            sqlite3.connect(f"file:{path}?mode=ro", uri=True) if path != address else psycopg.connect(path)
        )
        stack.callback(connection.close)
        return int(connection.execute("SELECT count(*) FROM outbox").fetchone()[0])
    return 0


@pytest.mark.asvs("16.5.3")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_fault_while_the_storage_is_made_is_told_truly(  # noqa: PLR0913, PLR0917 - the service, and where it stores
    browsing: Browsing,
    settings: Settings,
    parts: compose.Runtime,
    clock: Clock,
    tmp_path: Path,
    engine: str,
) -> None:
    """The very first referral makes the tables; a fault at any line of that is told truly, and the second try stores."""
    fresh = (tmp_path / f"{number}.db" for number in itertools.count())
    opened: list[Any] = []

    def trial() -> Trial:
        address = postgres_address(new_schema()) if engine == "postgres" else f"sqlite:///{next(fresh)}"
        opened.append(compose.open_outbox(replace(settings, outbox=address)))
        return Trial(browsing(opened[-1]), Route.MYSELF, lambda: rows(address), clock)

    Trial(browsing(), Route.MYSELF, lambda: 0, clock).lines()  # what only a first answer does has its own test
    parts.outbox.close()
    usual = set(Trial(browsing(), Route.MYSELF, lambda: 0, clock).lines())
    making = [line for line in trial().lines() if line not in usual]
    assert [file for file, _ in making].count(f"/sending/{engine}.py") >= 2
    assert [each for line in making for each in trial().breaks_at(line)] == []
    for outbox in opened:
        outbox.close()
