"""`outbox`: list, retry, park, bounced, resend, settle, discard, purge and reconcile entries. Only `resend` decrypts."""

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing

from referral_function import compose
from referral_function.commands import bounces
from referral_function.commands.confirm import confirmed
from referral_function.commands.listing import format_age, print_entries
from referral_function.sending.attempt import Stage, State
from referral_function.sending.encryption import entry_mac
from referral_function.sending.outbox import Outbox
from referral_function.sending.reference import PATTERN, is_reference, parse
from referral_function.settings.settings import Settings

HELP = "see what waits, and act on it"
Action = Callable[[Outbox, argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def add(name: str, action: Action, help_text: str, *, reference: bool = False) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(action=action)
        if reference:
            added.add_argument("reference", type=_reference, help="for example RJ-4X7K-9PQM")
        return added

    add("list", _list, "what waits, is parked or has bounced, the oldest first")
    add("show", _show, "everything that is known of one entry", reference=True)
    retry = add("retry", _retry, "make an entry due now, its counts at zero")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", type=_reference, help="for example RJ-4X7K-9PQM")
    which.add_argument("--parked", action="store_true", help="everything that is parked")
    which.add_argument("--all", action="store_true", help="everything that waits or is parked")
    add("park", _park, "stop trying an entry that the relay refused at the final dot", reference=True)
    bounced = add("bounced", bounces.bounced, "mark what a delivery report is about: a message that came back")
    bounced.add_argument("file", help="the report as it was received (RFC 3464), or - for standard input")
    add("resend", bounces.resend, "send what is kept of a delivered referral once more", reference=True)
    add("settle", bounces.settle, "end the alarm of a bounce; asks for its reference again", reference=True)
    add("discard", _discard, "delete a parked referral for good; asks for its reference again", reference=True)
    add("purge", _purge, "delete what is left of referrals that were delivered 30 days ago")
    reconcile = add("reconcile", _reconcile, "compare the outbox with a list of what the inbox has received")
    reconcile.add_argument(
        "file", help="any text with the references, such as a list of subjects, or - for standard input"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the action on the outbox of the settings."""
    action: Action = arguments.action
    settings = Settings.read(os.environ)
    arguments.settings = settings
    with closing(compose.open_outbox(settings)) as outbox:
        return action(outbox, arguments)


def _list(outbox: Outbox, _arguments: argparse.Namespace) -> int:
    print_entries(
        [each for each in outbox.entries() if each.state is not State.DELIVERED or each.bounced_at is not None]
    )
    return 0


def _show(outbox: Outbox, arguments: argparse.Namespace) -> int:
    for entry in outbox.entries():
        if entry.reference == arguments.reference:
            print_entries([entry])
            unfinished, rejections = entry.unfinished_attempts, entry.permanent_rejections
            print(f"crashed or being sent: {unfinished}, refused at the final dot: {rejections}")
            print(f"sealed with the key {entry.key_id}")
            if copy := outbox.kept(entry.reference):
                print(f"kept for {format_age(copy.seconds)} more, sealed with the key {copy.key_id}")
            if entry.bounced_at is not None:
                print(f"It bounced {format_age(time.time() - entry.bounced_at)} ago: resend it, or settle it.")
            if entry.possibly_delivered or unfinished:
                print("It may have been sent already: look for the reference in the inbox before you act.")
            return 0
    print(f"{arguments.reference} is not in the outbox: never accepted here, or delivered more than 30 days ago.")
    return 1


def _retry(outbox: Outbox, arguments: argparse.Namespace) -> int:
    states = {State.PARKED, State.QUEUED} if arguments.all else {State.PARKED}
    found = [entry.reference for entry in outbox.entries() if entry.state in states]
    references = [arguments.reference] if arguments.reference else found
    count = 0
    for reference in references:
        mac, entry = None, outbox.entry(reference)
        if entry and entry.last_stage == Stage.VERIFY:
            if not confirmed(reference, "Nothing shows that we stored this entry: read “verify” in the guide on duty."):
                continue
            secret = arguments.settings.secret_key
            mac = entry_mac(secret, reference=reference, key_id=entry.key_id, ciphertext=entry.ciphertext)
        count += outbox.retry(reference, mac)
    print(f"Due now: {count} of {len(references)}. The next drain tries again.")
    return 0 if count == len(references) else 1


def _park(outbox: Outbox, arguments: argparse.Namespace) -> int:
    if outbox.park(arguments.reference):
        print(f"{arguments.reference} is parked: it is not tried again until you type outbox retry.")
        return 0
    print(f"{arguments.reference} was not parked: only what waits, and was refused at the final dot, can be.")
    return 1


def _discard(outbox: Outbox, arguments: argparse.Namespace) -> int:
    entry = outbox.entry(arguments.reference)
    if entry is None or entry.state is not State.PARKED:
        found = "is not here, or was delivered" if entry is None else "is not parked: it is still being tried"
        print(f"{arguments.reference} {found}. Only what is parked can be deleted; nothing was.")
        return 1
    warning = "The referral will be gone for good, and nobody will be told."
    if confirmed(arguments.reference, warning) and outbox.discard(arguments.reference):
        print(f"{arguments.reference} is deleted.")
        return 0
    print(f"Nothing was deleted: {arguments.reference} was not typed.")
    return 1


def _purge(outbox: Outbox, _arguments: argparse.Namespace) -> int:
    print(f"Deleted: {outbox.purge()}.")
    return 0


def _reconcile(outbox: Outbox, arguments: argparse.Namespace) -> int:
    """Exit 1 if a delivered reference is not in the file."""
    try:
        text = bounces.read_file(arguments.file).decode("utf-8", "replace")
    except OSError as error:
        print(f"Nothing was compared: {arguments.file} cannot be read: {error.strerror}.")
        return 1
    counts = Counter(filter(is_reference, PATTERN.findall(text)))
    received = set(counts)
    entries = list(outbox.entries())
    delivered = {entry.reference for entry in entries if entry.state is State.DELIVERED}
    waiting = {entry.reference for entry in entries} - delivered
    findings = {
        "delivered, and in the file": delivered & received,
        "NOT IN THE FILE, though the relay took them (look for a bounce)": delivered - received,
        "still waiting here": waiting - received,
        "still waiting here, yet in the file (they will arrive again)": waiting & received,
        "in the file more than once": {reference for reference, count in counts.items() if count > 1},
        "in the file, not known here (older than 30 days, or from elsewhere)": received - delivered - waiting,
    }
    for finding, references in findings.items():
        print(f"{len(references):6} {finding}")
        if not finding.startswith("delivered"):
            for reference in sorted(references):
                print(f"       {reference}")
    return 1 if delivered - received else 0


def _reference(text: str) -> str:
    reference = parse(text)
    if reference is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a reference; one looks like RJ-4X7K-9PQM")
    return reference
