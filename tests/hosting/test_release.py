"""Building a release on a fresh Debian: what runs at the build can read neither keys nor settings."""

import pytest

from tests.hosting.machine import CHECKOUT, Failed, Machine

SECRETS = (
    "/etc/referral/settings",
    "/etc/referral/open-keys",
    "/var/lib/referral/outbox.db",
    f"{CHECKOUT}/.git/config",
)
PLANT = f"""
import os, sys, urllib.request
def can(act, *words):
    try:
        act(*words).close()
    except OSError:
        return False
    return True
found = [path for path in {SECRETS} if can(open, path)]
found += ["a server"] if can(urllib.request.urlopen, "http://127.0.0.1:2019/") else []
sys.stderr.write(f"root: {{os.geteuid() == 0}}, found: {{found}}\\n")
"""
_BEGINNING = f"""
deploy/one-machine/set-up service.example
sed -i -e 's|^REFERRAL_RELAY=.*|REFERRAL_RELAY=smtp://localhost:2525|' -e 's|^REFERRAL_INBOX=.*|REFERRAL_INBOX=inbox@example.org|' \\
	-e 's|^REFERRAL_SENDER=.*|REFERRAL_SENDER=referrals@localhost|' /etc/referral/settings
git config --global user.name "Robin Example"
git config --global user.email robin@service.example
echo "not ours" > /var/lib/referral/outbox.db
cat >> website/build/__init__.py <<'END'
{PLANT}
END
git commit --quiet --all --message "Something that runs when the site is built"
systemd-run --quiet python3 -m http.server --bind 127.0.0.1 2019
"""


@pytest.mark.needs("systemd-nspawn")
def test_what_runs_at_the_build_of_a_release_sees_no_secret(machine: Machine) -> None:
    """Code in the commit runs, yet reads no key, setting, referral or home; the control: `make site` as root reads them all."""
    machine.types(_BEGINNING)
    said = machine.types("make site")
    assert f"root: True, found: {[*SECRETS, 'a server']}" in said
    machine.types("rm /var/lib/referral/outbox.db")
    said = machine.types("deploy/one-machine/release 2>&1")
    assert "root: False, found: []" in said
    assert "takes referrals." in said
    assert machine.types(
        "find /opt/referral/releases -type l ! -path '*/.venv/*'; ls /opt/referral/current/site/index.html"
    )
    link = "import atexit; atexit.register(os.symlink, '/etc/referral/open-keys', 'site/key.txt')"
    machine.types(f'echo "{link}" >> website/build/__init__.py; git commit --quiet --all --message Worse')
    with pytest.raises(Failed, match="neither file nor folder"):
        machine.types("deploy/one-machine/release 2>&1")
    assert machine.types("ls /opt/referral/releases | wc -l").strip() == "1"
