"""No byte of a referral goes to a relay that cannot be trusted, through the whole service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from tests.browser.browser_sessions import a_canary
from tests.browser.running import running
from tests.browser.service_inspection import wait_until
from tests.examples import a_referral
from tests.smtp_server import Certificate, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser
UNTRUSTED = {
    "self-signed": Certificate.SELF_SIGNED,
    "wrong-name": Certificate.WRONG_NAME,
    "expired": Certificate.EXPIRED,
    "unknown-authority": Certificate.UNKNOWN_AUTHORITY,
    "no TLS": None,
}
POLITE = re.compile(rb"EHLO [^\r\n]*\r\nSTARTTLS\r\n")


@pytest.mark.parametrize("fault", UNTRUSTED)
def test_an_untrusted_relay_gets_nothing(site: Path, tmp_path: Path, fault: str) -> None:
    """A relay with a bad certificate, or without TLS, is told our name and asked for TLS, and not one byte more."""
    certificate = UNTRUSTED[fault]
    relay = SmtpServer(folder=tmp_path, certificate=certificate or Certificate.GOOD, offers_tls=certificate is not None)
    word = a_canary()
    with running(site, tmp_path, relay) as service:
        reference = service.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=word))
        wait_until(lambda: service.attempts(reference), "it was tried")
        assert relay.kept == []
        assert POLITE.fullmatch(relay.in_the_clear)
        assert relay.received == relay.in_the_clear
        assert service.state(reference) == "queued"
        if certificate:
            wait_until(lambda: f'"code": "{fault}"' in service.said, "its failure was logged")


def test_a_trusted_relay_gets_it_all_and_nothing_in_the_clear(site: Path, tmp_path: Path) -> None:
    """The same check finds the message at a good relay: encrypted, and nothing before TLS but our name."""
    relay = SmtpServer(folder=tmp_path)
    word = a_canary()
    with running(site, tmp_path, relay) as service:
        service.letter(service.takes_in(Route.MYSELF, a_referral(Route.MYSELF, hopes=word)))
        assert word.encode() in relay.received
        assert POLITE.fullmatch(relay.in_the_clear)
