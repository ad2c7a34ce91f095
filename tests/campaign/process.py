"""A real process of the service whose waits are shorter, so that a campaign of minutes holds days of faults.

What is shortened: back-offs, pauses, leases and timeouts, all in proportion. What a process does is untouched, but for
the control: `CAMPAIGN_CONTROL=marks-early` marks an entry as delivered before the relay has said so.
"""

import os
import sys
from typing import Any

from referral_function import compose
from referral_function.__main__ import main
from referral_function.sending import attempt, delivery, drain_thread, mailer, smtp
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.entry import Entry
from referral_function.sending.outbox import Outbox

SHORTER: list[tuple[Any, str, float]] = [
    (attempt, "FIRST_BACK_OFF", 0.3),
    (attempt, "MAX_BACK_OFF", 2.0),
    (attempt, "REJECTION_DELAY", 1.0),
    (delivery, "_FIRST_PAUSE", 0.2),
    (delivery, "_MAX_PAUSE", 1.0),
    (delivery, "_LEASE_MARGIN", 0.5),
    (drain_thread, "DRAIN_INTERVAL", 0.5),
    (smtp, "COMMAND_TIMEOUT", 1.0),
    (smtp, "BODY_TIMEOUT", 1.0),
    (mailer, "BEFORE_BODY_TIMEOUT", 2.5),
    (mailer, "BODY_TIMEOUT", 3.0),
    (compose, "FINAL_REPLY_TIMEOUT", 4.0),
    (compose, "_RELAY_TIMEOUT", 1.0),
]


def marks_early(outbox: Outbox, entry: Entry, lease: float) -> bool:
    """Do as a broken build would, the control: mark and erase just before the message is sent."""
    held = _hold(outbox, entry, lease)
    if held:
        outbox.record_result(entry, Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
    return held


_hold = Outbox.renew_lease


if __name__ == "__main__":
    for owner, name, value in SHORTER:
        assert isinstance(getattr(owner, name), float)
        setattr(owner, name, value)
    if os.environ.get("CAMPAIGN_CONTROL") == "marks-early":
        Outbox.renew_lease = marks_early  # type: ignore[method-assign, assignment] # the control replaces the real one
    sys.exit(main())
