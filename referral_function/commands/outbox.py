"""`outbox`: see what waits and act on it. Nothing here opens what is sealed."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from referral_function import compose
from referral_function.sending.attempt import State
from referral_function.sending.outbox import Entry, Outbox
from referral_function.sending.reference import normalised
from referral_function.settings import Settings


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command and what can be done with the outbox."""
    parser = subparsers.add_parser("outbox", help="see what waits, and act on it")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what waits or is parked, the oldest first")
    listing.set_defaults(run=run, action=_list)
    retry = actions.add_parser("retry", help="make an entry due now, its counts at zero")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", type=_reference, help="for example RJ-4X7K-9PQM")
    which.add_argument("--parked", action="store_true", help="everything that is parked")
    retry.set_defaults(run=run, action=_retry)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and close the outbox."""
    outbox = compose.open_outbox(Settings.read(os.environ))
    try:
        action: object = arguments.action
        assert callable(action)  # noqa: S101 - set by add_to
        return int(action(outbox, arguments))
    finally:
        outbox.close()


def _list(outbox: Outbox, _arguments: argparse.Namespace) -> int:
    waiting = [entry for entry in outbox.entries() if entry.state is not State.DELIVERED]
    _print(waiting)
    return 0


def _retry(outbox: Outbox, arguments: argparse.Namespace) -> int:
    if arguments.parked:
        references = [entry.reference for entry in outbox.entries() if entry.state is State.PARKED]
    else:
        references = [arguments.reference]
    done = [reference for reference in references if outbox.retry(reference)]
    print(f"Due now: {len(done)} of {len(references)}. The next drain tries again.")
    return 0 if len(done) == len(references) else 1


def _print(entries: Sequence[Entry]) -> None:
    print(f"{'reference':13} {'state':9} {'age':>8} {'tries':>5} {'stage':8} {'code':18} {'size':>7}")
    for entry in entries:
        age = time.time() - entry.created_at
        print(
            f"{entry.reference:13} {entry.state:9} {_spoken(age):>8} {entry.attempts:5} "
            f"{entry.last_stage or '-':8} {entry.last_code or '-':18} {entry.size:7}"
        )
    print(f"{len(entries)} in all, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def _spoken(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _reference(text: str) -> str:
    reference = normalised(text)
    if reference is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a reference; one looks like RJ-4X7K-9PQM")
    return reference
