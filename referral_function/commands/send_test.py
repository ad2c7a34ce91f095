"""`send-test`: an invented referral, marked TEST, on the whole way: outbox, seal, drain, relay."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
import secrets
from datetime import UTC, datetime

from referral_function import compose, events
from referral_function.sending.attempt import State
from referral_function.sending.message import wire_message
from referral_function.sending.reference import new_reference
from referral_function.settings.settings import Settings

_SECONDS = 60.0
_BODY = """TEST - this is not a referral.

Somebody who runs the online referral form has sent this message to see whether messages arrive.
It has the reference {reference} and holds nobody's data. Nothing needs to be done.
If the service did not expect a test, tell the person who runs the form.
"""


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "send an invented message, marked TEST, on the whole way"
    subparsers.add_parser("send-test", help=words).set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Accept it as a referral is accepted, drain, and say what became of it."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    events.to_stderr()
    outbox = compose.open_outbox(settings)
    try:
        delivery = compose.make_delivery(settings, outbox)
        reference, now = new_reference(secrets.randbelow), datetime.now(UTC)
        wire = wire_message(
            reference=reference,
            body=_BODY.format(reference=reference),
            sender=settings.sender,
            inbox=settings.inbox,
            accepted_at=now,
        )
        sealed, key_id = settings.seal_key.encrypt(wire, reference), settings.seal_key.id
        key = secrets.token_bytes(32)
        outbox.accept(reference=reference, key=key, ciphertext=sealed, key_id=key_id, created_at=now)
        delivery.drain(_SECONDS)
        (entry,) = [entry for entry in outbox.entries() if entry.reference == reference]
    finally:
        outbox.close()
    if entry.state is State.DELIVERED:
        print(
            f"{reference}: the relay has taken it. Look for it in {settings.inbox}, and for a bounce in {settings.sender}."
        )
        return 0
    print(
        f"{reference}: not yet taken ({entry.last_stage or 'not tried'} {entry.last_code or ''}); the next drain tries again."
    )
    return 1
