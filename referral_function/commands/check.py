"""`check`: test the outbox, the keys and the relay (as far as RCPT) without sending a message."""

import argparse
import os
from collections.abc import Callable
from contextlib import closing
from functools import partial

from referral_function import compose
from referral_function.sending.attempt import Failure
from referral_function.sending.encryption import DecryptionError
from referral_function.sending.entry import OutboxError
from referral_function.settings.settings import Settings, SettingsError

HELP = "try the settings, the outbox, the keys and the relay; no message is sent"


def run(_arguments: argparse.Namespace) -> int:
    """Print the result of each test; exit 1 if one failed."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    with closing(compose.open_outbox(settings)) as outbox:
        results = [
            _passes("outbox", outbox.probe),
            _passes("keys", partial(_test_keys, settings)),
            _passes("relay", lambda: compose.make_mailer(settings).check()),
        ]
    return 0 if all(results) else 1


def _test_keys(settings: Settings) -> None:
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS is not set here; that is right where nothing is delivered.")
    settings.open_keys.self_test(settings.seal_key)


def _passes(name: str, test: Callable[[], None]) -> bool:
    try:
        test()
    except (Failure, OutboxError, DecryptionError, SettingsError) as error:
        print(f"{name:7} NO: {error}")
        return False
    print(f"{name:7} works")
    return True
