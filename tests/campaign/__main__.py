"""`make campaign`: many referrers, a relay that fails in every way, processes killed at random; then everything is counted.

Exit 1 if anything was lost, got two references, was repeated without a cause, or was left in the storage.
"""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from dev.postfix import installed
from referral_function import compose
from referral_function.sending.attempt import State
from referral_function.sending.encryption import keygen
from referral_function.sending.outbox import Outbox
from referral_function.settings.settings import Settings
from tests.campaign.bounces import bounce_some
from tests.campaign.clients import CANARY, Clients
from tests.campaign.crashes import Crashes
from tests.campaign.relay import FaultyRelay, RestartedPostfix
from tests.ports import free_port
from website.build.site import build

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True, kw_only=True)
class Process:
    """One web or drain process, and its successors."""

    words: tuple[str, ...]
    environ: dict[str, str]
    log: Path
    running: "subprocess.Popen[bytes] | None" = None
    kills: int = 0

    def start(self) -> None:
        """Start it, or its successor."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "tests.campaign.process", *self.words],
                env=self.environ,
                cwd=ROOT,
                process_group=0,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def kill(self) -> None:
        """End it at once, with all its children."""
        assert self.running
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.kills += 1

    def stop(self) -> None:
        """Ask it to end in order."""
        assert self.running
        self.running.terminate()
        self.running.wait(120)

    def end(self) -> None:
        """Leave nothing running, whatever happened."""
        assert self.running
        if self.running.poll() is None:
            self.kill()

    def memory(self) -> int:
        """Return the most memory that one of its processes has used, in MB."""
        assert self.running
        sizes = [0]
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text("ascii", "replace")
                if os.getpgid(int(status.parent.name)) == self.running.pid:
                    sizes.append(int(text.partition("VmHWM:")[2].split()[0]) // 1024)
            except (OSError, IndexError):
                continue
        return max(sizes)


def main() -> int:
    """Run one campaign and print what it found."""
    parser = argparse.ArgumentParser(prog="make campaign")
    parser.add_argument("--relay", choices=["faulty", "postfix"], default="faulty", help="ours, or a real Postfix")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--referrals", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=120, help="faults go on for no longer than this")
    parser.add_argument("--pause", type=float, default=1.2, help="between two kills, at most, in seconds")
    parser.add_argument(
        "--crashes", type=float, default=0, help="kill PostgreSQL itself every so many seconds; 0: never"
    )
    parser.add_argument("--seed", type=int, default=None, help="of chance; drawn and printed if not given")
    parser.add_argument("--control", choices=["marks-early"], help="a build that is broken on purpose, to be caught")
    parser.add_argument("--bounces", type=float, default=0, help="keep what is delivered; so many percent bounce later")
    parser.add_argument("--site", type=Path, help="a built site; built anew if not given")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if arguments.relay == "postfix" and not installed():
        print("This needs Postfix and root: apt-get install --no-install-recommends postfix", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="campaign") as folder:
        return _campaign(arguments, Path(folder))


def _campaign(arguments: argparse.Namespace, folder: Path) -> int:  # noqa: PLR0915 - one campaign, in its order
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(1 << 30)
    chance = random.Random(seed)  # noqa: S311 - faults, not secrets
    print(
        f"engine {arguments.engine}, relay {arguments.relay}, {arguments.referrals} referrals, seed {seed}", flush=True
    )
    site = arguments.site or folder / "site"
    if not arguments.site:
        build(ROOT, site)
    relay: FaultyRelay | RestartedPostfix
    apart = folder / "relay"  # what the relay keeps is not ours
    apart.mkdir()
    folder.chmod(0o755)
    relay = FaultyRelay(folder=apart, seed=seed) if arguments.relay == "faulty" else RestartedPostfix(folder=apart)
    with relay, contextlib.ExitStack() as ended:
        environ = _environ(arguments, folder, site, relay)
        keep_key, private_key = keygen()
        environ |= {"REFERRAL_KEEP_KEY": keep_key} if arguments.bounces else {}
        settings = Settings.read(environ)
        ports = [free_port() for _ in range(2)]
        full = {**os.environ, **environ, "CAMPAIGN_CONTROL": arguments.control or ""}
        log = folder / "events.log"
        webs = [
            Process(words=("serve", "--port", str(port)), environ=full | {"REFERRAL_DRAIN": "off"}, log=log)
            for port in ports
        ]
        drains = [Process(words=("drain", "--loop"), environ=full, log=log) for _ in range(2)]
        for process in (*webs, *drains):
            process.start()
            ended.callback(process.end)
        clients = Clients(ports, settings.secret_key, arguments.referrals, seed)
        began = time.monotonic()
        clients.start()
        outbox = compose.open_outbox(settings)
        crashes = Crashes(every=arguments.crashes if arguments.engine == "postgres" else 0, chance=chance)
        deadline, pause = began + arguments.seconds, arguments.pause
        samples = _havoc(chance, webs, drains, clients, deadline, outbox, relay, crashes, pause)
        clients.join(300)
        sent_in = time.monotonic() - began
        relay.calm = True
        drained = _wait_until_empty(outbox, 60)
        took = time.monotonic() - began
        counted = _counted(clients, relay, outbox, crashes, sum(p.kills for p in drains))
        bounced = (
            bounce_some(
                arguments.bounces / 100,
                chance=chance,
                relay=relay,
                outbox=outbox,
                settings=settings,
                private_key=private_key,
                folder=folder,
                delivered=lambda: _wait_until_empty(outbox, 60),
            )
            if arguments.bounces
            else {}
        )
        memory = {"web": max(p.memory() for p in webs), "drain": max(p.memory() for p in drains)}
        for process in (*webs, *drains):
            process.stop()
        kills = {"web": sum(p.kills for p in webs), "drain": sum(p.kills for p in drains)}
        result = counted | bounced
        outbox.close()
        left = _left(folder, arguments.engine, samples)
    for name, value in result.items():
        print(f"{name:58} {value}")
    print(f"{'content left in storage, plain or sealed':58} {left}")
    print(f"{'entries left waiting':58} {'0' if drained else 'SOME'}")
    print(
        f"posts {clients.posts}, no answer {clients.broken}, 503 {clients.refused}, kills {kills}, crashes of the server {len(crashes.down)}, memory in MB {memory}"
    )
    print(f"sent in {sent_in:.0f} s, all in {took:.0f} s; the relay's faults: {dict(sorted(relay.counts.items()))}")
    bad = [name for name, value in result.items() if name[0].isupper() and value]
    if not drained or left:
        bad.append("something was left")
    print("FOUND: " + ", ".join(bad) if bad else "Nothing was lost.")
    return 1 if bad else 0


def _environ(
    arguments: argparse.Namespace, folder: Path, site: Path, relay: FaultyRelay | RestartedPostfix
) -> dict[str, str]:
    public, private = keygen()
    address = f"sqlite:///{folder / 'outbox.db'}"
    if arguments.engine == "postgres":
        from tests.engines import new_schema, postgres_address  # noqa: PLC0415 - only if asked for

        address = postgres_address(new_schema())
    return {
        "REFERRAL_RELAY": f"smtp://localhost:{relay.port}",
        "REFERRAL_RELAY_CA": relay.authorities,
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": address,
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": secrets.token_urlsafe(32),
        "REFERRAL_SITE": str(site),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
        "REFERRAL_LIMIT": "off",
    }


def _havoc(  # noqa: PLR0913, PLR0917 - everything that takes part
    chance: random.Random,
    webs: list[Process],
    drains: list[Process],
    clients: Clients,
    deadline: float,
    outbox: Outbox,
    relay: FaultyRelay | RestartedPostfix,
    crashes: Crashes,
    pause: float,
) -> list[bytes]:
    """Kill at random until all is sent or the time is over; return a few sealed beginnings to look for later."""
    samples: list[bytes] = []
    while time.monotonic() < deadline and len(clients.references) < clients.wanted:
        time.sleep(chance.uniform(0.05, pause))
        if chance.random() < 0.1:
            relay.restart()
        crashes.crash()
        victim = chance.choice([*webs, *drains, *drains])
        victim.kill()
        victim.start()
        if len(samples) < 200:
            rows = outbox._run("SELECT sealed FROM outbox WHERE sealed IS NOT NULL LIMIT 5")  # noqa: SLF001 - a spy
            samples += [bytes(row[0])[:32] for row in rows]
    return samples


def _wait_until_empty(outbox: Outbox, seconds: float) -> bool:
    """Act as the operator: try again what is parked, until nothing waits, or nothing has moved for so many seconds."""
    least, deadline = -1, time.monotonic() + seconds
    while time.monotonic() < deadline:
        stats = outbox.stats()
        waiting = stats.queued + stats.parked
        if waiting == 0:
            return True
        if waiting < least or least < 0:
            least, deadline = waiting, time.monotonic() + seconds
        for entry in outbox.entries() if stats.parked else ():
            if entry.state is State.PARKED:
                outbox.retry(entry.reference)
        time.sleep(0.5)
    return False


def _counted(
    clients: Clients, relay: FaultyRelay | RestartedPostfix, outbox: Outbox, crashes: Crashes, kills: int
) -> dict[str, int]:
    """Compare what referrers were told with what the relay has. Names with a capital must be 0."""
    told = {reference for references in clients.references.values() for reference in references}
    copies = defaultdict(list)
    for copy in relay.all_copies():
        copies[copy.reference].append(copy)
    repeats = {reference: found for reference, found in copies.items() if len(found) > 1}
    stored = {entry.reference for entry in outbox.entries()}
    return {
        "accepted": sum(1 for references in clients.references.values() if references),
        "Lost: a reference was shown, no copy at the relay": len(told - set(copies)),
        "Referrals with two references": sum(len(references) > 1 for references in clients.references.values()),
        "repeats (the relay has more than one copy)": len(repeats),
        "Repeats outside the window of the 250": relay.outside(repeats, crashes, kills),
        "Repeats that are not byte-identical": sum(len({c.digest for c in found}) > 1 for found in repeats.values()),
        "Copies that nobody sent": len(set(copies) - stored),
    }


def _left(folder: Path, engine: str, samples: list[bytes]) -> int:
    """Count files that hold typed words in the clear, and on SQLite sealed bytes that should be gone."""
    found = 0
    for path in folder.rglob("*"):
        if path.is_file() and folder / "relay" not in path.parents:
            data = path.read_bytes()
            found += CANARY.encode() in data
            if engine == "sqlite" and path.name.startswith("outbox"):
                found += sum(sample in data for sample in samples)
    return found


if __name__ == "__main__":
    sys.exit(main())
