"""Referrals to a disk that is full, in every place where a disk can become so; prints what was found as JSON."""

import contextlib
import json
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.examples import a_full_referral
from tests.project_copies import PHONE
from tests.referrer import Browser, Referrer

MOUNTED = 'mount -t tmpfs -o size=1m none "$0" && cd . && SMALL_DISK="$0" exec "$@"'
_NOT_SENT, _UNSURE = "NOT been sent", "could not confirm that it was sent"
_full_at: Counter[str] = Counter()


class Noted(SqliteOutbox):
    """The outbox, which also notes at which statement the disk was full; `spills`: pages are written before the commit."""

    spills = False

    def _connect(self) -> sqlite3.Connection:
        with noting("opening"):
            connection = super()._connect()
        if self.spills:
            connection.execute("PRAGMA cache_size = 1")
        return connection

    def _execute(self, statement: str, values: Any) -> Any:
        with noting(statement.split(maxsplit=1)[0]):
            return super()._execute(statement, values)


@contextlib.contextmanager
def noting(place: str) -> Iterator[None]:
    """Count an error that says that the disk is full."""
    try:
        yield
    except sqlite3.OperationalError as error:
        _full_at[place] += error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        raise


def trial(disk: Path, settings: Settings, room: int, *, spills: bool) -> tuple[Counter[str], list[str]]:
    """Send until the room is over, then make room and send again; return what was answered and what was wrong."""
    clock, answers, told = Clock(), Counter[str](), set[int]()
    wrong: list[str] = []
    path = disk / "outbox.db"
    outbox = Noted(path, clock)
    outbox.spills = spills
    parts = replace(compose.Runtime.from_settings(settings), outbox=outbox)
    service = compose.application(settings, parts, now=lambda: datetime.fromtimestamp(clock(), UTC))
    referrer = Referrer(Browser(service), clock.advance)
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(b"x" * max(free - room * 1024, 0))
    for number in range(6):
        size = 1900 if spills else 100  # of four bytes each, and more on the wire
        posted = a_full_referral(Route.MYSELF, hopes=f"hope {number} " + "🙂" * size, summary="🙂" * size)
        answer = referrer.sends(Route.MYSELF, posted)
        answers[_kind(answer.status_code, answer.text)] += 1
        if answer.status_code == 303:
            told.add(number)
            continue
        stored = _stored(path)
        wrong += ["a false “not sent”"] if _NOT_SENT in answer.text and stored > len(told) else []
        wrong += [] if f"hope {number}" in answer.text and PHONE in answer.text else ["answers or phone gone"]
    filler.unlink()
    again = referrer.sends(Route.MYSELF, a_full_referral(Route.MYSELF, hopes="with room again"))
    wrong += [] if again.status_code == 303 else [f"not back: {again.status_code}"]
    kept = sum(1 for _ in outbox.entries())
    wrong += [] if kept == len(told) + 1 else [f"{len(told) + 1} told, {kept} kept"]
    whole = outbox._run("PRAGMA integrity_check")  # noqa: SLF001 - SQLite's own word
    wrong += [] if whole == [("ok",)] else [str(whole)]
    outbox.close()
    for left in disk.iterdir():
        left.unlink()
    return answers, [f"room {room}: {each}" for each in wrong]


def _stored(path: Path) -> int:
    """Count what another process would find, in a copy: there is no room here for a reader."""
    with tempfile.TemporaryDirectory() as elsewhere:
        for each in (path, path.with_name(path.name + "-wal")):
            if each.exists():
                shutil.copy(each, elsewhere)
        with contextlib.closing(sqlite3.connect(Path(elsewhere) / path.name)) as looked:
            made = looked.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outbox'").fetchone()[0]
            return int(looked.execute("SELECT count(*) FROM outbox").fetchone()[0]) if made else 0


def _kind(status: int, text: str) -> str:
    if status == 303:
        return "303"
    return f"{status} {_NOT_SENT if _NOT_SENT in text else _UNSURE if _UNSURE in text else 'SILENCE'}"


def main() -> None:
    """Try every room from none to enough, in steps of less than a page of the disk."""
    logging.disable()
    disk, settings = Path(os.environ["SMALL_DISK"]), Settings.read(os.environ)
    answers = Counter[str]()
    wrong: list[str] = []
    for room in range(0, 240, 12):
        for spills in (False, True):
            got, found = trial(disk, settings, room, spills=spills)
            answers, wrong = answers + got, wrong + found
    json.dump({"answers": answers, "wrong": wrong, "full at": _full_at}, sys.stdout)


if __name__ == "__main__":
    main()
