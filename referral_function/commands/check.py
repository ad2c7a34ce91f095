"""`check`: test what the form needs and the relay (as far as RCPT), without sending a message."""

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
from referral_function.web.rate_limit import RateLimiter
from referral_function.web.site_page import PageError

HELP = "try the settings, the outbox, the keys, the site, the limit's store and the relay; no message is sent"


def run(_arguments: argparse.Namespace) -> int:
    """Print the result of each test; exit 1 if one failed."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    with closing(compose.open_outbox(settings)) as outbox:
        results = [
            _passes("outbox", outbox.probe),
            _passes("keys", partial(_test_keys, settings)),
            _passes("site", partial(compose.application, settings)),
            _passes("limit", lambda: RateLimiter(settings.limit, settings.limit_store, settings.secret_key).check()),
            _passes("relay", lambda: compose.make_mailer(settings).check()),
        ]
    return 0 if all(results) else 1


def _test_keys(settings: Settings) -> None:
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS is not set here; that is right where nothing is delivered.")
    settings.open_keys.self_test(settings.seal_key)


def _passes(name: str, test: Callable[[], object]) -> bool:
    try:
        test()
    except (Failure, OutboxError, DecryptionError, PageError, SettingsError) as error:
        print(f"{name:7} NO: {error}")
        return False
    print(f"{name:7} works")
    return True
