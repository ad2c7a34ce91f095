"""The limit of what one client may send: people never meet it, a flood does, and nothing typed is lost."""

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from limits.storage import MemoryStorage

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.outcomes import Reason
from referral_function.web.rate_limit import GLOBAL_FACTOR, RateLimiter, client_networks
from tests.conftest import ROOT, Clock
from tests.examples import a_referral
from tests.project_copies import PHONE
from tests.referrer import SAME_SITE, Browser, Referrer, heading, token_of
from tests.security.conftest import Serving

NOW = datetime(2027, 5, 14, 15, 4, tzinfo=UTC)
SECRET = b"an invented secret of the tests 0123456789"
M = Route.MYSELF


@pytest.fixture
def limit() -> RateLimiter:
    """Return a limit of three an hour, counted in memory."""
    return RateLimiter(3, "memory", SECRET)


def refusals(limit: RateLimiter, *clients: str) -> list[Reason | None]:
    """Count one referral of each client in turn."""
    return [limit.refusal(client, NOW) for client in clients]


@pytest.mark.asvs("2.4.1")
def test_the_limit_refuses_what_is_over_it(limit: RateLimiter) -> None:
    """Three referrals of one client pass, the fourth does not, and another client is not held up."""
    assert refusals(limit, *["192.0.2.1"] * 4) == [None] * 3 + [Reason.RATE_LIMIT]
    assert refusals(limit, "192.0.2.2") == [None]


@pytest.mark.asvs("2.4.1")
def test_all_clients_together_have_a_limit(limit: RateLimiter) -> None:
    """A flood from many addresses stops at ten times the limit of one, so that the inbox can still be read."""
    found = refusals(limit, *(f"192.0.2.{host}" for host in range(200)))
    assert found == [None] * GLOBAL_FACTOR * 3 + [Reason.GLOBAL_RATE_LIMIT] * 170


def addresses_of(prefix: str, networks: int) -> Iterator[str]:
    """Iterate for ever over addresses of so many /64s of one IPv6 /48."""
    return (f"{prefix}:{number % networks:x}::{number + 1:x}" for number in itertools.count())


@pytest.mark.asvs("2.4.1")
@pytest.mark.parametrize("networks", [1, 10, 256, 65536])
def test_one_network_cannot_close_the_form(networks: int) -> None:
    """Whatever one free IPv6 /48 sends, from however many of its /64s, 75 referrals of other people are still taken."""
    limit = RateLimiter(30, "memory", SECRET)
    flood = refusals(limit, *itertools.islice(addresses_of("2001:db8:1", networks), 3000))
    assert flood.count(None) == min(30 * networks, 225)
    others = [f"192.0.2.{host // 3}" for host in range(75)]
    assert refusals(limit, *others) == [None] * 75
    assert refusals(limit, "192.0.2.99") == ([None] if networks == 1 else [Reason.GLOBAL_RATE_LIMIT])


