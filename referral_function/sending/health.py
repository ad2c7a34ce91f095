"""Health checks: whether referrals can be accepted, and whether the operator has to act. Counts only."""

from collections.abc import Mapping
from dataclasses import asdict

from referral_function.sending.attempt import Stage, needs_operator
from referral_function.sending.encryption import PublicKey
from referral_function.sending.entry import OutboxError, Stats
from referral_function.sending.outbox import ALARM_AGES, Outbox

ALARMS = (
    *("parked", "key_missing", "relay_refuses", "bounced", "overdue", "drains_missed", "never_drained"),
    *("clock", "replaced", "disk", "limit", "outbox"),
)
MAX_MISSED_DRAINS = 3
_MAX_CLOCK_ERROR = 60.0  # seconds between the clocks of the form and the database
_LOW_FREE_BYTES = 1024**3  # 6 hours of the largest referrals (540 kB) at the default rate limit


def ready(outbox: Outbox, public_key: PublicKey) -> bool:
    """Whether a referral could be accepted now. The relay is not asked: its outage must not close the form."""
    return _can_store(outbox) and bool(public_key.encrypt(b"probe", "probe"))


def _can_store(outbox: Outbox) -> bool:
    try:
        outbox.probe()
    except OutboxError:
        return False
    return True


def alarms(stats: Stats, *, interval: float, limit_reached: bool = False) -> tuple[str, ...]:
    """Name the alarms that are on; `interval` is the time between two drains, in seconds."""
    checks = {
        "parked": stats.parked > 0,
        "key_missing": stats.unreadable > 0 or stats.stopped_stage == Stage.DECRYPT,
        "relay_refuses": needs_operator(stats.stopped_stage or "", stats.stopped_code or ""),
        "bounced": stats.bounced > 0,
        "overdue": stats.oldest is not None and stats.oldest >= ALARM_AGES[0],
        "drains_missed": (stats.last_drain or 0) > MAX_MISSED_DRAINS * interval and not stats.at_work,
        "never_drained": stats.last_drain is None and stats.queued > 0,
        "clock": any((age or 0) < -_MAX_CLOCK_ERROR for age in (stats.newest, stats.last_drain, stats.last_success)),
        "replaced": stats.replaced,
        "disk": stats.free_bytes is not None and stats.free_bytes < _LOW_FREE_BYTES,
        "limit": limit_reached,
    }
    return tuple(name for name, on in checks.items() if on)


def status(outbox: Outbox, *, interval: float, limit_reached: bool) -> tuple[int, Mapping[str, object]]:
    """Return the HTTP status and the counts of the status page: 503 if an alarm is on."""
    try:
        stats = outbox.stats()
    except OutboxError:
        return 503, {"alarms": ["replaced" if outbox.replaced() else "outbox"]}
    found = alarms(stats, interval=interval, limit_reached=limit_reached)
    if not (stats.replaced or _can_store(outbox)):  # it may still be read: a full disk, a read-only file
        found += ("outbox",)
    return (503 if found else 200), asdict(stats) | {"alarms": list(found)}
