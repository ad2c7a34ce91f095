"""`drain`: deliver what is due, once or again and again; for a scheduler or a second process."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
import signal
import threading

from referral_function import compose, events
from referral_function.sending.drain_thread import DRAIN_INTERVAL, DrainThread
from referral_function.sending.health import alarms
from referral_function.settings.settings import Settings


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    parser = subparsers.add_parser("drain", help="deliver what is due; exit 1 if a person has to look")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--seconds", type=float, default=60.0, help="begin no message after this (default: %(default)g)")
    how.add_argument("--loop", action="store_true", help="go on until told to stop")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Drain; SIGTERM and Ctrl-C finish the message in flight."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    events.to_stderr()
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    outbox = compose.open_outbox(settings)
    delivery = compose.make_delivery(settings, outbox)
    try:
        if arguments.loop:
            thread = DrainThread(delivery)
            thread.start()
            told.wait()
            thread.stop(compose.FINAL_REPLY_TIMEOUT)
            return 0
        drained = delivery.drain(arguments.seconds, told.is_set)
        print(
            "Another drain is at work."
            if drained is None
            else f"Delivered {drained.delivered}, failed {drained.failed}."
        )
        return 1 if alarms(outbox.stats(), interval=DRAIN_INTERVAL) else 0
    finally:
        outbox.close()
