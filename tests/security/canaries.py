"""Canary words: unique answers, a journey that uses every path with them, and a search of every place they could leak to."""

import io
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest

from referral_function.asking.answer_types import LongText, ShortText, TextFormat
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.conftest import Clock
from tests.examples import Posted, a_full_referral
from tests.referrer import SAME_SITE, Browser, token_of


def canaries(route: Route) -> tuple[Posted, list[bytes]]:
    """Return a whole referral with a unique word in each typed answer, and all of these words."""
    posted, words = a_full_referral(route), []
    for question in questions(route):
        word = f"canary{secrets.token_hex(6)}"
        match question.answer:
            case ShortText(text_format=TextFormat.EMAIL):
                posted[question.name] = f"{word}@example.org"
            case ShortText(text_format=TextFormat.ANY) | LongText():
                posted[question.name] = word
            case ShortText():
                word = f"+44 1632 {secrets.randbelow(10**6):06} x{secrets.randbelow(10**6):06}"
                posted[question.name] = word
            case _:
                continue
        words.append(word.encode())
    return posted, words


def on_disk(*folders: Path) -> bytes:
    """Read every file of some folders as raw bytes."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


class Way:
    """Takes every path through the service with one set of answers; records each address used or returned."""

    def __init__(self, browser: Browser, route: Route, clock: Clock) -> None:
        self.browser, self.clock, self.addresses = browser, clock, b""
        self.address = f"/referral/{route.slug}/"

    def posts(self, posted: Posted, action: str, **headers: str) -> str:
        """Press a button."""
        answer = self.browser.post(self.address, data={**posted, "action": action}, headers={**SAME_SITE, **headers})
        self.addresses += unquote(str(answer.headers) + answer.request.url).encode()
        return answer.text

    def everywhere(self, posted: Posted) -> None:
        """Check, review, change, be incomplete, be signposted, be refused, and send twice."""
        for action in ("check", "review", "edit", "send", "nonsense"):
            self.posts(posted, action)
        self.posts({**posted, "court_stage": ""}, "review")
        self.posts({**posted, "offender_adult": "no"}, "review")
        self.posts({**posted, "leave_empty": "x"}, "review")
        self.posts(posted, "send", **{"Sec-Fetch-Site": "cross-site"})
        answer = self.browser.post(self.address, data=posted, headers=SAME_SITE)
        self.clock.advance(5)
        for _ in range(2):
            self.posts({**posted, "token": token_of(answer)}, "send")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Everywhere that a typed word could leak to: files as raw bytes, log, stdout and stderr, temporary files."""

    storage: Path
    temporary: Path
    log: io.StringIO
    streams: pytest.CaptureFixture[str]

    def holding(self, words: list[bytes], addresses: bytes = b"") -> dict[str, list[bytes]]:
        """Return the words that leaked, by place."""
        out, err = self.streams.readouterr()
        said = {"log": self.log.getvalue().encode(), "stdout": out.encode(), "stderr": err.encode()}
        held = {"storage": on_disk(self.storage), "temporary": on_disk(self.temporary), "addresses": addresses, **said}
        return {place: left for place, text in held.items() if (left := [word for word in words if word in text])}