@pytest.mark.asvs("2.4.1")
def test_the_reserve_is_for_clients_that_sent_little() -> None:
    """When three quarters are used, an office that has sent three waits, and one that has sent two does not."""
    limit = RateLimiter(30, "memory", SECRET)
    assert refusals(limit, *["192.0.2.1"] * 3, *["192.0.2.2"] * 2, *["192.0.2.3"] * 2) == [None] * 7
    assert not limit.reserve_in_use()
    assert refusals(limit, *itertools.islice(addresses_of("2001:db8:1", 300), 218)) == [None] * 218
    assert limit.reserve_in_use()
    assert refusals(limit, *["192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) == [
        Reason.GLOBAL_RATE_LIMIT,
        None,
        Reason.GLOBAL_RATE_LIMIT,
        None,
        None,
    ]


@pytest.mark.asvs("2.4.1")
def test_a_48_is_counted_beside_its_64s(limit: RateLimiter) -> None:
    """Ten /64s of one /48 have ten times the limit of one together, however the limit of all stands."""
    limit._all = limit._reserve_from = 1000  # noqa: SLF001 - the limit of all would be met first
    clients = [f"2001:db8:1:{network:x}::1" for network in range(20) for _ in range(3)]
    assert refusals(limit, *clients) == [None] * 30 + [Reason.RATE_LIMIT] * 30
    assert refusals(limit, "2001:db8:2::1") == [None]


@pytest.mark.asvs("2.4.2")
@pytest.mark.parametrize("offices", [20, 200])
def test_two_hundred_referrals_of_an_hour_are_all_taken(monkeypatch: pytest.MonkeyPatch, offices: int) -> None:
    """200 referrals, one every 18 seconds, from 20 offices or from 200 people: nobody is refused, and no alarm is raised."""
    hour = [1_800_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: hour[0])
    limit = RateLimiter(30, "memory", SECRET)
    for number in range(200):
        hour[0] += 18
        assert limit.refusal(f"192.0.2.{number % offices}", datetime.fromtimestamp(hour[0], UTC)) is None
    assert not limit.reserve_in_use()


@pytest.mark.asvs("2.4.1", "16.3.3")
def test_somebody_is_told_before_anybody_honest_is_refused(
    limit: RateLimiter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One ERROR event when the reserve begins and one when it is used up, however many come then; an hour later it is over."""
    hour = [1_800_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: hour[0])
    found = refusals(limit, *(f"192.0.2.{host // 2}" for host in range(200)))
    first = found.index(Reason.GLOBAL_RATE_LIMIT)
    said = [(record.levelname, record.getMessage(), vars(record)["fields"]) for record in caplog.records]
    assert said == [("ERROR", "limit_reached", {"count": count}) for count in (22, 30)]
    assert first >= 22
    assert limit.reserve_in_use()
    hour[0] += 3601
    assert not limit.reserve_in_use()
    assert refusals(limit, "192.0.2.1") == [None]


@pytest.mark.asvs("2.4.1")
def test_the_counts_are_bounded_whatever_is_sent() -> None:
    """65,536 networks leave no more behind than the referrals that were taken, two counts each, and one for all."""
    limit = RateLimiter(30, "memory", SECRET)
    refusals(
        limit,
        *itertools.islice(addresses_of("2001:db8:1", 65536), 65536),
        *(f"10.0.{n // 250}.{n % 250}" for n in range(9999)),
    )
    storage: Any = limit._shared  # noqa: SLF001 - what is kept
    assert max(map(len, (storage.storage, storage.expirations, storage.locks, storage.events))) <= 2 * 300 + 1


@pytest.mark.asvs("15.4.1", "15.4.2")
def test_threads_at_the_same_moment_share_one_count() -> None:
    """Twenty threads get through exactly as often as one would."""
    limit = RateLimiter(50, "memory", SECRET)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: limit.refusal("192.0.2.1", NOW), range(200)))
    assert found.count(None) == 50


def test_threads_that_come_first_make_one_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the store takes to be made, as `cached_property` has no lock since Python 3.12."""
    make = MemoryStorage.__init__

    def slowly(self: MemoryStorage, *args: Any, **options: Any) -> None:
        time.sleep(0.05)
        make(self, *args, **options)

    monkeypatch.setattr(MemoryStorage, "__init__", slowly)
    limit = RateLimiter(3, "memory", SECRET)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: limit.refusal("192.0.2.1", NOW), range(10)))
    assert found.count(None) == 3


@pytest.mark.asvs("14.2.4")
def test_who_a_client_is_cannot_be_read_back(limit: RateLimiter) -> None:
    """What is counted under is a keyed hash: no address in it, another one tomorrow and under another secret."""
    name = limit._client_name("192.0.2.1", NOW)  # noqa: SLF001 - what a store would see
    assert "192" not in name
    assert len(name) == 64
    assert name == limit._client_name("192.0.2.1", NOW + timedelta(hours=8))  # noqa: SLF001
    assert name != limit._client_name("192.0.2.1", NOW + timedelta(hours=9))  # noqa: SLF001 - past midnight UTC
    assert name != RateLimiter(3, "memory", SECRET[::-1])._client_name("192.0.2.1", NOW)  # noqa: SLF001


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("192.0.2.1", ("192.0.2.1", "192.0.2.1")),
        ("192.0.2.1:5000", ("192.0.2.1", "192.0.2.1")),
        ("[2001:db8:1:2:3:4:5:6]:5000", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:db8:1:2:3:4:5:6", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:db8:1:2:ffff::", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("::ffff:192.0.2.1", ("192.0.2.1", "192.0.2.1")),
        ("", ("", "")),
        ("unix:", ("unix:", "unix:")),
    ],
)
def test_an_address_stands_for_one_client(address: str, known_as: tuple[str, str]) -> None:
    """Nobody gets a fresh count by choosing another address of their own IPv6 network."""
    assert client_networks(address) == known_as


