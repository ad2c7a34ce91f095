"""Referrers who do what people do: send, send twice, try again, and come back later."""

import http.client
import random
import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from referral_function.asking.questions import Route
from referral_function.web.outcomes import Sent
from referral_function.web.tokens import Tokens
from tests.examples import a_referral, free_text

CANARY = "CANARY-of-the-campaign"
_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
    "Connection": "close",
}


class Clients:
    """Sends so many different referrals, from several threads, until each has a reference."""

    def __init__(self, ports: Sequence[int], secret: bytes, wanted: int, seed: int) -> None:
        self.ports, self.tokens, self.wanted = ports, Tokens(secret), wanted
        self.references: dict[int, set[str]] = defaultdict(set)
        self.refused = self.broken = self.posts = 0
        self.over = threading.Event()
        self._numbers = iter(range(wanted))
        self._guard = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(seed + n,), daemon=True) for n in range(12)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> None:
        """Wait until all have what they came for, or the time is over."""
        deadline = datetime.now(UTC) + timedelta(seconds=seconds)
        for thread in self._threads:
            thread.join(max((deadline - datetime.now(UTC)).total_seconds(), 0.01))
        self.over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - behaviour, not secrets
        sent: list[int] = []
        while not self.over.is_set():
            with self._guard:
                number = next(self._numbers, None)
            if number is None:
                return
            self._send(number, chance)
            sent.append(number)
            if chance.random() < 0.1:
                self._send(chance.choice(sent), chance)  # comes back to an earlier one

    def _send(self, number: int, chance: random.Random) -> None:
        times = 2 if chance.random() < 0.1 else 1  # a double click
        while not self.over.is_set():
            pending = [self._begun(number, chance) for _ in range(times)]
            found = {reference for connection in pending if (reference := self._ended(connection))}
            with self._guard:
                self.references[number] |= found
                self.posts += times
            if found:
                return
            self.over.wait(0.1)

    def _begun(self, number: int, chance: random.Random) -> http.client.HTTPConnection | None:
        routes = list(Route)
        route = routes[number % len(routes)]
        token = self.tokens.review(route, datetime.now(UTC) - timedelta(seconds=30), f"review {number}")
        answers = a_referral(route) | {free_text(route): f"{CANARY} {number}", "action": "send", "token": token}
        connection = http.client.HTTPConnection("127.0.0.1", chance.choice(self.ports), timeout=30)
        try:
            body = urlencode(answers, doseq=True)
            connection.request("POST", f"/referral/{route.slug}/", body, _HEADERS)
        except OSError:
            connection.close()
            return None
        return connection

    def _ended(self, connection: http.client.HTTPConnection | None) -> str | None:
        if connection is None:
            self.broken += 1
            return None
        try:
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.broken += 1
            return None
        finally:
            connection.close()
        if answer.status != 303:
            assert answer.status == 503, answer.status
            self.refused += 1
            return None
        (text,) = parse_qs(urlsplit(answer.headers["Location"]).query)["receipt"]
        shown = self.tokens.read_receipt(text, datetime.now(UTC))
        assert isinstance(shown, Sent)
        return shown.receipt.reference
