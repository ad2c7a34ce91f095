"""`check`: try the settings without sending anything: the outbox, the keys, the relay as far as RCPT."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
from collections.abc import Callable

from referral_function import compose
from referral_function.sending.attempt import Failure
from referral_function.sending.encryption import DecryptionError
from referral_function.sending.entry import OutboxError
from referral_function.settings.settings import Settings, SettingsError


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "try the settings, the outbox, the keys and the relay; no message is sent"
    subparsers.add_parser("check", help=words).set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Try one thing after the other, and say of each whether it works."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    outbox = compose.open_outbox(settings)
    results = [
        _tried("outbox", outbox.probe),
        _tried("keys", lambda: _keys(settings)),
        _tried("relay", compose.make_mailer(settings).check),
    ]
    outbox.close()
    return 0 if all(results) else 1


def _keys(settings: Settings) -> None:
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS is not set here; that is right where nothing is delivered.")
    settings.open_keys.self_test(settings.seal_key)


def _tried(name: str, step: Callable[[], None]) -> bool:
    try:
        step()
    except (Failure, OutboxError, DecryptionError, SettingsError) as error:
        print(f"{name:7} NO: {str(error) or type(error.__cause__).__name__}")
        return False
    print(f"{name:7} works")
    return True