class Down:
    """A shared store that does not answer."""

    def get(self, *_: object) -> int:
        """Fail as a driver does."""
        raise ConnectionError("redis://secret")


def test_a_store_that_is_down_does_not_close_the_form(limit: RateLimiter, caplog: pytest.LogCaptureFixture) -> None:
    """When the shared store does not answer, the process counts alone and says so without its words."""
    limit._shared = Down()  # type: ignore[assignment] # noqa: SLF001 - the store breaks
    assert refusals(limit, *["192.0.2.1"] * 4) == [None] * 3 + [Reason.RATE_LIMIT]
    assert refusals(limit, *(f"192.0.2.{host}" for host in range(2, 22))) == [None] * 20
    assert limit.reserve_in_use()
    said = {(record.getMessage(), vars(record)["fields"].get("cause")) for record in caplog.records}
    assert said == {("limit_store", "ConnectionError"), ("limit_reached", None)}


@pytest.mark.parametrize(
    "store", ["nonsense", "sftp://store", "async+memory://", "redis://localhost:1", "redis://:secret℀@store"]
)
def test_a_store_that_cannot_be_used_stops_the_start(serving: Serving, store: str) -> None:
    """A wrong address of the store, or a missing driver, is named at the start, without the address itself."""
    with pytest.raises(SettingsError, match="REFERRAL_LIMIT_STORE") as refused:
        serving(limit_store=store)
    assert store not in str(refused.value)


def test_another_store_can_be_named(serving: Serving) -> None:
    """A store of the library's own is used when it is named."""
    assert serving(limit_store="memory://", limit=1).sends(M).status_code == 303


def send_many(referrer: Referrer, clock: Clock, count: int, **headers: str) -> list[int]:
    """Send so many different referrals with one review's token, never one of another call, and return the answers' codes."""
    token = token_of(referrer.reviews(M))
    clock.advance(5)
    posts = ({**a_referral(M, summary=f"Number {clock.now}, {number}"), "token": token} for number in range(count))
    return [referrer.posts(M, posted, "send", **SAME_SITE, **headers).status_code for posted in posts]


