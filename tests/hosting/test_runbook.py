"""The runbook, typed as written and in order on a fresh Debian: real systemd, Caddy, nginx and Postfix with TLS."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from tests.hosting.machine import ROOT, TRUSTED, CannotBoot, Failed, Machine

RUNBOOK = ROOT / "operating" / "hosting.md"
HOST = "localhost"  # for this name Caddy is its own authority
_BLOCK = re.compile(r"(?:<!-- not typed in the test: (?P<why>.+?) -->\n)?```sh\n(?P<typed>.*?)```", re.DOTALL)
_RELAY = "/srv/relay"
_START_RELAY = f"""
mkdir -p {_RELAY}
{ROOT}/.venv/bin/python - <<'PROGRAM'
from pathlib import Path
from tests.campaign.postfix import Postfix
relay = Postfix(folder=Path("{_RELAY}"))
relay.__enter__()
print(relay.port)
PROGRAM
"""
_EDITOR = """#!/bin/sh
case $1 in
*settings) sed -i -e 's|^REFERRAL_RELAY=.*|REFERRAL_RELAY=smtp://localhost:PORT|' -e 's|^REFERRAL_INBOX=.*|REFERRAL_INBOX=inbox@example.org|' \\
	-e 's|^REFERRAL_SENDER=.*|REFERRAL_SENDER=referrals@localhost|' "$1" && echo REFERRAL_RELAY_CA=RELAY/authority.pem >> "$1" ;;
