"""The local relay of `make run`."""

import email
import time
from pathlib import Path

import pytest

from dev.mail_server import LocalRelay
from referral_function.sending.attempt import PermanentFailure
from referral_function.sending.mailer import Mailer
from referral_function.sending.smtp import Relay
from tests.test_message import wire_of


def test_what_arrives_is_kept_as_a_file_and_told(tmp_path: Path) -> None:
    """A message becomes `<reference>.eml`, byte for byte, and its arrival is told once it is whole."""
    told: list[tuple[str, Path]] = []
    relay = LocalRelay(tmp_path / "inbox", tmp_path / "authority.pem", lambda *what: told.append(what))
    relay.start()
    try:
        mailer = mailer_to(relay.port, str(tmp_path / "authority.pem"))
        wire = wire_of("Hello\n.\n")
        mailer.send(wire, "RJ-4X7K-9PQM", lambda: True)
        mailer.close()
    finally:
        relay.stop()
    path = tmp_path / "inbox" / "RJ-4X7K-9PQM.eml"
    assert told == [("RJ-4X7K-9PQM", path)]
    assert path.read_bytes() == wire
    assert email.message_from_bytes(path.read_bytes())["Subject"] == "Restorative Justice referral RJ-4X7K-9PQM"
    assert [kept.name for kept in path.parent.iterdir()] == [path.name]


def test_its_authority_is_new_each_time(tmp_path: Path) -> None:
    """A certificate of an earlier run is not believed."""
    first = LocalRelay(tmp_path / "inbox", tmp_path / "first.pem", lambda *_: None)
    second = LocalRelay(tmp_path / "inbox", tmp_path / "second.pem", lambda *_: None)
    first.start()
    second.start()
    try:
        with pytest.raises(PermanentFailure, match=r"unknown-authority|self-signed|certificate"):
            mailer_to(second.port, str(tmp_path / "first.pem")).check()
    finally:
        first.stop()
        second.stop()


def mailer_to(port: int, authorities: str) -> Mailer:
    """Return a mailer to a relay on this machine."""
    return Mailer(
        Relay(scheme="smtp", host="localhost", port=port),
        sender="referrals@localhost",
        inbox="inbox@example.org",
        ca_file=authorities,
        final_reply_timeout=30,
        clock=time.monotonic,
    )
