"""SECURITY.md says what the program does: its figures are the program's, its lists are complete."""

import ast
import re
from pathlib import Path

import pytest

import referral_function
from referral_function import compose
from referral_function.commands import http_server
from referral_function.sending import postgres, smtp, sqlite, storage
from referral_function.sending.attempt import Stage
from referral_function.sending.outbox import ALARM_AGES, TOMBSTONE_AGE
from referral_function.settings.settings import SETTINGS
from referral_function.web.app import MAX_BODY_BYTES, MAX_FORM_FIELDS
from referral_function.web.rate_limit import GLOBAL_FACTOR
from referral_function.web.security_headers import CLEAR_CACHE_PATH, headers_for
from referral_function.web.tokens import MAX_AGE, MIN_AGE
from tests.asvs import ROOT

PACKAGE = Path(referral_function.__file__).parent
SECURITY = ROOT / "SECURITY.md"
TEXT = SECURITY.read_text("utf-8")
MAX_BYTES = 12_000


def part(heading: str) -> str:
    """Read one part of the paper."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def events(source: str) -> set[str]:
    """Find the names of the events that a module writes."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Name(id="record" | "alarm" | "log") | ast.Attribute(attr="record" | "alarm"), args=[name, *_]
            ):
                found |= {
                    each.value
                    for each in ast.walk(name)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
            case _:
                pass
    return found


def test_the_paper_is_short_enough_to_be_read() -> None:
    """SECURITY.md has at most 12 kB: the table of requirements stands in handbook/asvs.md."""
    assert SECURITY.stat().st_size <= MAX_BYTES


@pytest.mark.asvs("13.1.1", "13.1.2", "13.1.3", "13.2.6")
def test_the_limits_written_down_are_the_programs() -> None:
    """Each figure about an outside system stands in SECURITY.md as the program has it."""
    outside = part("External systems: connections, timeouts, failure")
    assert "5000 ms for a lock" in outside
    answer, wait = postgres._ANSWER_TIMEOUT, storage._LOCK_TIMEOUT  # noqa: SLF001 - the figures are written down
    assert f"{answer:.0f} s for any answer, {wait:.0f} s behind another thread" in outside
    assert "busy_timeout = 5000" in sqlite._PRAGMAS  # noqa: SLF001 - the figure is written down
    step, body, reply = smtp.COMMAND_TIMEOUT, smtp.BODY_TIMEOUT, compose._RELAY_TIMEOUT  # noqa: SLF001 - the same
    after, attempt = compose.FINAL_REPLY_TIMEOUT, compose._SERVERLESS_REPLY_TIMEOUT  # noqa: SLF001 - the same
    assert (
        f"{step:.0f} s a step (`REFERRAL_RELAY_TIMEOUT` a reply, {reply:.0f} s), {body:.0f} s for the message, {after:.0f} s after the final dot ({attempt:.0f} s"
        in outside
    )
    assert [age / 60 for age in ALARM_AGES] == [15, 4 * 60, 24 * 60]
    assert f"{http_server.MAX_CONNECTIONS} connections, {http_server.THREADS} of them answered at once" in outside
    assert f"{MAX_BODY_BYTES} bytes a post, {http_server.MAX_HEADER_BYTES} its head" in outside
    assert f"{http_server.IDLE_TIMEOUT} s without a byte" in outside


@pytest.mark.asvs("2.1.1", "2.1.3", "15.1.3", "15.2.2")
def test_the_limits_of_a_post_are_the_programs() -> None:
    """Size, parts, sends an hour and the age of a review stand in SECURITY.md as the program has them."""
    typed = part("Input validation and limits")
    [limit] = [row.default for row in SETTINGS if row.name == "REFERRAL_LIMIT"]
    assert f"{MAX_BODY_BYTES} bytes and {MAX_FORM_FIELDS} fields" in typed
    assert f"{limit} referrals an hour, and all together ten times as many" in typed
    assert (GLOBAL_FACTOR, MIN_AGE.seconds, MAX_AGE.days) == (10, 2, 1)
    assert "from 2 seconds to 24 hours" in typed


@pytest.mark.asvs("16.1.1", "16.2.3")
def test_every_event_is_in_the_list_of_what_is_logged() -> None:
    """The events that the program can write are exactly those of the list, beside those of other libraries."""
    written = set().union(*(events(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")))
    rows = [line.split("|")[1] for line in part("Logging").splitlines() if line.startswith("| `")]
    assert written | {"library"} == set(re.findall(r"`(\w+)`", " ".join(rows)))


def test_every_alarm_has_its_row_for_the_person_on_duty() -> None:
    """Whatever the program raises as an alarm, the guide says what it means and what to do."""
    raised = set().union(*(alarms(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")))
    rows = [
        line for line in (ROOT / "handbook/runbooks/on-duty.md").read_text("utf-8").splitlines() if line.startswith("|")
    ]
    told = set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in rows)))
    assert len(raised) > 6
    assert raised - told == set()
    assert {each.value for each in Stage} - told == set()
    assert alarms('alarm("new_one", count=1)') - told == {"new_one"}


def alarms(source: str) -> set[str]:
    """Find the names of the alarms that a module raises."""
    return set(re.findall(r'\balarm\(\s*"(\w+)"', source))


def test_an_event_that_is_not_listed_is_seen() -> None:
    """The control: names are found in every way of writing an event."""
    source = 'events.record("a", x=1)\nalarm("b" if x else "c")\nlog("d")\nother("e")'
    assert events(source) == {"a", "b", "c", "d"}


@pytest.mark.asvs("3.1.1")
def test_every_header_is_explained() -> None:
    """No header is sent that SECURITY.md does not explain."""
    explained = part("Security headers")
    sent = headers_for(CLEAR_CACHE_PATH, secure=True)  # the one address that has all of them
    assert len(sent) > 10
    assert [name for name in sorted(sent) if f"`{name}" not in explained] == []


@pytest.mark.asvs("13.1.4", "13.3.1", "13.3.4")
def test_every_secret_has_a_time_to_be_changed() -> None:
    """Each setting that is a secret and could be stolen is in the table of secrets."""
    told = part("Secrets")
    addresses = {"REFERRAL_OUTBOX", "REFERRAL_LIMIT_STORE"}  # addresses that may hold a password of another system
    assert [row.name for row in SETTINGS if row.secret and row.name not in addresses and row.name not in told] == []


@pytest.mark.asvs("14.1.1", "14.1.2", "14.2.7")
def test_what_is_held_says_for_how_long() -> None:
    """The table of what is held gives a place, a time and a reader for each thing, and the tombstone's days are ours."""
    held = part("Data retention")
    rows = [line.strip("| ").split(" | ") for line in held.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 6
    assert all(len(row) == 4 and all(row) for row in rows)
    assert f"{TOMBSTONE_AGE // 86400} days after delivery" in held


@pytest.mark.asvs("15.1.1", "15.1.4", "15.1.5")
def test_what_we_build_on_is_judged() -> None:
    """Times for mending, risky parts and dangerous work are written down, and none of the latter is done to what is typed."""
    built = part("Dependencies")
    assert "within 2 days" in built
    for name in ("waitress", "werkzeug", "jinja2", "cryptography", "psycopg", "mkdocs-material"):
        assert name in built
