"""Each refusal is one event with a code, and says nothing about the person."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from referral_function.asking.questions import Route
from referral_function.events import FIELDS, JsonLines
from tests.conftest import Clock
from tests.examples import Posted, a_referral
from tests.referrer import SAME_SITE, Browser, token_of
from tests.security.conftest import Browsing
from tests.security.test_faults_twice import fail

FORM = "/referral/myself/"
Posts = Callable[[Browser, Posted, Clock], object]


def sends(
    browser: Browser, posted: Posted, clock: Clock, wait: float = 5, headers: Mapping[str, str] = SAME_SITE
) -> object:
    """Review, wait and send."""
    token = token_of(browser.post(FORM, data=posted, headers=SAME_SITE))
    clock.advance(wait)
    return browser.post(FORM, data={**posted, "action": "send", "token": token}, headers=headers)


def posts(body: object, **headers: str) -> Posts:
    """Post something as it is."""
    return lambda browser, _posted, _clock: browser.post(FORM, data=body, headers={**SAME_SITE, **headers})


URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
REFUSALS: dict[str, tuple[dict[str, object], Posts]] = {
    "cross-site": ({"cause": "foreign"}, lambda b, p, c: sends(b, p, c, headers={"Sec-Fetch-Site": "cross-site"})),
    "hidden box": ({"cause": "hidden-box"}, posts({**a_referral(Route.MYSELF), "leave_empty": "x"})),
    "too young": ({"cause": "token TOO_YOUNG"}, lambda b, p, c: sends(b, p, c, wait=1)),
    "too old": ({"cause": "token TOO_OLD"}, lambda b, p, c: sends(b, p, c, wait=90_000)),
    "no token": ({"cause": "token MISSING"}, posts({**a_referral(Route.MYSELF), "action": "send"})),
    "no origin": ({"cause": "no-origin"}, lambda b, p, c: sends(b, p, c, headers={"Origin": "null"})),
    "host": ({"status": 400}, posts(b"", **URLENCODED, Host="evil.example")),
    "method": ({"status": 405}, lambda b, _p, _c: b.put(FORM)),
    "size": ({"status": 413}, posts(b"&" * 2000, **URLENCODED)),
    "type": ({"status": 415}, posts(b"{}", **{"Content-Type": "application/json"})),
}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, object]]]:
    """Return what reads the events so far as lines of JSON."""
    caplog.set_level(logging.INFO, "referral")
    return lambda: [json.loads(JsonLines().format(record)) for record in caplog.records]


@pytest.mark.asvs("16.2.1", "16.3.3", "16.2.4")
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_one_event(
    browsing: Browsing, clock: Clock, lines: Callable[[], list[dict[str, object]]], name: str
) -> None:
    """Each way of refusing a post writes one line with its code, and no field that is not known."""
    figures, ask = REFUSALS[name]
    ask(browsing(), a_referral(Route.MYSELF), clock)
    refused = [line for line in lines() if line["event"] == "refused"]
    assert len(refused) == 1
    assert figures.items() <= refused[0].items()
    assert refused[0].keys() <= FIELDS | {"at", "level", "event"}
    assert "Example" not in json.dumps(lines())


@pytest.mark.asvs("16.3.4", "16.5.4")
def test_a_fault_is_an_alarm(
    browsing: Browsing, clock: Clock, lines: Callable[[], list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is an event of level ERROR with its kind, without its words, and the process goes on."""
    browser = browsing()
    with monkeypatch.context() as broken:
        broken.setattr("referral_function.web.journey.decide", fail)
        browser.post(FORM, data=a_referral(Route.MYSELF), headers=SAME_SITE)
    [alarm] = [line for line in lines() if line["level"] == "ERROR"]
    assert (alarm["event"], alarm["cause"]) == ("failed", "KeyError")
    assert "Zebra" not in json.dumps(lines())
    sent: Any = sends(browser, a_referral(Route.MYSELF), clock)
    assert sent.status_code == 303


@pytest.mark.asvs("16.4.1", "1.1.2")
@pytest.mark.parametrize("word", ["x\r\n{}", "\x1b[31mred", '"}\n{"event":"accepted"', "\u2028", "%0a"])
def test_nothing_that_is_asked_stands_in_the_log(
    browsing: Browsing, lines: Callable[[], list[dict[str, object]]], word: str
) -> None:
    """Hostile paths, queries, answers and headers change no line and add none."""
    browser = browsing()
    browser.get(f"/nowhere/{word}", query_string={"receipt": word})
    browser.post(FORM, data={"summary": word, "action": word, "token": word}, headers=SAME_SITE)
    browser.post(FORM, data={"action": "send", "token": word}, headers={**SAME_SITE, "User-Agent": ascii(word)})
    assert [line for line in lines() if line["event"] != "refused"] == []
    assert word not in json.dumps(lines(), ensure_ascii=False)
