"""What a monitor may know: whether referrals can be accepted, and whether a person has to look. Counts only."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from referral_function.sending.encryption import PublicKey
from referral_function.sending.outbox import ALARM_AGES, Outbox, OutboxError, Stats

MISSED_DRAINS = 3
_LEAST_FREE = 50 * 1024 * 1024  # bytes


def ready(outbox: Outbox, seal_key: PublicKey, disk: Path | None) -> bool:
    """Say whether a referral could be accepted now. The relay has no part in that: its outage must not close the form."""
    try:
        outbox.probe()
        free = shutil.disk_usage(disk).free if disk else _LEAST_FREE
    except (OutboxError, OSError):
        return False
    return free >= _LEAST_FREE and bool(seal_key.seal(b"probe", "probe"))


def alarms(stats: Stats, *, every: float) -> tuple[str, ...]:
    """Name what a person has to look at; `every` is the time between two drains, in seconds."""
    found = {
        "parked": stats.parked > 0,
        "overdue": stats.oldest is not None and stats.oldest >= ALARM_AGES[0],
        "drains_missed": (stats.last_drain or 0) > MISSED_DRAINS * every and not stats.at_work,
        "never_drained": stats.last_drain is None and stats.queued > 0,
    }
    return tuple(name for name, true in found.items() if true)


def status(outbox: Outbox, *, every: float) -> tuple[int, Mapping[str, object]]:
    """Return the HTTP status and the counts of the status page: 503 when a person has to look."""
    try:
        stats = outbox.stats()
    except OutboxError:
        return 503, {"alarms": ["outbox"]}
    found = alarms(stats, every=every)
    return (503 if found else 200), asdict(stats) | {"alarms": list(found)}
