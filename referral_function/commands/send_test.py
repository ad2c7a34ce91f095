"""`send-test`: send an invented message, marked TEST, through outbox, encryption, drain and relay."""

import argparse
import os
import secrets
from contextlib import closing
from datetime import UTC, datetime

from referral_function import compose, events
from referral_function.sending.attempt import State
from referral_function.sending.message import Body
from referral_function.settings.settings import Settings

HELP = "send an invented message, marked TEST, on the whole way"
_SECONDS = 60.0
_BODY = """TEST - this is not a referral.

Somebody who runs the online referral form has sent this message to see whether messages arrive.
It has the reference {} and holds nobody's data. Nothing needs to be done.
If the service did not expect a test, tell the person who runs the form.
"""


def run(_arguments: argparse.Namespace) -> int:
    """Store the message as a referral is stored, drain, and print the result; exit 1 if it was not delivered."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    events.to_stderr()
    with closing(compose.open_outbox(settings)) as outbox:
        delivery, submission = compose.make_delivery(settings, outbox), compose.make_submission(settings, outbox)
        key, now = secrets.token_bytes(32), datetime.now(UTC)
        reference = submission.store(lambda name: Body(plain=_BODY.format(name)), key, "", now).reference
        delivery.drain(_SECONDS)
        (entry,) = [entry for entry in outbox.entries() if entry.reference == reference]
    if entry.state is State.DELIVERED:
        print(
            f"{reference}: the relay has taken it. Look for it in {settings.inbox}, and for a bounce in {settings.sender}."
        )
        return 0
    print(
        f"{reference}: not yet taken ({entry.last_stage or 'not tried'} {entry.last_code or ''}); the next drain tries again."
    )
    return 1
