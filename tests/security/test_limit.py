"""The limit of what one client may send: people never meet it, a flood does, and nothing typed is lost."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.rate_limit import GLOBAL_FACTOR, RateLimiter, StoreError, client_network
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


@pytest.mark.asvs("2.4.1")
def test_the_limit_refuses_what_is_over_it(limit: RateLimiter) -> None:
    """Three referrals of one client pass, the fourth does not, and another client is not held up."""
    assert [limit.allows("192.0.2.1", NOW) for _ in range(4)] == [True, True, True, False]
    assert limit.allows("192.0.2.2", NOW)


@pytest.mark.asvs("2.4.1")
def test_all_clients_together_have_a_limit(limit: RateLimiter) -> None:
    """A flood from many addresses stops at ten times the limit of one, so that the inbox can still be read."""
    passed = sum(limit.allows(f"192.0.2.{host}", NOW) for host in range(200))
    assert passed == GLOBAL_FACTOR * 3


@pytest.mark.asvs("15.4.1", "15.4.2")
def test_threads_at_the_same_moment_share_one_count() -> None:
    """Twenty threads get through exactly as often as one would."""
    limit = RateLimiter(50, "memory", SECRET)
    with ThreadPoolExecutor(20) as pool:
        passed = sum(pool.map(lambda _: limit.allows("192.0.2.1", NOW), range(200)))
    assert passed == 50


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
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5000", "192.0.2.1"),
        ("[2001:db8:1:2:3:4:5:6]:5000", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_stands_for_one_client(address: str, known_as: str) -> None:
    """Nobody gets a fresh count by choosing another address of their own IPv6 network."""
    assert client_network(address) == known_as


class Down:
    """A shared store that does not answer."""

    def hit(self, *_: object) -> bool:
        """Fail as a driver does."""
        raise ConnectionError("redis://secret")


def test_a_store_that_is_down_does_not_close_the_form(limit: RateLimiter, caplog: pytest.LogCaptureFixture) -> None:
    """When the shared store does not answer, the process counts alone and says so without its words."""
    limit._shared = Down()  # type: ignore[assignment] # noqa: SLF001 - the store breaks
    assert [limit.allows("192.0.2.1", NOW) for _ in range(4)] == [True, True, True, False]
    assert {(record.getMessage(), record.fields["cause"]) for record in caplog.records} == {  # type: ignore[attr-defined]
        ("limit_store", "ConnectionError")
    }


@pytest.mark.parametrize("store", ["nonsense", "sftp://store", "redis://localhost:1", "redis://:secret℀@store"])
def test_a_store_that_cannot_be_used_stops_the_start(serving: Serving, store: str) -> None:
    """A wrong address of the store, or a missing driver, is named at the start, without the address itself."""
    with pytest.raises(StoreError):
        RateLimiter(3, store, SECRET)
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


@pytest.mark.asvs("2.4.2")
def test_the_default_is_far_above_what_people_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand referrals of one busy office, one every twenty seconds, are all taken; the control: all in one hour are not."""
    hour = [1_800_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: hour[0])

    def passed(step: float) -> int:
        limit, taken = RateLimiter(300, "memory", SECRET), 0
        for _ in range(1000):
            hour[0] += step
            taken += limit.allows("192.0.2.1", datetime.fromtimestamp(hour[0], UTC))
        return taken

    assert passed(20) == 1000
    assert passed(3) < 1000


def test_off_is_off(serving: Serving) -> None:
    """The limit can be switched off, and then its library is not even loaded."""
    assert serving(limit=None).sends(M).status_code == 303
    script = (
        "import sys, referral_function.compose\n"
        "from referral_function.web.rate_limit import RateLimiter\n"
        "assert RateLimiter(None, 'memory', b'').allows('192.0.2.1', None)\n"
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
    with pytest.raises(StoreError) as caught:
        RateLimiter(3, "redis://:hush/er@store:6379/0", SECRET)
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__
