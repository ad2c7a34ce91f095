"""A relay of one's own, typed as its runbook says: what leaves is signed, and what comes back is told to the form."""

import base64
import re
import shlex

import dkim
import pytest

from tests.external_tools import installed
from tests.hosting.machine import ROOT, Failed, Machine
from tests.hosting.test_on_duty import Duty, blocks
from tests.name_server import GOOD, Zone

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
_ASKS = """
import time
from pathlib import Path
from tests.smtp_server import SmtpServer
with SmtpServer(folder=Path("/srv/asks"), port=2588) as relay:
    Path("/srv/asks/ready").touch()
    while not relay.kept:
        time.sleep(0.1)
    print(relay.received.decode(), relay.in_the_clear.decode().count("AUTH"), "in the clear")
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


def resolver(machine: Machine, zone: Zone) -> None:
    """Let a resolver of this machine know a zone."""
    program = f"from tests.name_server import NameServer; NameServer({zone}, port=53).thread.join()"
    machine.types(
        "systemctl stop resolver || true; echo nameserver 127.0.0.1 > /etc/resolv.conf\n"
        f"systemd-run --quiet --unit resolver --same-dir .venv/bin/python -c {shlex.quote(program)}"
    )
    machine.waits_for("ss --no-header --udp --listening --numeric 'sport = :53' | grep --quiet 127.0.0.1")


def the_dns_is_looked_at(machine: Machine, written: str) -> None:
    """See each record that the page names, by the command and by hand; the control: one after the other is missing."""
    printed = re.findall(r'"[^"]*"', machine.types("cat /etc/dkimkeys/referral2027.txt"))
    zone = GOOD | {(KEY, "TXT"): [" ".join(printed)]}
    resolver(machine, zone)
    said = machine.types(written)
    assert re.findall(r"(?m)^(\S+) +works: ", said) == ["mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt"]
    by_hand = re.findall(r"`(dig [^`]*)`", RUNBOOK)
    assert len(by_hand) == 6
    for command in by_hand:
        assert machine.types(command.replace("SELECTOR", "referral2027"))
    for key, name in (((KEY, "TXT"), "dkim"), (("service.example", "MX"), "mx")):
        del zone[key]
        resolver(machine, zone)
        with pytest.raises(Failed, match=rf"(?m)^{name} +NO: "):
            machine.types(written)
    machine.types("systemctl stop resolver")
    with pytest.raises(Failed, match=r"(?m)^dns +NO: no resolver answers here"):
        machine.types(written)


def what_leaves_is_signed(duty: Duty) -> None:
    """Verify a test message and a referral; whoever changes a word, or the sender, breaks the signature."""
    duty.sends()
    duty.world.arrived(2)
    for words in ("TEST - this is not a referral", f"^Subject: .*{duty.reference}"):
        message = arrived(duty.machine, words)
        assert is_signed(duty.machine, message)
        assert not is_signed(duty.machine, f"{message}Another sentence.\n")
        assert not is_signed(duty.machine, message.replace("From: referrals@", "From: somebody@"))


def the_connected_relay_asks_for_a_password(duty: Duty) -> None:
    """Send by a relay that takes a user and a password, over TLS alone; nobody but root can read them."""
    assert duty.machine.types("stat --format %a%U /etc/postfix/password*").split() == ["600root"] * 2
    duty.machine.types(
        "mkdir /srv/asks; "
        f"systemd-run --quiet --unit asks --same-dir .venv/bin/python -c {shlex.quote(_ASKS)}; before=$(postconf relayhost)\n"
        "until [ -e /srv/asks/ready ]; do sleep 0.1; done\n"
        "cat /srv/asks/authority.pem >> /etc/ssl/certs/ca-certificates.crt\n"
        "echo $before > /root/relayhost; postconf 'relayhost = [localhost]:2588'; systemctl restart postfix"
    )
    duty.sends()
    duty.count -= 1
    password = base64.b64encode(b"\0referrals\0a password").decode()
    duty.machine.waits_for(f"journalctl --unit asks --output cat | grep --fixed-strings 'AUTH PLAIN {password}'")
    said = duty.machine.types("journalctl --unit asks --output cat")
    assert duty.reference in said
    assert "0 in the clear" in said
    duty.machine.types('postconf "$(cat /root/relayhost)"; systemctl restart postfix')


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


@pytest.mark.needs("systemd-nspawn", "caddy", "postfix", "opendkim", "opendkim-genkey", "dig")
def test_a_relay_of_ones_own_signs_and_tells_of_bounces(machine: Machine) -> None:
    """Postfix and OpenDKIM from Debian, with the commands of the runbook, between the form and the connected relay."""
    if not installed(["libsasl2-modules"]):
        pytest.skip("the package libsasl2-modules cannot be installed here")
    duty = Duty(machine)
    port = machine.types(_WORLD).split()[-1]
    *to_set_up, to_look_at_the_dns = blocks(RUNBOOK, after="## A relay of your own that signs")
    for written in to_set_up:
        machine.types(written.replace("[relay.service.example]:587", f"[localhost]:{port}"))
    duty.world.arrived(1)
    the_dns_is_looked_at(machine, to_look_at_the_dns)
    what_leaves_is_signed(duty)
    the_connected_relay_asks_for_a_password(duty)
    without_the_signer_nothing_leaves(duty)
    for written in blocks(RUNBOOK, after="## Bounces told by Postfix itself"):
        machine.types(written)
    what_comes_back_is_told_to_the_form(duty)
    what_is_no_report_is_left_to_a_person(duty)
