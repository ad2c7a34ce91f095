"""The runbook, typed as written and in order on a fresh Debian: real systemd, Caddy, nginx and Postfix with TLS."""

import json
import re
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.hosting.machine import ROOT, TRUSTED, Failed, Machine

if TYPE_CHECKING:
    from collections.abc import Callable

RUNBOOK = ROOT / "handbook" / "runbooks" / "hosting.md"
HOST = "localhost"  # for this name Caddy is its own authority
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_RELAY = "/srv/relay"
_AUTHORITY = "/srv/authority"
_START_AUTHORITY = f"""
systemd-run --quiet --unit authority --setenv PEBBLE_VA_NOSLEEP=1 --setenv PEBBLE_WFE_NONCEREJECT=0 \\
  pebble -config {_AUTHORITY}/config.json
printf '\\nserver = https://localhost:14000/dir\\nno-verify-ssl = True\\n' >> /etc/letsencrypt/cli.ini
"""
_START_RELAY = f"""
mkdir -p {_RELAY}
{(ROOT / ".venv").resolve()}/bin/python - <<'PROGRAM'
from pathlib import Path
from dev.postfix import Postfix
relay = Postfix(folder=Path("{_RELAY}"))
relay.__enter__()
print(relay.port)
PROGRAM
"""
_UPSTREAM = """
git checkout --quiet -B main
git clone --quiet --bare . /srv/upstream
git remote set-url origin /srv/upstream
git fetch --quiet
git branch --quiet --set-upstream-to origin/main
"""
_SOMETHING_NEW = """
git clone --quiet /srv/upstream /srv/other
cd /srv/other
echo new > new
git add new
git commit --quiet --message "Something new"
git push --quiet
"""
_REPORT = f"""
name=$(grep --no-filename '^Message-ID' "$(ls -t {_RELAY}/mail/inbox/new/* | head -n 1)" | sed 's/.*<\\(.*\\)@.*/\\1/')
sed "s/{{id}}/$name/" tests/bounces/postfix.eml > /root/report.eml
"""
_IN_ONE_SHELL = """
umask "$(cat /root/umask 2>/dev/null || umask)"
{written}
umask > /root/umask
"""
_MOVED = "sqlite:////var/lib/referral/moved/outbox.db"
_RETRY = r"""
referral outbox list | sed -n 's/^\(RJ-[^ ]*\) .*/\1/p' | xargs --no-run-if-empty --max-args=1 referral outbox retry
referral drain --seconds 30
"""
_LONG_ANSWERS = """
touch -d "1 second ago" /root/marker
find /var/lib/nginx /var/log/nginx -exec touch -d "1 hour ago" {} +
head -c 40000 /dev/zero | tr '\\0' x | curl --silent --output /dev/null --write-out '%{http_code} ' \\
  --data-urlencode summary@- https://localhost/referral/myself/
find /var/lib/nginx /var/log/nginx -newer /root/marker
"""
_EDITOR = """#!/bin/sh
case $1 in
*settings) sed -i -e 's|^REFERRAL_RELAY=.*|REFERRAL_RELAY=smtp://localhost:PORT|' -e 's|^REFERRAL_INBOX=.*|REFERRAL_INBOX=inbox@example.org|' \\
	-e 's|^REFERRAL_SENDER=.*|REFERRAL_SENDER=referrals@localhost|' "$1" && echo REFERRAL_RELAY_CA=RELAY/authority.pem >> "$1" ;;
*/password) printf '[localhost]:%s referrals:a password\\n' PORT 2588 > "$1" ;;
*) sed -i -E 's#^    (controller|controller_contact|lawful_basis|schedule_1_condition|retention|complaints_route): null#    \\1: invented#' "$1" ;;
esac
"""


