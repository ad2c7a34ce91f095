"""Two web instances and two drains on one PostgreSQL, behind a balancer, while one of each is killed."""

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from referral_function import compose
from referral_function.settings.settings import Settings
from tests.campaign.clients import Clients
from tests.engines import new_schema, postgres_address
from tests.hosting.proxies import MANY, caddyfile
from tests.ports import free_port
from tests.project_copies import PHONE
from tests.smtp_server import SmtpServer
from website.build.host_files import caddy_unavailable

ROOT = Path(__file__).resolve().parents[2]
REFERRALS = 150
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def shared(environ: dict[str, str], site: Path) -> dict[str, str]:
    """Return what all instances share: one database, one secret, one pair of keys."""
    also = {
        "REFERRAL_OUTBOX": postgres_address(new_schema()),
        "REFERRAL_SITE": str(site),
        "REFERRAL_SECRET_KEY": secrets.token_urlsafe(48),
        "REFERRAL_HOSTS": "127.0.0.1",
        "REFERRAL_DRAIN": "off",
        "REFERRAL_LIMIT": "off",
        "REFERRAL_PROXIES": "1",
    }
    return environ | also


@pytest.fixture
def start(shared: dict[str, str]) -> Iterator[Start]:
    """Start programs, each with its children in a group of its own; end them afterwards."""
    running: list[subprocess.Popen[bytes]] = []

    def started(*words: str, **also: str) -> "subprocess.Popen[bytes]":
        running.append(
            subprocess.Popen(
                words,
                cwd=ROOT,
                env={**os.environ, **shared, **also},
                process_group=0,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return running[-1]

    yield started
    for process in running:
        if process.poll() is None:
            kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a program and its children at once, as a lost machine would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def wait_until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something that must come about."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Say whether referrals are taken there."""
    try:
        with contextlib.closing(http.client.HTTPConnection(address, timeout=5)) as connection:
            connection.request("GET", "/referral/readyz", headers={"Host": "127.0.0.1"})
            return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


@pytest.mark.needs("caddy")
def test_nothing_is_lost_and_nothing_gets_two_references_when_an_instance_is_killed(
    start: Start, shared: dict[str, str], smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """Two and two: one web instance and one drain are killed under load; every referral arrives, with one reference."""
    ours = (sys.executable, "-m", "tests.campaign.process")
    ports = [free_port(), free_port()]
    webs = [start(*ours, "serve", "--host", "127.0.0.2", "--port", str(port)) for port in ports]
    forms = [f"127.0.0.2:{port}" for port in ports]  # an address that is not among the names of the form
    drains = [start(*ours, "drain", "--loop") for _ in range(2)]
    front = free_port()
    configuration = tmp_path / "Caddyfile"
    configuration.write_text(caddyfile(MANY), "utf-8")
    (tmp_path / "unavailable.caddy").write_text(caddy_unavailable(PHONE), "utf-8")
    start(
        shutil.which("caddy") or "caddy",
        *("run", "--adapter", "caddyfile", "--config", str(configuration)),
        SITE=f"http://127.0.0.1:{front}",
        FORMS=" ".join(forms),
        HOSTING=str(tmp_path),
        HOME=str(tmp_path),
        XDG_DATA_HOME=str(tmp_path),
        XDG_CONFIG_HOME=str(tmp_path),
    )
    for address in (*forms, f"127.0.0.1:{front}"):
        wait_until(lambda address=address: answers(address))  # type: ignore[misc] # the address of this turn
    clients = Clients([front], shared["REFERRAL_SECRET_KEY"].encode(), REFERRALS, seed=8)
    clients.start()
    wait_until(lambda: len(clients.references) > REFERRALS // 4)
    kill(webs[0])
    wait_until(lambda: len(clients.references) > REFERRALS // 2)
    kill(drains[0])
    clients.join(120)
    assert len(clients.references) == REFERRALS
    assert {len(found) for found in clients.references.values()} == {1}
    outbox = compose.open_outbox(Settings.read(shared))
    wait_until(lambda: outbox.stats().queued == 0)
    assert (outbox.stats().delivered, outbox.stats().parked) == (REFERRALS, 0)
    outbox.close()
    arrived = {kept.wire for kept in smtp_server.kept}
    ids = Counter(message_from_bytes(wire)["Message-ID"] for wire in arrived)
    assert len(ids) == REFERRALS
    assert set(ids.values()) == {1}  # a repeat is the same, byte for byte
    assert len(smtp_server.kept) <= REFERRALS + 1  # and only the message in flight of the drain that was killed


def test_a_balancer_alone_is_not_enough(shared: dict[str, str]) -> None:
    """The control: on a disk that is thrown away two instances would each have an outbox, and the start is refused."""
    with pytest.raises(Exception, match="use PostgreSQL"):
        Settings.read(shared | {"REFERRAL_OUTBOX": "sqlite:///outbox.db", "K_SERVICE": "referral"})