*) sed -i -E 's#^    (controller|controller_contact|lawful_basis|schedule_1_condition|retention|complaints_route): null#    \\1: invented#' "$1" ;;
esac
"""


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """Give each block of commands with the heading it stands below, and why it is not typed, if so."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE):
        heading = part.partition("\n")[0]
        for block in _BLOCK.finditer(part):
            yield heading, block["typed"], block["why"] or ""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch what a release installs."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    lock = str(ROOT / "requirements" / "function.txt")
    subprocess.run([*pip, "--requirement", lock, "--dest", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def machine(wheels: Path) -> Iterator[Machine]:
    """Boot a fresh Debian whose packages are at hand; name what is missing where it cannot be had."""
    packages = re.search(r"^for package in (.*); do$", (ROOT / "deploy/one-machine/set-up").read_text(), re.MULTILINE)
    assert packages
    install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages[1].split()]
    if shutil.which("apt-get") is None or subprocess.run(install, check=False, capture_output=True).returncode:
        pytest.skip("the packages of deploy/one-machine/set-up cannot be installed here: it needs Debian, and root")
    try:
        with Machine(wheels=wheels) as booted:
            yield booted
    except CannotBoot as error:
        pytest.skip(str(error))


class Relay:
    """The Postfix in the machine, and what it has in the inbox."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        machine.types(f"mkdir -p {_RELAY} /media/safe /media/backup /etc/letsencrypt/live/{HOST}")
        self.port = machine.types(_START_RELAY).split()[-1]

    def goes(self, word: str) -> None:
        """Start or stop."""
        self.machine.types(f"postfix -c {_RELAY}/configuration {word} >/dev/null 2>&1 || [ {word} = stop ]")

    def has(self, count: int) -> None:
        """Wait until so many messages are in the inbox, and see that no more are."""
        inbox = f"{_RELAY}/mail/inbox/new"
        self.machine.waits_for(f'[ "$(ls {inbox} | wc -l)" -ge {count} ]')
        assert self.machine.types(f"ls {inbox} | wc -l").strip() == str(count)


@pytest.mark.needs("systemd-nspawn", "caddy", "nginx", "postfix")
def test_every_command_of_the_runbook_works_as_written_and_in_order(machine: Machine, tmp_path: Path) -> None:
    """Each referral sent on the way arrives once through a real Postfix with TLS, also those that waited."""
    relay = Relay(machine)
    editor = _EDITOR.replace("PORT", relay.port).replace("RELAY/", f"{_RELAY}/")
    machine.types(f"cat > /usr/local/bin/editor <<'END'\n{editor}\nEND\nchmod +x /usr/local/bin/editor")
    machine.types("git config --global user.name Invented && git config --global user.email invented@example.org")

    def lose_all() -> None:
        machine.types(
            "systemctl stop referral; rm -r /etc/referral /opt/referral /var/lib/referral /etc/caddy/Caddyfile"
        )

    def lose_outbox() -> None:
        machine.types("rm -r /var/lib/referral/*")

    def trust_caddy() -> None:
        root = "/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt"
        machine.waits_for(f"cat {root} >> {TRUSTED} && chmod 644 {TRUSTED} && chmod 755 /root")

    def queue_one() -> None:
        relay.goes("stop")
        assert "was accepted" in machine.types(f"referral smoke https://{HOST} --send")
        machine.waits_for("referral outbox list | grep -q '1 in all'")

    def certificate() -> None:
        authority = trustme.CA()
        made = authority.issue_cert(HOST)
        folder = f"/etc/letsencrypt/live/{HOST}"
        pem = made.cert_chain_pems[0].bytes().decode()
        machine.types(f"cat > {folder}/fullchain.pem <<'END'\n{pem}\nEND")
        machine.types(f"cat > {folder}/privkey.pem <<'END'\n{made.private_key_pem.bytes().decode()}\nEND")
        machine.types(f"cat >> {TRUSTED} <<'END'\n{authority.cert_pem.bytes().decode()}\nEND")

    def delivered(count: int) -> Callable[[], None]:
        def seen() -> None:
            relay.goes("start")
            machine.types("referral outbox retry --parked; referral drain --seconds 30 || true")
            relay.has(count)

        return seen

    # What the world does between two blocks, by the first words of the block that follows.
    happens: dict[str, list[Callable[[], None]]] = {
        "referral settings": [trust_caddy],
        "git pull": [lambda: relay.has(2), queue_one],
        "umask 077": [lambda: machine.waits_for("referral outbox list | grep -q '1 in all'")],
        "tail -n 1 /etc/referral/open-keys": [delivered(3)],
        "deploy/one-machine/set-up": [lose_all],
        "referral drain": [lambda: relay.has(4), queue_one],
        "systemctl stop referral": [lose_outbox],
        "echo REFERRAL_CLOSED": [delivered(5)],
        "systemctl disable --now caddy": [certificate],
    }
    typed: list[str] = []
    first_set_up = True
    for _heading, written, why in blocks(RUNBOOK.read_text("utf-8")):
        if why:
            continue
        begins = next((each for each in happens if written.startswith(each)), "")
        if begins == "deploy/one-machine/set-up" and first_set_up:
            first_set_up, begins = False, ""
        for each in happens.get(begins, []):
            each()
        said = machine.types(written.replace("service.example", HOST))
        typed.append(f"{written}\n{said}")
    relay.has(6)
    (tmp_path / "typed.txt").write_text("\n".join(typed), "utf-8")
    said = "\n".join(typed)
    assert "The online form is closed for now" in said
    assert float(re.findall(r"Overall exposure level for referral.service: ([0-9.]+)", said)[0]) <= 1.2
    log = machine.types("journalctl --unit referral --output cat")
    assert "invented" not in log.lower()
    assert machine.types("nginx -v 2>&1; systemctl is-active nginx").endswith("active\n")
    with pytest.raises(Failed, match="no-such-release"):  # the control: a command that fails stops its block
        machine.types("ls /no-such-release\necho went on")


def test_what_is_not_typed_is_named_with_its_reason() -> None:
    """Of the runbook, one block alone is left out, and the page says why."""
    assert [why for _heading, _typed, why in blocks(RUNBOOK.read_text("utf-8")) if why] == ["it needs a public name"]
    assert list(blocks("## A\n```sh\nx\n```\n<!-- not typed in the test: y -->\n```sh\nz\n```\n")) == [
        ("A", "x\n", ""),
        ("A", "z\n", "y"),
    ]
