"""A relay of one's own, typed as its runbook says: what leaves is signed, and what comes back is told to the form."""

import re

import dkim
import pytest

from referral_function.sending.sender_domain import findings
from tests.hosting.machine import ROOT, Machine
from tests.hosting.test_on_duty import Duty, blocks

RUNBOOK = (ROOT / "handbook" / "runbooks" / "sender-domain.md").read_text("utf-8")
KEY = "referral2027._domainkey.service.example"
_INBOX = "/srv/relay/mail/inbox/new"
_WORLD = """
sed -i 's|^REFERRAL_SENDER=.*|REFERRAL_SENDER=referrals@service.example|' /etc/referral/settings
cat /srv/relay/authority.pem >> /etc/ssl/certs/ca-certificates.crt
postconf smtp_host_lookup=native
postconf -c /srv/relay/configuration -e virtual_mailbox_domains=example.org,service.example
postfix -c /srv/relay/configuration reload
sed -n 's|^REFERRAL_RELAY=.*:||p' /etc/referral/settings
"""
_LETTER = "printf 'Subject: A question\\n\\nWhen are you open?\\n' | sendmail -f anybody@example.org referrals@service.example"


def arrived(machine: Machine, words: str) -> str:
    """Return the message with these words that the connected relay has delivered."""
    return machine.types(f"cat $(grep --files-with-matches '{words}' {_INBOX}/*)")


def is_signed(machine: Machine, message: str) -> bool:
    """Whether the signature of a message holds against the record for the DNS."""
    zone = {f"{KEY}.".encode(): key_record(machine).encode()}
    verified: bool = dkim.verify(message.encode(), dnsfunc=lambda name, **_: zone.get(name))
    return verified


def key_record(machine: Machine) -> str:
    """Return the record that the runbook prints for the DNS."""
    return "".join(re.findall(r'"([^"]*)"', machine.types("cat /etc/dkimkeys/referral2027.txt")))


def what_leaves_is_signed(duty: Duty) -> None:
    """Verify a test message and a referral; whoever changes a word, or the sender, breaks the signature."""
    duty.sends()
    duty.world.arrived(2)
    for words in ("TEST - this is not a referral", f"^Subject: .*{duty.reference}"):
        message = arrived(duty.machine, words)
        assert is_signed(duty.machine, message)
        assert not is_signed(duty.machine, f"{message}Another sentence.\n")
        assert not is_signed(duty.machine, message.replace("From: referrals@", "From: somebody@"))


def without_the_signer_nothing_leaves(duty: Duty) -> None:
    """Stop the signer: a referral waits in the form, encrypted, until it is back, and leaves signed."""
    duty.machine.types("systemctl stop opendkim")
    duty.sends()
    duty.machine.waits_for(f"referral outbox list | grep '^{duty.reference} *queued.*the relay says: later'")
    assert "Mail queue is empty" in duty.machine.types("mailq")
    duty.world.arrived(2)
    duty.machine.types("systemctl start opendkim; referral outbox retry --all; referral drain")
    duty.world.arrived(3)
    assert is_signed(duty.machine, arrived(duty.machine, f"^Subject: .*{duty.reference}"))


def what_comes_back_is_told_to_the_form(duty: Duty) -> None:
    """Let Postfix mark the referral that the connected relay refused; the sender's mailbox has the report, signed."""
    with duty.relay("smtpd_recipient_restrictions=check_recipient_access inline:{inbox@example.org=REJECT}"):
        duty.sends()
        duty.machine.waits_for(f"referral outbox list | grep '^{duty.reference} *bounced.* 5.7.1 '")
    duty.world.arrived(4)
    assert is_signed(duty.machine, arrived(duty.machine, "^Subject: Undelivered Mail Returned to Sender"))


def what_is_no_report_is_left_to_a_person(duty: Duty) -> None:
    """Write a letter: it goes to the sender's mailbox alone, nothing goes back; Postfix waits while the outbox does not answer."""
    duty.machine.types(_LETTER)
    duty.world.arrived(5)
    duty.machine.waits_for("mailq | grep 'Mail queue is empty'")
    duty.machine.types(f"mv /etc/referral/settings /root/\n{_LETTER}")
    duty.machine.waits_for("mailq | grep 'temporary failure'")
    duty.machine.types("mv /root/settings /etc/referral/; postqueue -f")
    duty.machine.waits_for("mailq | grep 'Mail queue is empty'")
    duty.world.arrived(6)


@pytest.mark.needs("systemd-nspawn", "caddy", "postfix", "opendkim", "opendkim-genkey")
def test_a_relay_of_ones_own_signs_and_tells_of_bounces(machine: Machine) -> None:
    """Postfix and OpenDKIM from Debian, with the commands of the runbook, between the form and the connected relay."""
    duty = Duty(machine)
    port = machine.types(_WORLD).split()[-1]
    for written in blocks(RUNBOOK, after="## A relay of your own that signs"):
        machine.types(written.replace("[relay.service.example]:587", f"[localhost]:{port}"))
    duty.world.arrived(1)
    zone = {(KEY, "TXT"): [key_record(machine)]}
    found = findings("service.example", ("referral2027",), lambda *asked: zone.get(asked, []))
    assert [each.works for each in found if each.name == "dkim"] == [True]
    what_leaves_is_signed(duty)
    without_the_signer_nothing_leaves(duty)
    for written in blocks(RUNBOOK, after="## Bounces told by Postfix itself"):
        machine.types(written)
    what_comes_back_is_told_to_the_form(duty)
    what_is_no_report_is_left_to_a_person(duty)
