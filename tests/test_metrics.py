"""Metrics: the counts of the status page, as a parser of Prometheus reads them."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types
from prometheus_client.parser import text_string_to_metric_families

from referral_function import compose
from referral_function.sending.entry import OutboxError
from referral_function.sending.health import ALARMS, alarms
from referral_function.sending.metrics import CONTENT_TYPE, prometheus_text
from referral_function.settings.settings import Settings
from tests.referrer import Browser
from tests.test_health import with_changes

RULES = Path(__file__).resolve().parents[1] / "deploy" / "prometheus-rules.yml"
TOKEN = "an invented token of the operator 0123456789"


def read(text: str) -> dict[str, float]:
    """Read metrics; an alarm by its name."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.labels.get("alarm", sample.name): sample.value for sample in samples}


def test_metrics_are_behind_the_token_and_hold_counts_alone(
    settings: Settings, environ: dict[str, str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 whatever is on, so that a scrape tells why; 401 without the token; 404 where none is set."""
    assert Browser(compose.application(settings)).get("/referral/metrics").status_code == 404
    names = {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off", "REFERRAL_OPERATOR_TOKEN": TOKEN}
    settings = Settings.read(environ | names)
    runtime = compose.Runtime.from_settings(settings)
    client = Browser(compose.application(settings, runtime))
    assert client.get("/referral/metrics").status_code == 401
    answer = client.get("/referral/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
    found = read(answer.text)
    assert (found["referral_queued_messages"], found["parked"], found["outbox"]) == (0, 0, 0)
    assert found["referral_free_bytes"] > 0
    assert "referral_last_delivery_age_seconds" not in found  # it has never been

    def broken() -> object:
        raise OutboxError

    monkeypatch.setattr(runtime.outbox, "stats", broken)
    answer = client.get("/referral/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert read(answer.text) == {**dict.fromkeys(ALARMS, 0.0), "outbox": 1.0}
    runtime.outbox.close()


def test_each_metric_says_that_it_may_fall() -> None:
    """A gauge, not a counter: what waits becomes less again."""
    text = prometheus_text({"alarms": [], "queued": 1})
    assert {family.type for family in text_string_to_metric_families(text)} == {"gauge"}


def test_every_alarm_is_a_metric() -> None:
    """An alarm of the status page that is on is 1, another 0; none is missing in the list."""
    bad = with_changes(
        parked=1, unreadable=1, bounced=1, oldest=1e6, last_drain=1e6, last_success=-1e6, free_bytes=0, replaced=True
    )
    on = alarms(bad, interval=30, limit_reached=True)
    others = alarms(with_changes(last_drain=None, stopped_stage="rcpt", stopped_code="550"), interval=30)
    assert {*on, *others, "outbox"} == set(ALARMS)
    found = read(prometheus_text({"alarms": on}))
    assert [name for name in ALARMS if found[name]] == [name for name in ALARMS if name in on]


def test_the_sample_rules_name_what_there_is() -> None:
    """Each metric and alarm in the rules exists, and each alarm can be looked up; a misspelt one is seen."""
    text = RULES.read_text("utf-8")
    counts = dict.fromkeys(
        re.findall(
            r"^    \"(\w+)\": \"referral_",
            Path(__file__).parent.parent.joinpath("referral_function/sending/metrics.py").read_text("utf-8"),
            re.MULTILINE,
        ),
        1,
    )
    known = set(read(prometheus_text({**counts, "alarms": []}))) | {"referral_alarm"}
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    named = {name for rule in rules for name in re.findall(r"referral_\w+", rule["expr"])}
    assert named <= known
    assert not {"referral_misspelt"} <= known
    assert all({"alert", "expr", "for", "labels", "annotations"} <= set(rule) for rule in rules)
    assert len(counts) == 9


@pytest.mark.needs("promtool")
def test_prometheus_takes_the_sample_rules_and_the_metrics(tmp_path: Path) -> None:
    """Its own checker finds nothing wrong in either; a broken expression and a broken line are found."""
    broken = tmp_path / "rules.yml"
    broken.write_text(RULES.read_text("utf-8").replace("referral_queued_messages > 20", "referral_queued_messages >"))
    for path, good in ((RULES, True), (broken, False)):
        ran = subprocess.run(["promtool", "check", "rules", str(path)], check=False, capture_output=True)
        assert (ran.returncode == 0) is good, ran.stderr
    text = prometheus_text({"queued": 1, "free_bytes": 2, "alarms": ["parked"]})
    for metrics, good in ((text, True), (f"{text}referral_alarm{{\n", False)):
        ran = subprocess.run(["promtool", "check", "metrics"], input=metrics.encode(), check=False, capture_output=True)
        assert (b"error while linting" not in ran.stderr) is good, ran.stderr
