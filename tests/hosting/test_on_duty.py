"""The guide on duty, followed as it is written on the machine of the runbook: each alarm is provoked, and ends."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from referral_function.sending.encryption import keygen
from tests.hosting.machine import ROOT, TRUSTED, Failed, Machine
from tests.hosting.test_runbook import HOST, RUNBOOK, World

GUIDE = (ROOT / "handbook" / "runbooks" / "on-duty.md").read_text("utf-8")
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_IN_A_LINE = re.compile(r"`((?:chmod|journalctl|referral|systemctl) [^`]+)`")
COMMANDS = {line for block in _BLOCK.findall(GUIDE) for line in block.splitlines()} | set(_IN_A_LINE.findall(GUIDE))
_SETTINGS = "/etc/referral/settings"
_OUTBOX = "/var/lib/referral/outbox.db"
_BREAKS = """
cat >> /opt/referral/current/referral_function/deciding/decision.py <<'END'
def decide(*_: object) -> Decision:
    raise RuntimeError("a secret")
END
systemctl restart referral
"""
_POSTFIX = "-c /srv/relay/configuration"
_MANY = f"""
set -e; all=
for client in 2 3 4 5 6 7 8 9; do (
cd /opt/referral/current && .venv/bin/python - <<PROGRAM
import socket
connect = socket.create_connection
socket.create_connection = lambda address, timeout, source: connect(address, timeout, ("127.0.0.$client", 0))
from referral_function.__main__ import main
assert main(["smoke", "https://{HOST}", "--send"]) == 0
PROGRAM
) & all="$all $!"; done
for each in $all; do wait "$each"; done
"""


def blocks(text: str, *, after: str) -> list[str]:
    """Return the blocks of commands between some words and the next heading."""
    return _BLOCK.findall(re.split(r"\n## ", text[text.index(after) + len(after) :])[0])


_LOOK = blocks(GUIDE, after="## Get there, and look")[0].splitlines()


class Duty:
    """Somebody who types nothing but what the guide says; REF stands for the reference of the night."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.world = World(machine)
        for written in blocks(RUNBOOK.read_text("utf-8"), after="## Going live"):
            machine.types(written.replace("service.example", HOST))
            if "one-machine/release" in written:
                break
        self.world.caddy_is_trusted()
        self.reference, self.count = "", 0
        self.typed: set[str] = set()

    def types(self, written: str, *, asked: str = "") -> str:
        """Type a command of the guide, and what it asks for; a failure is read, not raised."""
        assert written in GUIDE, written
        self.typed.update(written.splitlines())
        command = re.sub(r"\bREF\b", self.reference, written)
        answer = f"echo {asked} | " if asked else ""
        return self.machine.types(f"{answer}{command} || true")

    def alarms(self) -> set[str]:
        """Look as the guide says, and return the alarms."""
        said = {line.partition(" ")[0]: self.types(line) for line in _LOOK}
        self.status = json.loads(said["curl"] or '{"alarms": ["no answer"]}')
        return set(self.status["alarms"])

    def sees(self, alarm: str, *, stage: str | None = None, code: str | None = None) -> None:
        """Wait for an alarm, which has its row."""
        while alarm not in self.alarms():
            time.sleep(0.5)
        assert f"`{alarm}`" in GUIDE
        if stage:
            assert (self.status["stopped_stage"], self.status["stopped_code"]) == (stage, code)

    def sends(self) -> None:
        """Let somebody send a referral."""
        said = self.machine.types(f"referral smoke https://{HOST} --send")
        self.reference = re.findall(r"RJ-\w{4}-\w{4}", said)[-1]
        self.count += 1

    def has_changed_something(self) -> None:
        """Type what the guide says for after any change; then nothing alarms, and all that was sent has arrived."""
        for line in blocks(GUIDE, after="After any change")[0].splitlines():
            self.types(line)
        self.is_over()

    def is_over(self) -> None:
        """Wait until nothing alarms and nothing waits."""
        self.world.arrived(self.count)
        while self.alarms():
            time.sleep(0.5)
        assert self.status["queued"] == 0

    def everything_has_arrived(self) -> bool:
        """Compare with the subjects in the inbox."""
        return "     0 NOT IN THE FILE" in self.types("referral outbox reconcile - < FILE")

    @contextmanager
    def relay(self, *faults: str) -> Iterator[None]:
        """Let the relay do something else than it should, until it is mended."""
        names = " ".join(fault.partition("=")[0] for fault in faults)
        words = " ".join(f"'{fault}'" for fault in faults)
        self.machine.types(f"postconf {_POSTFIX} -e {words}; postfix {_POSTFIX} reload")
        yield
        self.machine.types(f"postconf {_POSTFIX} -X {names}; postfix {_POSTFIX} reload")

    @contextmanager
    def setting(self, line: str) -> Iterator[None]:
        """Let a setting be wrong, until it is put back; whoever changes one restarts the form."""
        self.machine.types(f"cp -p {_SETTINGS} /root/before; echo '{line}' >> {_SETTINGS}")
        self.types("systemctl restart referral")
        self.is_up()
        yield
        self.machine.types(f"cp -p /root/before {_SETTINGS}")

    def is_up(self) -> None:
        """Wait until the form answers."""
        self.machine.waits_for("curl --silent http://127.0.0.1:8001/referral/livez")


