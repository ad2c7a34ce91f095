"""The counts of the status page in the text format of Prometheus: counts, ages, alarms and free disk, nothing else.

Source: the exposition formats of Prometheus, version 0.0.4.
"""

from collections.abc import Mapping
from typing import cast

from referral_function.sending.health import ALARMS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_GAUGES = {
    "queued": "referral_queued_messages",
    "delivered": "referral_delivered_messages",
    "parked": "referral_parked_messages",
    "bounced": "referral_bounced_messages",
    "unreadable": "referral_unreadable_messages",
    "oldest": "referral_oldest_message_age_seconds",
    "last_drain": "referral_last_drain_age_seconds",
    "last_success": "referral_last_delivery_age_seconds",
    "free_bytes": "referral_free_bytes",
}


def prometheus_text(counts: Mapping[str, object]) -> str:
    """Return the metrics; what is not known has no line, and every alarm has one, 0 or 1."""
    lines = []
    for field, name in _GAUGES.items():
        value = counts.get(field)
        if isinstance(value, int | float):
            lines += [f"# TYPE {name} gauge", f"{name} {value}"]
    on = cast("list[str]", counts["alarms"])
    lines += ["# TYPE referral_alarm gauge"]
    lines += [f'referral_alarm{{alarm="{name}"}} {int(name in on)}' for name in ALARMS]
    return "\n".join([*lines, ""])
