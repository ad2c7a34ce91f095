"""`keygen`: generate a pair of keys and print it as settings."""

import argparse
import sys

from referral_function.sending.encryption import keygen

HELP = "print a new pair of keys as two settings"
_WARNING = (
    "Keep REFERRAL_OPEN_KEYS secret and back it up: if it is lost, every referral that waits in the outbox is lost.\n"
    "To change keys, put the new private key beside the old one, with a comma between, and switch REFERRAL_SEAL_KEY;\n"
    "drop the old one when `keys` shows nothing sealed with it."
)
_KEEP_WARNING = (
    "Only the first line goes to the machine of the form. The second line stays with the service's manager, in a safe,\n"
    "and never on that machine: `outbox resend` asks for it. If it is lost, nothing that bounced can be sent again.\n"
    "To change keys, switch REFERRAL_KEEP_KEY; keep the old private key until `keys` no longer shows it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the kind of pair."""
    parser.add_argument(
        "--keep",
        action="store_true",
        help="a pair to keep what was delivered with; run it away from the form's machine",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the keys to stdout, and a warning about backups to stderr."""
    public, private = keygen()
    if arguments.keep:
        print(f"REFERRAL_KEEP_KEY={public}\n{private}")
    else:
        print(f"REFERRAL_SEAL_KEY={public}\nREFERRAL_OPEN_KEYS={private}")
    print(_KEEP_WARNING if arguments.keep else _WARNING, file=sys.stderr)
    return 0
