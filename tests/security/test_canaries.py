"""Nothing personal is left behind: a unique word in each answer, every way through, every fault, then a search everywhere."""

import io
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from referral_function import compose
from referral_function.asking.questions import LongText, Route, Shape, ShortText
from referral_function.asking.referral import questions
from referral_function.events import JsonLines
from referral_function.sending.outbox import TOMBSTONE_AGE
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings import Settings
from tests.conftest import Clock
from tests.examples import Posted, a_full_referral
from tests.post_office import PostOffice
from tests.referrer import OURS, Browser, token_of
from tests.security.conftest import Browsing
from tests.security.faults import lines_reached, with_fault


def canaries(route: Route) -> tuple[Posted, list[bytes]]:
    """Give a whole referral with another unique word in each answer that is typed, and all of these words."""
    posted, words = a_full_referral(route), []
    for question in questions(route):
        word = f"canary{secrets.token_hex(6)}"
        match question.answer:
            case ShortText(shape=Shape.EMAIL):
                posted[question.name] = f"{word}@example.org"
            case ShortText(shape=Shape.ANY) | LongText():
                posted[question.name] = word
            case ShortText():
                word = f"+44 1632 {secrets.randbelow(10**6):06} x{secrets.randbelow(10**6):06}"
                posted[question.name] = word
            case _:
                continue
        words.append(word.encode())
    return posted, words


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Catch every line of every library as it would stand on stderr."""
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


def on_disk(*folders: Path) -> bytes:
    """Read every file of some folders as raw bytes: database, WAL, locks, and whatever should not be there."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def found(words: list[bytes], *places: bytes) -> list[bytes]:
    """Name the words that stand somewhere."""
    return [word for word in words if any(word in place for place in places)]


class Way:
    """Every way through the service with one set of answers; remembers each address that was used or given."""

    def __init__(self, browser: Browser, route: Route, clock: Clock) -> None:
        self.browser, self.clock, self.addresses = browser, clock, b""
        self.address = f"/referral/{route.slug}/"

    def posts(self, posted: Posted, action: str, **headers: str) -> str:
        """Press a button."""
        answer = self.browser.post(self.address, data={**posted, "action": action}, headers={**OURS, **headers})
        self.addresses += unquote(str(answer.headers) + answer.request.url).encode()
        return answer.text

    def everywhere(self, posted: Posted) -> None:
        """Check, review, change, be incomplete, be redirected, be refused, and send twice."""
        for action in ("check", "review", "edit", "send", "nonsense"):
            self.posts(posted, action)
        self.posts({**posted, "court_stage": ""}, "review")
        self.posts({**posted, "offender_adult": "no"}, "review")
        self.posts({**posted, "leave_empty": "x"}, "review")
        self.posts(posted, "send", **{"Sec-Fetch-Site": "cross-site"})
        answer = self.browser.post(self.address, data=posted, headers=OURS)
        self.clock.advance(5)
        for _ in range(2):
            self.posts({**posted, "token": token_of(answer)}, "send")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which this test's temporary files would stand."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.asvs("14.2.1", "14.2.4", "14.2.7", "16.2.5", "2.3.1")
@pytest.mark.parametrize("route", Route)
def test_no_typed_word_is_left_by_a_journey(  # noqa: PLR0913, PLR0917 - everywhere that a word could be
    browsing: Browsing,
    settings: Settings,
    post_office: PostOffice,
    clock: Clock,
    said: io.StringIO,
    temporary: Path,
    route: Route,
) -> None:
    """Every way through leaves no typed word in addresses, headers, logs, temporary files, database or WAL: the email alone has all."""
    posted, words = canaries(route)
    outbox = SqliteOutbox(Path(settings.outbox.removeprefix("sqlite:///")), clock)
    way = Way(browsing(outbox), route, clock)
    way.everywhere(posted)
    folder = outbox.path.parent
    assert b"RJ-" in on_disk(folder)
    assert found(words, on_disk(folder), on_disk(temporary), said.getvalue().encode(), way.addresses) == []
    post_office.script("dot", "451", "250")
    delivery = compose.make_delivery(settings, outbox)
    delivery.drain(60)
    clock.advance(3600)
    delivery.drain(60)
    assert found(words, post_office.kept[0].wire.replace(b"=\r\n", b"")) == words  # the control: they are in the email
    assert found(words, on_disk(folder), on_disk(temporary), said.getvalue().encode()) == []
    assert b"RJ-" in on_disk(folder)
    clock.advance(TOMBSTONE_AGE + 1)
    delivery.drain(60)
    outbox.close()
    assert b"RJ-" not in on_disk(folder)


@pytest.mark.asvs("14.2.4", "16.5.1", "16.2.5")
def test_no_typed_word_is_left_by_a_fault(
    browsing: Browsing, settings: Settings, clock: Clock, said: io.StringIO, temporary: Path
) -> None:
    """Whatever line breaks while a referral is sent, no typed word reaches a log, a file or an address."""
    posted, words = canaries(Route.MYSELF)
    way = Way(browsing(), Route.MYSELF, clock)
    token = token_of(way.browser.post(way.address, data=posted, headers=OURS))
    clock.advance(5)
    whole = {**posted, "token": token}
    lines, _ = lines_reached(lambda: way.posts(whole, "send"))
    for line in lines[::4]:
        with_fault(line, lambda: way.posts(whole, "send"))
    folder = Path(settings.outbox.removeprefix("sqlite:///")).parent
    assert '"cause": "InventedFault"' in said.getvalue()
    assert found([*words, b"Zebra"], on_disk(folder), on_disk(temporary), said.getvalue().encode(), way.addresses) == []


def test_a_word_that_was_left_is_found(tmp_path: Path) -> None:
    """The control: a word in a file, also between other bytes, in a log or an address is found."""
    (tmp_path / "outbox.db-wal").write_bytes(os.urandom(9999) + b"canary1" + os.urandom(9999))
    assert found([b"canary1", b"canary2", b"canary3"], on_disk(tmp_path), b"GET /?x=canary2") == [
        b"canary1",
        b"canary2",
    ]