def the_relay_refuses(duty: Duty) -> None:
    """Sender, recipient, password and certificate: each alarms at once."""
    at_once = "smtpd_delay_reject=no"
    for stage, fault in (("mail", "smtpd_sender_restrictions=reject"), ("rcpt", "smtpd_recipient_restrictions=reject")):
        with duty.relay(at_once, fault):
            duty.sends()
            duty.sees("relay_refuses", stage=stage, code="554")
        duty.has_changed_something()
    duty.machine.types(f"cp {TRUSTED} /srv/other.pem")
    port = duty.machine.types(f"sed -n 's|^REFERRAL_RELAY=.*:||p' {_SETTINGS}").strip()
    for line, stage, code in (
        (f"REFERRAL_RELAY=smtp://us:hush@localhost:{port}", "auth", "503"),
        ("REFERRAL_RELAY_CA=/srv/other.pem", "tls", "unknown-authority"),
    ):
        with duty.setting(line):
            duty.sends()
            duty.sees("relay_refuses", stage=stage, code=code)
        duty.has_changed_something()


def the_relay_is_down(duty: Duty) -> None:
    """Alarm for what has waited 15 minutes; the list says why."""
    duty.machine.types(f"postfix {_POSTFIX} stop")
    duty.sends()
    duty.world.writes("UPDATE outbox SET created_at = created_at - 1000")
    duty.sees("overdue", stage="connect", code="closed")
    assert "the relay cannot be reached" in duty.types("referral outbox list")
    duty.world.writes("UPDATE outbox SET created_at = created_at + 1000")
    duty.machine.types(f"postfix {_POSTFIX} start")
    duty.has_changed_something()


def something_is_parked(duty: Duty) -> None:
    """Send what the relay refused when it has changed something; discard what has arrived."""
    for arrives in (True, False):
        with duty.relay("smtpd_end_of_data_restrictions=reject"):
            duty.sends()
            while " dot " not in duty.types("referral outbox list"):
                time.sleep(0.5)
            duty.types("referral outbox park REF")
            duty.sees("parked")
            assert "refused at the final dot: 1" in duty.types("referral outbox show REF")
        if arrives:
            duty.types("referral outbox retry --parked")
            duty.types("referral drain")
        else:
            assert "is deleted" in duty.types("referral outbox discard REF", asked=duty.reference)
            duty.count -= 1
        duty.is_over()


def an_email_came_back(duty: Duty) -> None:
    """Read the report: settle what the service knows to be lost, and send again what is kept, with the manager's key."""
    public, private = keygen()
    for kept in (False, True):
        with duty.setting(f"REFERRAL_KEEP_KEY={public if kept else ''}"):
            duty.sends()
            duty.world.arrived(duty.count)
            duty.machine.types(
                f"name=$(grep -rhoi 'Message-ID: <{duty.reference}[^@]*' /srv/relay/mail/inbox/new | sed 's/.*<//')\n"
                'sed "s|{id}|$name|" tests/bounces/postfix.eml > FILE'
            )
            duty.types("referral outbox bounced - < FILE")
            duty.sees("bounced")
            assert "5.2.2" in duty.types("referral outbox list")
            assert ("kept for" in duty.types("referral outbox show REF")) is kept
            if kept:
                assert "Due now" in duty.types("referral outbox resend REF", asked=private)
                duty.types("referral drain")
                duty.count += 1
            else:
                duty.types("referral outbox settle REF", asked=duty.reference)
            duty.is_over()
    duty.has_changed_something()