@pytest.mark.asvs("2.4.1", "16.3.3")
def test_over_the_limit_everything_typed_is_kept(
    serving: Serving, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The fourth send of three says honestly that it was not sent, keeps every answer and gives the phone number."""
    caplog.set_level("INFO", "referral")
    referrer = serving(limit=3)
    assert send_many(referrer, clock, 4) == [303, 303, 303, 429]
    refused = referrer.sends(M, a_referral(M, summary="Mine"))
    assert (refused.status_code, heading(refused)) == (429, "Your referral has NOT been sent")
    assert 'name="summary" value="Mine"' in refused.text
    assert PHONE in refused.text
    assert "Try again" in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    said = [record.fields for record in caplog.records if record.getMessage() == "refused"]  # type: ignore[attr-defined]
    assert said == [{"cause": "limit", "route": "myself"}] * 2


@pytest.mark.asvs("2.4.1")
def test_only_what_is_sent_is_counted(serving: Serving, entries: Callable[[], int]) -> None:
    """Checking, reviewing, changing, an incomplete form and a bad token cost nothing."""
    referrer = serving(limit=1)
    for _ in range(5):
        for action in ("check", "review", "edit", "send"):
            assert referrer.posts(M, a_referral(M), action).status_code == 200
        assert referrer.posts(M, {"summary": "x"}, "send").status_code == 422
    assert referrer.sends(M).status_code == 303
    assert entries() == 1


def test_a_refusal_says_what_is_true(serving: Serving, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Who is refused because of others is not told that it came from where they are."""
    caplog.set_level("INFO", "referral")
    referrer = serving(limit=1, proxies=1)
    for number in range(10):
        send_many(referrer, clock, 1, **{"X-Forwarded-For": f"192.0.2.{number}"})
    for number, words in ((3, "from where you are"), (77, "in the last hour")):
        headers = {**SAME_SITE, "X-Forwarded-For": f"192.0.2.{number}"}
        refused = referrer.sends(M, a_referral(M, summary="Mine"), **headers)
        assert (refused.status_code, heading(refused)) == (429, "Your referral has NOT been sent")
        assert f"We have had very many referrals {words}. Please try again in an hour, or call us." in refused.text
        assert 'name="summary" value="Mine"' in refused.text
    said = [record.fields["cause"] for record in caplog.records if record.getMessage() == "refused"]  # type: ignore[attr-defined]
    assert said == ["limit", "limit-all"]


def test_the_status_page_tells_of_the_limit(serving: Serving, clock: Clock) -> None:
    """From the beginning of the reserve a monitor is answered 503, with the name of the alarm."""
    token = "a token of the operator 0123456789 abcdefgh"
    referrer = serving(limit=1, operator_token=token, proxies=1)
    for number in range(7):
        found = referrer.opens("/referral/status", Authorization=f"Bearer {token}").json
        assert found
        assert "limit" not in found["alarms"]
        send_many(referrer, clock, 1, **{"X-Forwarded-For": f"192.0.2.{number}"})
    answer = referrer.opens("/referral/status", Authorization=f"Bearer {token}")
    assert answer.json
    assert (answer.status_code, "limit" in answer.json["alarms"]) == (503, True)


def test_off_is_off(serving: Serving) -> None:
    """The limit can be switched off, and then its library is not even loaded."""
    assert not RateLimiter(None, "memory", SECRET).reserve_in_use()
    assert serving(limit=None).sends(M).status_code == 303
    script = (
        "import sys, referral_function.compose\n"
        "from referral_function.web.rate_limit import RateLimiter\n"
        "limit = RateLimiter(None, 'memory', b'')\n"
        "assert limit.refusal('192.0.2.1', None) is None and not limit.reserve_in_use()\n"
        "print('limits' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


@pytest.mark.asvs("4.1.3", "15.3.4")
@pytest.mark.parametrize(
    ("proxies", "code"), [(0, 429), (1, 303)], ids=["believed by nobody", "the control: believed by setting"]
)
def test_a_client_cannot_choose_its_address(serving: Serving, clock: Clock, proxies: int, code: int) -> None:
    """X-Forwarded-For gives nobody a fresh count, unless the settings say that a proxy of ours wrote it."""
    referrer = serving(limit=2, proxies=proxies)
    assert send_many(referrer, clock, 2, **{"X-Forwarded-For": "192.0.2.1"}) == [303, 303]
    others = {"X-Forwarded-For": "192.0.2.9", "X-Real-IP": "192.0.2.9", "Forwarded": "for=192.0.2.9"}
    answer = referrer.sends(M, a_referral(M, summary="Once more"), **SAME_SITE, **others)
    assert answer.status_code == code


@pytest.mark.asvs("15.3.4")
def test_behind_one_proxy_only_its_own_word_counts(serving: Serving, clock: Clock) -> None:
    """What a client writes in front of the address that our proxy adds changes nothing."""
    referrer = serving(limit=2, proxies=1)
    forged = [{"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.7"} for number in range(3)]
    assert [send_many(referrer, clock, 1, **header)[0] for header in forged[:2]] == [303, 303]
    assert referrer.sends(M, a_referral(M, summary="Once more"), **SAME_SITE, **forged[2]).status_code == 429


@pytest.mark.asvs("2.4.1")
def test_every_send_counts_and_a_review_is_told_the_truth(
    settings: Settings, parts: compose.Runtime, clock: Clock
) -> None:
    """Repeats count too, or guesses would be free; who presses twice at the limit gets the reference again, never “not sent”."""
    app = compose.application(replace(settings, limit=2), parts, now=lambda: datetime.fromtimestamp(clock(), UTC))
    referrer = Referrer(Browser(app), clock.advance)
    posted = {**a_referral(M), "token": token_of(referrer.reviews(M))}
    clock.advance(5)
    answers = [referrer.posts(M, posted, "send") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [303] * 5
    assert "We already have this referral" in referrer.opens(answers[-1].headers["Location"]).text
    for summary in ("I would like to talk.", "Another one."):  # from another review: as if nothing had been sent before
        refused = referrer.sends(M, a_referral(M, summary=summary))
        assert (refused.status_code, heading(refused)) == (429, "Your referral has NOT been sent")


def test_a_store_that_is_written_wrong_repeats_no_password() -> None:
    """The library's own words would show a part of it."""
    with pytest.raises(SettingsError) as caught:
        RateLimiter(3, "redis://:hush/er@store:6379/0", SECRET)
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__
