"""Health checks: whether referrals can be accepted, and whether the operator has to act. Counts only."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from referral_function.sending.encryption import PublicKey
from referral_function.sending.entry import OutboxError, Stats
from referral_function.sending.outbox import ALARM_AGES, Outbox

MAX_MISSED_DRAINS = 3
_MIN_FREE_BYTES = 50 * 1024 * 1024


def ready(outbox: Outbox, public_key: PublicKey, disk: Path | None) -> bool:
    """Whether a referral could be accepted now. The relay is not asked: its outage must not close the form."""
    try:
        outbox.probe()
        free = shutil.disk_usage(disk).free if disk else _MIN_FREE_BYTES
    except (OutboxError, OSError):
        return False
    return free >= _MIN_FREE_BYTES and bool(public_key.encrypt(b"probe", "probe"))


def alarms(stats: Stats, *, interval: float) -> tuple[str, ...]:
    """Name the alarms that are on; `interval` is the time between two drains, in seconds."""
    checks = {
        "parked": stats.parked > 0,
        "overdue": stats.oldest is not None and stats.oldest >= ALARM_AGES[0],
        "drains_missed": (stats.last_drain or 0) > MAX_MISSED_DRAINS * interval and not stats.at_work,
        "never_drained": stats.last_drain is None and stats.queued > 0,
    }
    return tuple(name for name, on in checks.items() if on)


def status(outbox: Outbox, *, interval: float) -> tuple[int, Mapping[str, object]]:
    """Return the HTTP status and the counts of the status page: 503 if an alarm is on."""
    try:
        stats = outbox.stats()
    except OutboxError:
        return 503, {"alarms": ["outbox"]}
    found = alarms(stats, interval=interval)
    return (503 if found else 200), asdict(stats) | {"alarms": list(found)}
