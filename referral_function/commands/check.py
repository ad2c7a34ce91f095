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
from referral_function.sending.sender_domain import NoResolver, findings, look_up
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.rate_limit import RateLimiter
from referral_function.web.site_page import PageError

_WORDS = {True: "works", False: "NO", None: "look"}
HELP = "try the settings, the outbox, the keys, the site, the limit's store and the relay; no message is sent"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the look at the DNS."""
    parser.add_argument("--dns", action="store_true", help="also what the DNS says of the sender's domain")
    parser.add_argument("--selector", action="append", default=[], help="with --dns: a DKIM selector of the relay")


def run(arguments: argparse.Namespace) -> int:
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
    if arguments.dns:
        results += _print_dns(settings.sender.rpartition("@")[2], tuple(arguments.selector))
    return 0 if all(results) else 1


def _print_dns(domain: str, selectors: tuple[str, ...]) -> list[bool]:
    """Print what the DNS says; what is only advice fails nothing."""
    results = []
    try:
        for finding in findings(domain, selectors, look_up):
            print(f"{finding.name:7} {_WORDS[finding.works]}: {finding.text}")
            results.append(finding.works is not False)
    except NoResolver as error:
        print(f"{'dns':7} NO: {error}; the handbook says how to look by hand.")
        results.append(False)
    return results


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
