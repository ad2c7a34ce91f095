"""`drain`: deliver what is due, once or in a loop, for a scheduler or a second process."""

import argparse
import os
import signal
import threading
from contextlib import closing

from referral_function import compose, events
from referral_function.commands.listing import next_try
from referral_function.sending.attempt import State
from referral_function.sending.drain_thread import DRAIN_INTERVAL, DrainThread
from referral_function.sending.health import alarms
from referral_function.sending.outbox import Outbox
from referral_function.sending.reasons import reason
from referral_function.settings.settings import Settings

HELP = "deliver what is due; exit 1 if a person has to look"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the duration."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--seconds", type=float, default=60.0, help="begin no message after this (default: %(default)g)")
    how.add_argument("--loop", action="store_true", help="go on until told to stop")


def run(arguments: argparse.Namespace) -> int:
    """Drain; SIGTERM and Ctrl-C finish the message in flight. Exit 1 if an alarm is on."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    events.to_stderr()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with closing(compose.open_outbox(settings)) as outbox:
        delivery = compose.make_delivery(settings, outbox)
        if arguments.loop:
            thread = DrainThread(delivery)
            thread.start()
            stopping.wait()
            thread.stop(compose.FINAL_REPLY_TIMEOUT)
            return 0
        drained = delivery.drain(arguments.seconds, stopping.is_set)
        if drained is None:
            print("Another drain is at work.")
        else:
            print(f"Delivered {drained.delivered}, failed {drained.failed}.")
            _print_what_waits(outbox)
        return 1 if alarms(outbox.stats(), interval=DRAIN_INTERVAL) else 0


def _print_what_waits(outbox: Outbox) -> None:
    waiting = [entry for entry in outbox.entries() if entry.state is State.QUEUED]
    if waiting:
        first = min(waiting, key=lambda entry: entry.next_at)
        why = reason(first.last_stage, first.last_code) or "not tried yet"
        count, which = ("1 waits", first.reference) if len(waiting) == 1 else (f"{len(waiting)} wait", "--all")
        print(f"{count}, next try {next_try(first)}: {why}. To try at once: outbox retry {which}, then drain.")
