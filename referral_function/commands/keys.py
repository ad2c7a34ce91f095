"""`keys`: which keys are loaded, and how many entries are sealed with each."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
from collections import Counter

from referral_function import compose
from referral_function.settings.settings import Settings


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "which keys are loaded, and what is sealed with each; exit 1 if a private key is missing"
    subparsers.add_parser("keys", help=words).set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print one line per key. A private key may be dropped when nothing is sealed with it."""
    settings = Settings.read(os.environ)
    outbox = compose.open_outbox(settings)
    try:
        waiting = Counter(entry.key_id for entry in outbox.entries() if entry.size)
    finally:
        outbox.close()
    loaded = settings.open_keys.ids if settings.open_keys else ()
    for key_id in sorted({settings.seal_key.id, *loaded, *waiting}):
        use = "seals now" if key_id == settings.seal_key.id else "old"
        private = "private key loaded" if key_id in loaded else "PRIVATE KEY NOT LOADED"
        print(f"{key_id}  {use:9}  {waiting[key_id]:6} waiting  {private}")
    return 0 if {settings.seal_key.id, *waiting} <= set(loaded) else 1
