"""Figures: what is counted, that no export tells of one person, and when the counters go."""

import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.commands.figures import export
from referral_function.deciding.decision import CRITERIA
from referral_function.sending.counters import Counters
from referral_function.sending.figures import HIDDEN, UNDER, all_counters, month_of, shown_breakdown, shown_figures
from referral_function.sending.outbox import Outbox
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests.conftest import Clock
from tests.examples import a_referral
from tests.referrer import Referrer
from tests.smtp_server import SmtpServer
from tests.test_commands import Run, run
from tests.test_delivery import DAY, delivery_of, mailer_to
from tests.test_keeping import keeping

__all__ = ["keeping", "run"]  # fixtures
EVER = (date(2020, 1, 1), date(9999, 12, 1))
MAY, JUNE = datetime(2027, 5, 14, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


def counted(outbox: Counters) -> dict[str, int]:
    """Return all counters, whatever the month."""
    found: dict[str, int] = defaultdict(int)
    for month in outbox.counted(0, 1e12).values():
        for name, total in month.items():
            found[name] += total
    return dict(found)


@pytest.mark.parametrize("route", Route)
def test_a_referral_is_counted_once_and_a_repeat_as_such(
    route: Route, referrer: Referrer, parts: compose.Runtime
) -> None:
    """Its route and kind of organisation, and what it is about; `contact_me` is called back and nothing else."""
    for _ in range(2):
        assert referrer.sends(route).status_code == 303
    found = counted(parts.outbox)
    assert found.pop("outcome:repeated") == 1
    if route is Route.CONTACT_ME:
        assert found == {"outcome:called_back": 1}
        return
    organisation = (
        "/victim_service" if route is Route.PERSON_HARMED else "/probation" if route is Route.PERSON_RESPONSIBLE else ""
    )
    assert set(found) <= set(all_counters())
    assert found["outcome:accepted"] == 1
    assert sum(total for name, total in found.items() if name.startswith(f"route:{route}")) == 1
    assert organisation == "" or any(name.startswith(f"route:{route}/") for name in found)
    assert {name.partition(":")[0] for name in found} == {"outcome", "route", "offence_group", "victim_led", "under_18"}
    assert found[f"under_18:{'yes' if route is Route.MY_CHILD else 'no_or_not_known'}"] == 1
    assert found["offence_group:none"] == 1


def test_a_signposted_person_is_counted_by_reason_alone(referrer: Referrer, parts: compose.Runtime) -> None:
    """Neither route nor answer is counted beside the reason; a check that leads elsewhere counts, one that does not does not."""
    away = {"offender_adult": "no"}
    for route in (Route.PERSON_HARMED, Route.MYSELF):
        assert (
            "We count the reason alone, and nothing about" in referrer.posts(route, {**a_referral(route), **away}).text
        )
        referrer.posts(route, a_referral(route))
    referrer.posts(Route.PERSON_HARMED, {**a_referral(Route.PERSON_HARMED), **away}, "check")
    referrer.posts(Route.PERSON_HARMED, a_referral(Route.PERSON_HARMED), "check")
    found = counted(parts.outbox)
    assert sum(found.values()) == 3
    assert {name.partition(":")[0] for name in found} == {"signposted"}
    assert set(found) <= {f"signposted:{criterion.code}" for criterion in CRITERIA}


def test_several_kinds_of_abuse_are_one_item(referrer: Referrer, parts: compose.Runtime) -> None:
    """So that the items add up to what was accepted; no answer is an item too."""
    several = a_referral(Route.MYSELF, offence_group=["domestic", "sexual"])
    assert referrer.sends(Route.MYSELF, several).status_code == 303
    assert counted(parts.outbox)["offence_group:several"] == 1
    assert counted(parts.outbox)["victim_led:not_answered"] == 1


def test_a_referral_about_a_child_is_counted_as_such(referrer: Referrer, parts: compose.Runtime) -> None:
    """Whoever refers: the age group of the person harmed counts."""
    route = Route.PERSON_HARMED
    assert referrer.sends(route, a_referral(route, victim_age_group="under_18")).status_code == 303
    assert counted(parts.outbox)["under_18:yes"] == 1


def test_reasons_to_signpost_hide_nothing_of_each_other() -> None:
    """They add up to nothing that is shown; what was never counted is 0."""
    few, many, *never = [f"signposted:{criterion.code}" for criterion in CRITERIA]
    shown = {f"{each.list}:{each.item}": each.shown for each in shown_figures({few: 1, many: 30})}
    assert (shown[few], shown[many]) == (UNDER, "30")
    assert {shown[name] for name in (*never, "outcome:accepted", "under_18:yes")} == {"0"}


def test_a_month_begins_at_one_moment_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counters of two machines in two time zones are of one month."""
    for zone in ("America/New_York", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert month_of(date(2027, 5, 14)) == datetime(2027, 5, 1, tzinfo=UTC).timestamp()
    monkeypatch.undo()
    time.tzset()


def test_a_figure_that_cannot_be_counted_costs_no_referral(
    referrer: Referrer, parts: compose.Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The referral is stored and its reference shown; the log says that the figure is missing."""
    caplog.set_level("INFO", logger="referral")
    parts.outbox.probe()
    parts.outbox._run("DROP TABLE figures")  # noqa: SLF001 - the fault
    assert referrer.sends(Route.MYSELF).status_code == 303
    assert [entry.attempts for entry in parts.outbox.entries()] == [0]
    assert "not_counted" in [record.getMessage() for record in caplog.records]
    monkeypatch.undo()


def test_no_page_waits_twice_for_a_storage_that_is_away(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """After a count that failed the storage is not asked for another, until something else has opened it."""
    caplog.set_level("INFO", logger="referral")
    outbox = SqliteOutbox(tmp_path / "folder" / "outbox.db", clock)
    for _ in range(3):
        outbox.count(["outcome:accepted"], MAY)
    assert [(record.getMessage(), vars(record)["fields"]) for record in caplog.records] == [
        ("not_counted", {"cause": "OperationalError"})
    ]
    (tmp_path / "folder").mkdir()
    outbox.count(["outcome:accepted"], MAY)
    assert not (tmp_path / "folder" / "outbox.db").exists()
    outbox.probe()
    outbox.count(["outcome:accepted"], MAY)
    outbox.close()
    outbox.count(["outcome:accepted"], MAY)
    assert counted(outbox) == {"outcome:accepted": 2}
    outbox.close()


def test_counters_are_summed_by_month_and_erased_in_time(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> None:
    """A month in London; after the years of the setting a drain erases it. It works with nothing delivered."""
    late_in_april = datetime(2027, 4, 30, 23, 30, tzinfo=UTC)  # half past midnight in London
    for moment in (late_in_april, MAY, JUNE):
        outbox.count(["outcome:accepted", "outcome:repeated"], moment)
    assert outbox.counted(month_of(MAY), month_of(JUNE)) == {
        month_of(MAY): {"outcome:accepted": 2, "outcome:repeated": 2}
    }
    clock.now = month_of(MAY) + 7 * 366 * DAY
    assert delivery_of(outbox, mailer_to(smtp_server), clock).drain(1) is not None
    assert list(outbox.counted(0, 1e12)) == [month_of(JUNE)]


def test_a_count_is_not_made_durable_at_the_cost_of_a_commit(outbox: Outbox) -> None:
    """A figure waits for no disk; the next referral does again."""
    outbox.count(["outcome:accepted"], MAY)
    pragma = "PRAGMA synchronous" if isinstance(outbox, SqliteOutbox) else "SHOW synchronous_commit"
    [row] = outbox._run(pragma)  # noqa: SLF001 - no method shows it
    assert str(row[0]) in {"2", "on"}


def groups(width: int, highest: int) -> Iterator[tuple[tuple[str, ...], list[tuple[int, ...]]]]:
    """Sort all possible counts by what is published of them: the total, and what is shown of each."""
    found: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
    for cells in itertools.product(range(highest + 1), repeat=width):
        total = sum(cells)
        found[(UNDER if 0 < total < 5 else str(total), *shown_breakdown(cells))].append(cells)
    for published, possible in found.items():
        yield published[1:], possible


@pytest.mark.parametrize(("width", "highest"), [(1, 40), (2, 25), (3, 14), (4, 9)])
def test_no_small_count_follows_from_the_total(width: int, highest: int) -> None:
    """Whoever knows the total, what is shown and how it is chosen, still has two possible values for each small count."""
    for shown, possible in groups(width, highest):
        if any(sum(cells) > highest for cells in possible):
            continue  # counts beyond the highest that are tried would be possible too
        for index, text in enumerate(shown):
            values = {cells[index] for cells in possible}
            assert text not in {UNDER, HIDDEN} or len(values) > 1, (shown, possible)


@pytest.mark.parametrize(
    ("implied", "asked", "answered"),
    [
        (
            ("route:my_child", "under_18:yes", "victim_led:not_answered"),
            ("route:myself", "under_18:no_or_not_known", "victim_led:not_answered"),
            ("route:myself", "under_18:yes", "victim_led:not_answered"),
        ),
        (
            ("route:my_business", "under_18:no_or_not_known", "victim_led:not_answered"),
            ("route:person_harmed/police", "under_18:no_or_not_known", "victim_led:yes"),
            ("route:person_harmed/police", "under_18:no_or_not_known", "victim_led:not_answered"),
        ),
    ],
    ids=["under_18", "victim_led"],
)
def test_no_small_count_follows_from_what_a_route_implies(
    implied: tuple[str, ...], asked: tuple[str, ...], answered: tuple[str, ...]
) -> None:
    """A child referred by a parent is under 18: the difference of the two lines does not tell how few other children came."""
    possible: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for total in range(5, 20):
        for few in range(total + 1):
            for number in range(total - few + 1):
                kinds = ((implied, total - few - number), (asked, number), (answered, few))
                counts = Counter({"outcome:accepted": total})
                for names, times in kinds:
                    counts.update(dict.fromkeys((*names, "offence_group:none"), times))
                possible[tuple(figure.shown for figure in shown_figures(counts))].add(few)
    assert [found for found in possible.values() if len(found) == 1 and found <= {1, 2, 3, 4}] == []
    assert {0} in possible.values()  # the control: figures are shown where they tell of nobody


@pytest.mark.parametrize(
    ("ages", "shown"), [((18, 42), ["18", "42"]), ((12, 48), [HIDDEN, HIDDEN]), ((52, 8), [HIDDEN, HIDDEN])]
)
def test_what_a_route_implies_is_taken_off_before_it_is_told_whether_a_count_is_small(
    ages: tuple[int, int], shown: list[str]
) -> None:
    """Of the ages 10 of a child and 6 without an age are known; of who leads, 36; a count beside none of them is “under 5”."""
    names = ("route:my_child", "route:my_business", "route:myself", "route:person_harmed/police")
    counts = {"outcome:accepted": 60, **dict(zip(names, (10, 6, 20, 24), strict=True))}
    counts |= dict(zip(("under_18:yes", "under_18:no_or_not_known"), ages, strict=True))
    counts |= {"victim_led:yes": 4, "victim_led:not_answered": 56}
    found = {f"{each.list}:{each.item}": each.shown for each in shown_figures(counts)}
    assert [found["under_18:yes"], found["under_18:no_or_not_known"]] == shown
    assert (found["victim_led:yes"], found["victim_led:not_answered"]) == (UNDER, HIDDEN)


def test_a_total_gives_nothing_back_that_the_items_hide() -> None:
    """Beside a small count another one is hidden, in the order of the list; where that is not enough, or all are few, all are."""
    assert shown_breakdown([0, 5, 12]) == ["0", "5", "12"]
    assert shown_breakdown([1, 8, 20]) == [UNDER, HIDDEN, "20"]  # could be 4 and 5
    assert shown_breakdown([1, 7, 20]) == [UNDER, HIDDEN, HIDDEN]
    assert shown_breakdown([3, 0, 20, 30]) == [UNDER, "0", HIDDEN, "30"]
    assert shown_breakdown([1, 5, 20, 30]) == [UNDER, HIDDEN, HIDDEN, "30"]
    assert shown_breakdown([4, 4, 0]) == [HIDDEN] * 3
    assert shown_breakdown([1, 2]) == [HIDDEN] * 2
    assert shown_breakdown([0, 0]) == ["0", "0"]


EVENTS = st.lists(
    st.tuples(st.sampled_from(sorted(all_counters())), st.integers(min_value=0, max_value=180 * DAY)), max_size=60
)


@given(EVENTS, st.lists(st.integers(min_value=0, max_value=200 * DAY), min_size=2, max_size=6))
def test_the_difference_of_two_exports_tells_nothing(happened: list[tuple[str, int]], exports: list[int]) -> None:
    """However often and over whichever months figures are exported: what is shown of a month never changes."""
    begin = datetime(2027, 1, 1, tzinfo=UTC)
    table = InMemory()
    seen: dict[float, list[object]] = {}
    for number in range(max(exports) // DAY + 1):
        today = begin + timedelta(days=number)
        for name, at in happened:
            if at // DAY == number:
                table.count([name], today)
        if any(each // DAY == number for each in exports):
            shown = export(table, begin.date() + timedelta(days=31 * (number % 3)), today.date(), today)
            assert all(month < month_of(today) for month in shown)
            for month, figures in shown.items():
                assert seen.setdefault(month, list(figures)) == list(figures)


class InMemory(Counters):
    """Counters without a database: the property is one of the export."""

    def __init__(self) -> None:
        self.months: dict[float, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def count(self, names: object, now: datetime) -> None:
        """Count."""
        for name in names:  # type: ignore[attr-defined] # a list
            self.months[month_of(now)][name] += 1

    def counted(self, first: float, last: float) -> dict[float, dict[str, int]]:
        """Return the months."""
        return {month: dict(found) for month, found in self.months.items() if first <= month < last}

    def _connect(self) -> object: ...
    def _execute(self, *_: object) -> list[object]:
        return []

    def _commit_definitely_failed(self, _error: Exception, /) -> bool:
        return False

    def _explain(self, _error: Exception, /) -> str:
        return ""


@pytest.mark.usefixtures("keeping")
def test_the_command_prints_the_months_that_are_over(run: Run, environ: dict[str, str]) -> None:
    """As a table for people and as CSV; small counts are hidden, and the running month is left out."""
    outbox = compose.open_outbox(Settings.read(environ))
    chance = random.Random(1)  # noqa: S311 - a repeatable choice
    for _ in range(40):
        kind = chance.choice(["police", "probation"])
        outbox.count(["outcome:accepted", f"route:person_harmed/{kind}"], datetime(2025, 3, 9, tzinfo=UTC))
    outbox.count(["outcome:accepted", "route:myself", "signposted:area"], datetime(2025, 4, 9, tzinfo=UTC))
    outbox.count(["outcome:accepted"], datetime.now(UTC))
    outbox.close()
    code, out, _ = run("figures")
    assert (code, [line for line in out.splitlines() if line[:1] != " "]) == (0, ["2025-03", "2025-04"])
    assert "  outcome        accepted                                    40\n" in out
    assert "  outcome        accepted                               under 5\n" in out
    assert "  route          too few to tell apart                not shown\n" in out
    code, out, _ = run("figures", "--from", "2025-04", "--to", "2025-04", "--csv")
    lines = out.splitlines()
    assert (code, lines[0], len(lines)) == (0, "month,list,item,count", 1 + len(list(all_counters())))
    assert "2025-04,outcome,accepted,under 5" in lines
    assert "2025-04,route,person_harmed/police,not shown" in lines
    assert run("figures", "--from", "2026-01")[1] == "Nothing was counted in these months, or they are not over.\n"
    for wrong in ("2025-13", "0001-01", "March", "2025"):
        assert run("figures", "--from", wrong)[0] == 2


def test_what_is_shown_names_every_counter_in_its_order() -> None:
    """A new route, kind of organisation or criterion is a new line of the export, without a change here."""
    shown = [f"{each.list}:{each.item}" for each in shown_figures({})]
    assert shown == list(all_counters())
    assert len(shown) == len(set(shown))
    assert {name.partition(":")[2].partition("/")[0] for name in shown if name.startswith("route:")} == set(Route) - {
        Route.CONTACT_ME
    }
