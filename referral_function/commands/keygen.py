"""`keygen`: a new pair of keys, as two lines of settings."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import sys

from referral_function.sending.encryption import keygen

_WARNING = (
    "Keep REFERRAL_OPEN_KEYS secret and back it up: if it is lost, every referral that waits in the outbox is lost.\n"
    "To change keys, put the new private key beside the old one, with a comma between, and switch REFERRAL_SEAL_KEY;\n"
    "drop the old one when `keys` shows nothing sealed with it."
)


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    subparsers.add_parser("keygen", help="print a new pair of keys as two settings").set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print them; what to mind goes to stderr."""
    public, private = keygen()
    print(f"REFERRAL_SEAL_KEY={public}\nREFERRAL_OPEN_KEYS={private}")
    print(_WARNING, file=sys.stderr)
    return 0
