"""The table of `outbox list`: what waits, until when and why."""

import time
from collections.abc import Sequence

from referral_function.sending.attempt import MAX_BACK_OFF, State
from referral_function.sending.entry import Entry
from referral_function.sending.reasons import reason


def print_entries(entries: Sequence[Entry]) -> None:
    """Print a line for each entry, and how many there are."""
    row = "{:13} {:9} {:>7} {:>5} {:>8} {:8} {:18} {:>7} {}".format
    print(row("reference", "state", "age", "tries", "next try", "stage", "code", "size", "why").rstrip())
    for entry in entries:
        age, stage, code = format_age(time.time() - entry.created_at), entry.last_stage, entry.last_code
        words = (entry.attempts, next_try(entry), stage or "-", code or "-", entry.size, reason(stage, code))
        state = entry.state if entry.bounced_at is None else "bounced"
        print(row(entry.reference, state, age, *words).rstrip())
    print(f"{len(entries)} in all")


def next_try(entry: Entry) -> str:
    """Return when an entry is tried again, as the local time, "now" if it is due, "-" if it is not queued."""
    if entry.state is not State.QUEUED:
        return "-"
    wait = entry.next_at - time.time()
    return time.strftime("%H:%M", time.localtime(entry.next_at)) if 0 < wait <= MAX_BACK_OFF else "now"


def format_age(seconds: float) -> str:
    """Return an age in its largest unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