def a_key_is_missing(duty: Duty) -> None:
    """Fetch the key from the safe."""
    other = "referral keygen | sed -n 's/^REFERRAL_OPEN_KEYS=//p' > /etc/referral/open-keys"
    duty.machine.types(f"{other}; systemctl restart referral")
    duty.is_up()
    duty.sends()
    duty.sees("key_missing")
    assert "PRIVATE KEY NOT LOADED" in duty.types(blocks(GUIDE, after="## A key is missing")[0].strip())
    duty.machine.types("(echo ,; cat /media/safe/open-keys) >> /etc/referral/open-keys")
    duty.has_changed_something()


def an_entry_may_not_be_ours(duty: Duty) -> None:
    """Somebody changed the secret while a referral waited: a person vouches for it."""
    duty.machine.types(f"postfix {_POSTFIX} stop")
    duty.sends()
    duty.machine.types(
        "head -c 48 /dev/urandom | base64 --wrap=0 > /etc/referral/secret-key; systemctl restart referral"
    )
    duty.is_up()
    duty.machine.types(f"postfix {_POSTFIX} start")
    duty.sees("parked")
    assert "mac" in duty.types("referral outbox list")
    assert f'"accepted", "reference": "{duty.reference}"' in duty.types("journalctl --unit referral")
    duty.types("referral outbox retry REF", asked=duty.reference)
    duty.types("referral drain")
    duty.is_over()


def the_storage_does_not_answer(duty: Duty) -> None:
    """Rights that are gone, and a file that is gone."""
    duty.machine.types(f"chmod 0400 {_OUTBOX}; systemctl restart referral")
    duty.is_up()
    duty.sees("outbox")
    assert "outbox  NO" in duty.types("referral check")
    with pytest.raises(Failed):
        duty.sends()
    assert '"not_stored"' in duty.types(_LOOK[-1])
    duty.types("chmod 600 /var/lib/referral/*")
    duty.is_over()
    duty.machine.types(f"rm {_OUTBOX}*")
    duty.sees("replaced")
    assert duty.status["queued"] == 0
    duty.types("systemctl restart referral")
    duty.is_up()
    duty.is_over()


def the_disk_fills(duty: Duty) -> None:
    """Less than 1 GiB is left, until somebody makes room."""
    disk = "/var/lib/referral"
    duty.machine.types(
        f"systemctl stop referral; mount -t tmpfs -o size=1100m,mode=0700,uid=referral none {disk}\n"
        f"fallocate --length 200M {disk}/old; systemctl start referral"
    )
    duty.is_up()
    duty.sees("disk")
    duty.types("journalctl --vacuum-size=200M")
    duty.machine.types(f"rm {disk}/old")
    duty.is_over()
    duty.machine.types(f"systemctl stop referral; umount {disk}; systemctl start referral")
    duty.is_up()


def our_clock_was_wrong(duty: Duty) -> None:
    """See the alarm end with the next delivery."""
    duty.sends()
    duty.is_over()
    duty.world.writes("UPDATE drain_log SET last_ok_at = last_ok_at + 7200")
    duty.sees("clock")
    for line in blocks(GUIDE, after="## Our clock")[0].splitlines():
        duty.types(line)
    duty.sends()
    duty.is_over()


def nothing_is_trying(duty: Duty) -> None:
    """Without its thread the form needs somebody who drains."""
    with duty.setting("REFERRAL_DRAIN=off"):
        duty.machine.types(f"systemctl stop referral; rm {_OUTBOX}*; systemctl start referral")
        duty.is_up()
        duty.sends()
        duty.sees("never_drained")
        duty.types("referral drain")
        duty.is_over()
        duty.world.writes("UPDATE drain_log SET last_at = last_at - 2000")
        duty.sees("drains_missed")
    duty.has_changed_something()


