"""Nothing personal is left behind: a unique word in each answer, every way through, every fault, then a search everywhere."""

import io
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.events import JsonLines
from referral_function.sending.encryption import PublicKey
from referral_function.sending.letter_text import letter_text
from referral_function.sending.outbox import TOMBSTONE_AGE
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.engines import HandMovedPostgres, postgres_server
from tests.referrer import SAME_SITE, token_of
from tests.security.canaries import Places, Way, canaries, on_disk
from tests.security.conftest import Browsing
from tests.security.faults import ENGINES, lines_reached, with_fault
from tests.smtp_server import SmtpServer

Store: TypeAlias = SqliteOutbox | HandMovedPostgres


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Catch every line of every library as it would stand on stderr."""
    monkeypatch.setattr(logging, "raiseExceptions", False)  # as `events.to_stderr` does
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def outbox(settings: Settings, clock: Clock, engine: str) -> Iterator[Store]:
    """Open the outbox of the engine, with the clock of the test."""
    path = Path(settings.outbox.removeprefix("sqlite:///"))
    opened: Store = SqliteOutbox(path, clock) if engine == "sqlite" else HandMovedPostgres.made(clock)
    yield opened
    opened.close()


@pytest.fixture
def places(outbox: Store, temporary: Path, said: io.StringIO, capfd: pytest.CaptureFixture[str], engine: str) -> Places:
    """Know where to look: on PostgreSQL the whole folder of the server, its write-ahead log and its own log in it."""
    storage = outbox.path.parent if isinstance(outbox, SqliteOutbox) else Path(postgres_server().pgdata)
    if engine == "postgres":
        outbox._run("ALTER TABLE outbox ALTER COLUMN sealed SET STORAGE EXTERNAL")  # noqa: SLF001 - or it packs what repeats
        assert (storage / "pg_wal").is_dir()
    return Places(storage=storage, temporary=temporary, log=said, streams=capfd)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which this test's temporary files would stand."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.asvs("14.2.1", "14.2.4", "14.2.7", "16.2.5", "2.3.1")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("route", Route)
def test_no_typed_word_is_left_by_a_journey(  # noqa: PLR0913, PLR0917 - the whole service, and everywhere that a word could be
    browsing: Browsing,
    settings: Settings,
    smtp_server: SmtpServer,
    clock: Clock,
    outbox: Store,
    places: Places,
    route: Route,
) -> None:
    """Every way through leaves no typed word in addresses, headers, logs, temporary files, database or WAL: the email alone has all."""
    posted, words = canaries(route)
    way = Way(browsing(outbox), route, clock)
    way.everywhere(posted)
    (entry,) = outbox.entries()
    assert entry.reference.encode() in on_disk(places.storage)
    assert places.holding(words, way.addresses) == {}
    smtp_server.script("dot", "451", "250")
    delivery = compose.make_delivery(settings, outbox)
    delivery.drain(60)
    clock.advance(3600)
    delivery.drain(60)
    wire = smtp_server.kept[0].wire.replace(b"=\r\n", b"")
    assert [word for word in words if word not in wire] == []  # the control: they are in the email
    assert places.holding(words) == {}
    clock.advance(TOMBSTONE_AGE + 1)
    delivery.drain(60)
    outbox.close()
    assert isinstance(outbox, HandMovedPostgres) or entry.reference.encode() not in on_disk(places.storage)


@pytest.mark.asvs("14.2.4", "16.5.1", "16.2.5")
@pytest.mark.parametrize("engine", ENGINES)
def test_no_typed_word_is_left_by_a_fault(browsing: Browsing, outbox: Store, clock: Clock, places: Places) -> None:
    """Whatever line breaks while a referral is sent, no typed word reaches a log, a file or an address."""
    posted, words = canaries(Route.MYSELF)
    way = Way(browsing(outbox, limit=None), Route.MYSELF, clock)
    token = token_of(way.browser.post(way.address, data=posted, headers=SAME_SITE))
    clock.advance(5)
    whole = {**posted, "token": token}
    lines, _ = lines_reached(lambda: way.posts(whole, "send"))
    for number, line in enumerate(lines):
        new = {**whole, "safe_times": f"{number}"}
        with_fault(line, lambda new=new: way.posts(new, "send"))  # type: ignore[misc] # another referral each time
    assert '"cause": "InventedFault"' in places.log.getvalue()
    assert outbox.stats().queued > 10  # what broke after the commit was another referral each time
    assert places.holding([*words, b"Zebra"], way.addresses) == {}


def prints(text: str) -> None:
    """Leave a text on stderr."""
    sys.stderr.write(text)


def keeps(text: str) -> None:
    """Leave a text in a temporary file."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)


def logs(text: str) -> None:
    """Leave a text in the log, as a library might if our form of a line let it."""
    logging.getLogger("library").warning(text)


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize(
    ("place", "leak"), [("stderr", prints), ("temporary", keeps), ("log", logs), ("storage", None)]
)
def test_a_word_that_is_left_is_found(  # noqa: PLR0913, PLR0917 - the service, where to look, and what leaks
    browsing: Browsing,
    clock: Clock,
    outbox: Store,
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    leak: Any,
) -> None:
    """The controls: a program that leaves the letter in one place, or does not seal it, is caught there and nowhere else."""
    posted, words = canaries(Route.MYSELF)
    if leak is logs:
        monkeypatch.setattr(JsonLines, "format", logging.Formatter.format)
    if leak:
        leaks = lambda letter: leak(letter_text(letter)) or letter_text(letter)  # noqa: E731 - one line
        monkeypatch.setattr("referral_function.sending.submission.letter_text", leaks)
    else:
        monkeypatch.setattr(PublicKey, "encrypt", lambda _key, wire, _reference: wire)
    way = Way(browsing(outbox), Route.MYSELF, clock)
    way.everywhere(posted)
    assert list(places.holding(words, way.addresses)) == [place]


def test_a_word_in_an_address_is_found(places: Places) -> None:
    """The control: a word in an address or a header is found, and one between other bytes of a WAL."""
    (places.storage / "outbox.db-wal").write_bytes(os.urandom(9999) + b"canary1" + os.urandom(9999))
    assert places.holding([b"canary1", b"canary2", b"canary3"], b"GET /?x=canary2") == {
        "storage": [b"canary1"],
        "addresses": [b"canary2"],
    }
