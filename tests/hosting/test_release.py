"""Building a release on a fresh Debian: what runs at the build can read neither keys nor settings, and has no network."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.external_tools import found
from tests.hosting.machine import CHECKOUT, ROOT, Failed, Machine

SECRETS = (
    "/etc/referral/settings",
    "/etc/referral/open-keys",
    "/var/lib/referral/outbox.db",
    f"{CHECKOUT}/.git/config",
)
SERVERS = ("http://127.0.0.1:2019/", "http://192.0.2.1:2019/")
_SERVE = """
ip address add 192.0.2.1/32 dev lo
systemd-run --quiet python3 -m http.server 2019
"""
PLANT = f"""
import os, sys, urllib.request
def can(act, *words):
    try:
        act(*words).close()
    except OSError:
        return False
    return True
found = [path for path in {SECRETS} if can(open, path)]
found += [address for address in {SERVERS} if can(urllib.request.urlopen, address)]
sys.stderr.write(f"root: {{os.geteuid() == 0}}, found: {{found}}\\n")
"""
_SET_UP = """
umask 077
deploy/one-machine/set-up service.example
sed -i -e 's|^REFERRAL_RELAY=.*|REFERRAL_RELAY=smtp://localhost:2525|' -e 's|^REFERRAL_INBOX=.*|REFERRAL_INBOX=inbox@example.org|' \\
	-e 's|^REFERRAL_SENDER=.*|REFERRAL_SENDER=referrals@localhost|' /etc/referral/settings
git config --global user.name "Robin Example"
git config --global user.email robin@service.example
"""
_HANGS = """
printf '\\n\\ndef run(_arguments: object) -> int:\\n    threading.Event().wait()\\n    return 0\\n' >> referral_function/commands/serve.py
sed -i 's/^import sys$/import sys, threading/' referral_function/commands/serve.py
git commit --quiet --all --message "Something that hangs"
"""
_PLANTED = f"""
echo "not ours" > /var/lib/referral/outbox.db
cat >> website/build/__init__.py <<'END'
{PLANT}
END
sed -i "s/^NPM_TIMEOUT.* = 20/NPM_TIMEOUT = 600/" website/cms/editor.py
sed -i "s/timeout 20 npm/timeout 600 npm/" deploy/one-machine/release
git commit --quiet --all --message "Something that runs when the site is built"
"""
_NPM = """#!/bin/sh
[ -n "$npm_config_offline" ] || cp --recursive /srv/registry npm-cache
exec node {npm} --offline "$@"
"""


@pytest.fixture
def libraries(machine: Machine, tmp_path: Path) -> None:
    """Let `set-up` install the libraries itself, for the Python of Debian."""
    subprocess.run(["/usr/bin/python3", "-m", "venv", str(tmp_path / "venv")], check=True)
    pip = [str(tmp_path / "venv" / "bin" / "pip"), "download", "--quiet", "--no-deps", "--require-hashes"]
    lock = str(ROOT / "requirements" / "run.txt")
    subprocess.run([*pip, "-r", lock, "--dest", str(tmp_path / "wheels")], check=True, capture_output=True)
    shutil.copytree(tmp_path / "wheels", f"/proc/{machine.leader}/root/root/wheels", dirs_exist_ok=True)
    machine.types("rm .venv")


@pytest.fixture
def npm(machine: Machine, tmp_path: Path) -> None:
    """Install npm on the machine; where it may use the network, it finds what the registry has."""
    program = found("npm")
    assert program
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "website" / "cms" / "admin" / name, tmp_path)
    fetch = [program, "ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={tmp_path / 'cache'}"]
    subprocess.run(fetch, cwd=tmp_path, check=True, capture_output=True)
    inside = Path(f"/proc/{machine.leader}/root")
    shutil.copytree(tmp_path / "cache", inside / "srv" / "registry")
    installed = inside / "usr" / "local" / "bin" / "npm"
    installed.write_text(_NPM.format(npm=Path(program).resolve()), "utf-8")
    installed.chmod(0o755)


@pytest.mark.needs("systemd-nspawn", "npm")
@pytest.mark.usefixtures("libraries", "npm")
def test_what_runs_at_the_build_of_a_release_sees_no_secret_and_no_server(machine: Machine) -> None:
    """Code in the commit runs, yet reads and reaches nothing, on a machine with npm; the control: `make site` as root."""
    machine.types(_SERVE + _SET_UP + _PLANTED)
    machine.waits_for(f"curl --fail --silent {SERVERS[-1]}")
    said = machine.types("make site")
    assert f"root: True, found: {[*SECRETS, *SERVERS]}" in said
    machine.types("rm /var/lib/referral/outbox.db")
    said = machine.types("umask 077; deploy/one-machine/release 2>&1; runuser --user caddy -- cat /etc/caddy/Caddyfile")
    assert "root: False, found: []" in said
    assert "takes referrals." in said
    machine.types("ls /opt/referral/current/site/admin/editor.js; rm -r /srv/registry")
    assert machine.types(
        "find /opt/referral/releases -type l ! -path '*/.venv/*'; ls /opt/referral/current/site/index.html"
    )
    link = "import atexit; atexit.register(os.symlink, '/etc/referral/open-keys', 'site/key.txt')"
    machine.types(f'echo "{link}" >> website/build/__init__.py; git commit --quiet --all --message Worse')
    without_editor = r"left out: npm cannot reach its registry \(ENOTCACHED\)"
    with pytest.raises(Failed, match=f"(?s){without_editor}.*neither file nor folder"):
        machine.types("deploy/one-machine/release 2>&1")
    assert machine.types("ls /opt/referral/releases | wc -l").strip() == "1"


@pytest.mark.needs("systemd-nspawn")
@pytest.mark.slow("it waits the 30 seconds that a release has to answer")
def test_a_release_that_hangs_is_left_again_by_itself(machine: Machine) -> None:
    """With systemd's own commands: a program that starts and never answers is replaced by the one before, which takes referrals."""
    machine.types(_SET_UP)
    assert "takes referrals." in machine.types("deploy/one-machine/release 2>&1")
    before = machine.types("readlink /opt/referral/current")
    machine.types(_HANGS)
    with pytest.raises(Failed, match=r"(?s)does not take referrals.*Going back to .*takes referrals\."):
        machine.types("deploy/one-machine/release 2>&1")
    assert machine.types("readlink /opt/referral/current") == before
    machine.types("curl --fail --silent http://127.0.0.1:8001/referral/readyz")