def very_many_referrals_come(duty: Duty) -> None:
    """Whoever floods is seen and blocked; the limit is raised for the others."""
    with duty.setting("REFERRAL_LIMIT=1"):
        duty.machine.types(_MANY)
        duty.count += 8
        duty.sees("limit")
        flood = 'import socket, time; s = [socket.create_connection(("127.0.0.1", 443), 5, ("127.0.0.9", 0)) for _ in range(9)]; time.sleep(60)'
        duty.machine.types(f"systemd-run --quiet --unit flood python3 -c '{flood}'")
        duty.machine.waits_for("ss --no-header --tcp state established '( sport = :443 )' | grep --quiet 127.0.0.9")
        assert re.search(r"9 \S*127\.0\.0\.9", duty.types(blocks(GUIDE, after="## Very many referrals")[0].strip()))
        block = GUIDE[GUIDE.index("@flood") :].partition("```")[0].replace("2001:db8:1::/48", "127.0.0.9/32")
        duty.machine.types(
            f"cat > /root/flood <<'END'\n{block}END\nsed -i '/^{HOST} {{$/r /root/flood' /etc/caddy/Caddyfile"
        )
        duty.types("systemctl reload caddy")
        duty.machine.types(f"curl --fail --silent --output /dev/null https://{HOST}/")
        with pytest.raises(Failed):
            duty.machine.types(f"curl --fail --silent --ipv4 --interface 127.0.0.9 https://{HOST}/")
    duty.has_changed_something()


def the_limits_store_is_down(duty: Duty) -> None:
    """Referrals are taken meanwhile, also by a form that was just started; the alarm ends when the store answers."""
    duty.machine.types(  # the driver is Debian's
        "sed -i 's/^\\(include-system-site-packages\\) = .*/\\1 = true/' /opt/referral/current/.venv/pyvenv.cfg"
    )
    with duty.setting("REFERRAL_LIMIT_STORE=redis://127.0.0.1"):
        duty.sends()
        assert '"limit_store"' in duty.types(_LOOK[-1])
        assert "limit   NO: REFERRAL_LIMIT_STORE: the store does not answer" in duty.types(_LOOK[0])
        duty.machine.types("systemd-run --quiet --unit store redis-server")
        duty.machine.waits_for("redis-cli ping")
        assert "limit   works" in duty.types(_LOOK[0])
        said = duty.types(_LOOK[-1]).count("limit_store")
        duty.sends()
        duty.is_over()
        assert duty.types(_LOOK[-1]).count("limit_store") == said
        assert int(duty.machine.types("redis-cli dbsize")) > 0
    duty.has_changed_something()


def a_fault_of_ours(duty: Duty) -> None:
    """Find the line for the developers, which says where the program broke and nothing else."""
    program = "/opt/referral/current/referral_function/deciding/decision.py"
    duty.machine.types(f"cp -p {program} /root/program\n{_BREAKS}")
    duty.is_up()
    with pytest.raises(Failed):
        duty.sends()
    [line] = [line for line in duty.types(_LOOK[-1]).splitlines() if '"failed"' in line and '"cause"' in line]
    assert '"RuntimeError"' in line
    assert "secret" not in line
    duty.machine.types(f"cp -p /root/program {program}")
    duty.has_changed_something()


def nothing_answers(duty: Duty) -> None:
    """Caddy and the form are started again."""
    duty.machine.types("systemctl stop caddy referral")
    assert duty.alarms() == {"no answer"}
    assert duty.types("systemctl status referral caddy").count("inactive (dead)") == 2
    duty.types("systemctl restart caddy referral")
    duty.is_up()
    duty.machine.types(f"curl --fail --silent https://{HOST}/referral/readyz")
    duty.is_over()


@pytest.mark.needs("systemd-nspawn", "caddy", "postfix", "redis-server")
def test_each_alarm_is_provoked_and_ends_as_the_guide_says(machine: Machine) -> None:
    """Nothing alarms in a quiet night; then one thing after the other goes wrong, and nothing is lost."""
    duty = Duty(machine)
    duty.types("referral send-test")
    duty.count += 1
    duty.is_over()
    the_relay_refuses(duty)
    the_relay_is_down(duty)
    something_is_parked(duty)
    an_email_came_back(duty)
    a_key_is_missing(duty)
    an_entry_may_not_be_ours(duty)
    the_storage_does_not_answer(duty)
    the_disk_fills(duty)
    our_clock_was_wrong(duty)
    nothing_is_trying(duty)
    very_many_referrals_come(duty)
    the_limits_store_is_down(duty)
    a_fault_of_ours(duty)
    nothing_answers(duty)
    inbox = "/srv/relay/mail/inbox/new"
    duty.machine.types(f"grep --no-filename '^Subject' {inbox}/* > FILE")
    assert duty.everything_has_arrived()
    duty.machine.types(f"sed -i /{duty.reference}/d FILE")
    assert not duty.everything_has_arrived()
    duty.types("referral settings")
    assert COMMANDS - duty.typed == set()
