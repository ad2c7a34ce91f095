"""`keygen`: generate a pair of keys and print it as two settings."""

import argparse
import sys

from referral_function.sending.encryption import keygen

HELP = "print a new pair of keys as two settings"
_WARNING = (
    "Keep REFERRAL_OPEN_KEYS secret and back it up: if it is lost, every referral that waits in the outbox is lost.\n"
    "To change keys, put the new private key beside the old one, with a comma between, and switch REFERRAL_SEAL_KEY;\n"
    "drop the old one when `keys` shows nothing sealed with it."
)


def run(_arguments: argparse.Namespace) -> int:
    """Print the settings to stdout, and a warning about backups to stderr."""
    public, private = keygen()
    print(f"REFERRAL_SEAL_KEY={public}\nREFERRAL_OPEN_KEYS={private}")
    print(_WARNING, file=sys.stderr)
    return 0