class World:
    """What happens around the machine between two commands: the relay, an editor, disasters."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        machine.types(f"mkdir -p {_RELAY} /media/safe /media/backup {_AUTHORITY}")
        port = machine.types(_START_RELAY).split()[-1]
        editor = _EDITOR.replace("PORT", port).replace("RELAY/", f"{_RELAY}/")
        machine.types(f"cat > /usr/local/bin/editor <<'END'\n{editor}\nEND\nchmod +x /usr/local/bin/editor")
        machine.types(_UPSTREAM)
        # By the first words of the block that follows.
        self.before: dict[str, list[Callable[[], object]]] = {
            "referral settings": [self.caddy_is_trusted],
            "referral figures": [self.a_month_is_over],
            "referral outbox bounced": [lambda: self.arrived(2), self.one_bounces],
            "git pull --quiet --rebase --autostash\n": [lambda: self.arrived(4), self.one_waits, self.something_is_new],
            "tail -n 1 /etc/referral/open-keys": [lambda: self.relay_is_back(5)],
            "git pull --quiet --rebase --autostash /media": [self.everything_is_lost],
            "systemctl disable --now referral": [lambda: self.arrived(6), self.one_waits],
            "install --directory": [self.another_machine, self.one_waits],
            f"OUTBOX={_MOVED} referral outbox list": [lambda: self.relay_is_back(8)],
            "systemctl disable --now caddy": [self.authority_is_there],
        }

    def happens_before(self, written: str) -> None:
        """Let happen what happens before a block."""
        begins = next((each for each in self.before if written.startswith(each)), "")
        for event in self.before.pop(begins, []):
            event()

    def arrived(self, count: int) -> None:
        """Wait until so many messages are in the inbox, and see that no more are."""
        inbox = f"{_RELAY}/mail/inbox/new"
        self.machine.waits_for(f'[ "$(ls {inbox} | wc -l)" -ge {count} ]')
        assert self.machine.types(f"ls {inbox} | wc -l").strip() == str(count)

    def caddy_is_trusted(self) -> None:
        """Wait for Caddy's own authority, trust it, and wait for the certificate of the site."""
        root = "/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt"
        self.machine.waits_for(f"cat {root} >> {TRUSTED} && chmod 644 {TRUSTED} && chmod 755 /root")
        self.machine.waits_for(f"curl --fail --silent --output /dev/null https://{HOST}/")

    def writes(self, statement: str) -> None:
        """Change the outbox as time or a wrong clock would have."""
        database = "/var/lib/referral/outbox.db"
        self.machine.types(
            f"python3 -c \"import sqlite3; c = sqlite3.connect('{database}'); c.execute('{statement}'); c.commit()\""
        )

    def a_month_is_over(self) -> None:
        """Let the one referral that was counted be seven of last month."""
        self.writes("UPDATE figures SET total = 7, month_at = month_at - 31 * 24 * 3600")

    def one_bounces(self) -> None:
        """Send a referral that is kept when it has arrived, and write a report that it came back."""
        assert "was accepted" in self.machine.types(f"referral smoke https://{HOST} --send")
        self.arrived(3)
        self.machine.types(_REPORT)

    def one_waits(self) -> None:
        """Stop the relay and send a referral: it waits."""
        self.machine.types(f"postfix -c {_RELAY}/configuration stop >/dev/null 2>&1 || true")
        assert "was accepted" in self.machine.types(f"referral smoke https://{HOST} --send")
        self.machine.waits_for("referral outbox list | grep -q '1 in all'")

    def relay_is_back(self, count: int) -> None:
        """Start the relay: what waited arrives, from the form's own outbox and from one that was moved."""
        self.machine.types(f"postfix -c {_RELAY}/configuration start >/dev/null 2>&1; referral outbox list")
        for outbox in ("", _MOVED):
            if not outbox or "moved" in self.machine.types("ls /var/lib/referral"):
                self.machine.types(_RETRY, OUTBOX=outbox)
        self.arrived(count)

    def everything_is_lost(self) -> None:
        """Lose the machine, all but what was taken elsewhere."""
        self.machine.types(
            "systemctl stop referral; rm -r /etc/referral /opt/referral /var/lib/referral /etc/caddy/Caddyfile\n"
            "git reset --quiet --keep origin/main~1"
        )

    def something_is_new(self) -> None:
        """Let somebody else add to the project."""
        self.machine.types(_SOMETHING_NEW)

    def another_machine(self) -> None:
        """Stand on the machine that the form has moved to, which has an outbox of its own."""
        self.machine.types("rm -r /var/lib/referral/*; systemctl enable --now referral")
        self.machine.waits_for("curl --fail --silent http://127.0.0.1:8001/referral/readyz")

    def authority_is_there(self) -> None:
        """Let certbot find an authority on this machine, of the kind that Let's Encrypt tests with, and trust it."""
        itself = trustme.CA().issue_cert(HOST)
        settings = {
            "listenAddress": "127.0.0.1:14000",
            "managementListenAddress": "127.0.0.1:15000",
            "certificate": f"{_AUTHORITY}/certificate.pem",
            "privateKey": f"{_AUTHORITY}/key.pem",
            "httpPort": 80,
            "tlsPort": 443,
        }
        for name, text in (
            ("certificate.pem", itself.cert_chain_pems[0].bytes().decode()),
            ("key.pem", itself.private_key_pem.bytes().decode()),
            ("config.json", json.dumps({"pebble": settings})),
        ):
            self.machine.types(f"cat > {_AUTHORITY}/{name} <<'END'\n{text}\nEND")
        self.machine.types(_START_AUTHORITY)
        self.machine.waits_for(f"curl --fail --insecure --silent https://localhost:15000/roots/0 >> {TRUSTED}")


@pytest.mark.needs("systemd-nspawn", "caddy", "nginx", "postfix", "certbot", "pebble")
def test_every_command_of_the_runbook_works_as_written_and_in_order(machine: Machine) -> None:
    """Each referral sent on the way arrives once through a real Postfix with TLS, also those that waited."""
    world = World(machine)
    said = ""
    for written in _BLOCK.findall(RUNBOOK.read_text("utf-8")):
        world.happens_before(written)
        said += machine.types(_IN_ONE_SHELL.format(written=written.replace("service.example", HOST)))
    world.arrived(9)
    assert machine.types("cat /root/umask").strip() == "0022"
    assert world.before == {}
    assert machine.types("git log --max-count 3 --format=%s").splitlines() == [
        "Keep what was delivered for seven days",
        "What the controller has decided",
        "Something new",
    ]
    assert machine.types(_LONG_ANSWERS).split() == ["422"]  # and no file of nginx's has held them
    assert "The online form is closed for now" in said
    assert "all simulated renewals succeeded" in said
    assert re.search(r"(?m)^  outcome +accepted +7$", said)
    assert ",outcome,accepted,7\n" in machine.types("cat /root/figures.csv")
    assert "is marked as bounced (5.2.2)" in said
    assert 'referral_alarm{alarm="bounced"} 0' in said
    assert float(re.findall(r"Overall exposure level for referral.service: ([0-9.]+)", said)[0]) <= 1.2
    assert "TEST at" not in machine.types("journalctl --output cat; ls /tmp /var/tmp /var/log")
    assert machine.types("systemctl is-active nginx; systemctl is-active caddy || true").split() == [
        "active",
        "inactive",
    ]
    with pytest.raises(Failed, match="no-such-release"):  # the control: a command that fails stops its block
        machine.types("ls /no-such-release\necho went on")
