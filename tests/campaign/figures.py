"""Figures: how fast referrals are accepted and delivered, and what a week without a relay does.

`accept`: durable and sealed, on this disk, counted in processor time. `drain`: against smtp-source, the load generator
of Postfix, to the same Postfix, one after the other. `outage`: seven days with ten thousand waiting, the clock moved.
"""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import logging
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from dev.postfix import Postfix, installed
from referral_function.sending.delivery import Delivery
from referral_function.sending.encryption import PrivateKeys, PublicKey, entry_mac, keygen
from referral_function.sending.mailer import Mailer
from referral_function.sending.message import Body, wire_message
from referral_function.sending.outbox import Outbox
from referral_function.sending.reference import new_reference
from referral_function.sending.smtp import Relay
from referral_function.sending.sqlite import SqliteOutbox
from tests.campaign.relay import FaultyRelay
from tests.engines import HandMovedPostgres

SECRET = b"an invented secret of the campaign 0123456789"
NAMES = {"sender": "referrals@localhost.example", "inbox": "inbox@example.org"}
PUBLIC, PRIVATE = keygen()
KEY, KEYS = PublicKey.from_text(PUBLIC), PrivateKeys.from_text(PRIVATE)
BODY = "A line of a letter, about as long as lines of letters are, and as plain.\n" * 40  # 3 kB, as letters are


class Clock:
    """A clock that is moved by hand."""

    now = time.time()

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def put(outbox: Outbox, count: int, now: float) -> None:
    """Accept so many referrals: message, seal, commit."""
    at = datetime.fromtimestamp(now, UTC)
    for _ in range(count):
        reference = new_reference(secrets.randbelow)
        wire = wire_message(reference=reference, token="0" * 32, body=Body(plain=BODY), accepted_at=at, **NAMES)
        sealed = KEY.encrypt(wire, reference)
        outbox.accept(
            reference=reference,
            idempotency_key=reference.encode(),
            ciphertext=sealed,
            nonce_hash=b"",
            token_hash=b"",
            mac=entry_mac(SECRET, reference=reference, key_id=KEY.id, ciphertext=sealed),
            key_id=KEY.id,
            created_at=at,
        )


def delivery_to(outbox: Outbox, port: int, authorities: str, clock: Clock) -> Delivery:
    """Join the outbox and a relay."""
    relay = Relay(scheme="smtp", host="localhost", port=port)
    mailer = Mailer(relay, final_reply_timeout=60, clock=time.monotonic, ca_file=authorities, **NAMES)
    return Delivery(
        outbox=outbox,
        private_keys=KEYS,
        public_key=KEY,
        secret=SECRET,
        mailer=mailer,
        figures_age=7 * 366 * 24 * 60 * 60.0,
        keep_key=None,
        keep_days=7,
        clock=clock,
        jitter=lambda: 0.5,
        **NAMES,
    )


def accept(folder: Path) -> None:
    """Measure accepting, in processor time of one core and in time on the wall."""
    outbox = SqliteOutbox(folder / "outbox.db", time.time)
    put(outbox, 10, time.time())
    count, cpu, wall = 2000, time.process_time(), time.perf_counter()
    put(outbox, count, time.time())
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    outbox.close()
    print(
        f"accept: {count / cpu:.0f} a second of processor time, {count / wall:.0f} a second on the wall (SQLite, FULL)"
    )


def drain(folder: Path, rounds: int = 3, count: int = 1000) -> None:
    """Measure delivering beside smtp-source, in turn."""
    if not installed() or not shutil.which("smtp-source"):
        print("drain: needs Postfix and root: apt-get install --no-install-recommends postfix")
        return
    place = folder / "postfix"
    place.mkdir()
    folder.chmod(0o755)
    with Postfix(folder=place, transport="discard") as postfix:
        outbox = SqliteOutbox(folder / "drain.db", time.time)
        clock = Clock()
        delivery = delivery_to(outbox, postfix.port, postfix.authorities, clock)
        for _ in range(rounds):
            put(outbox, count, time.time())
            began = time.perf_counter()
            done = delivery.drain(1e9)
            ours = count / (time.perf_counter() - began)
            assert done
            assert done.delivered == count
            began = time.perf_counter()
            source = ["smtp-source", "-s", "4", "-m", str(count), "-l", "3000", "-f", "a@example.org"]
            subprocess.run([*source, "-t", "inbox@example.org", f"127.0.0.1:{postfix.plain_port}"], check=True)
            theirs = count / (time.perf_counter() - began)
            print(
                f"drain: {ours:.0f} a second (one connection, TLS); smtp-source {theirs:.0f} (four); ratio {ours / theirs:.2f}"
            )
        outbox.close()


def outage(folder: Path, engine: str, count: int = 10_000) -> None:
    """Let a relay be away for seven days, and see what becomes of ten thousand referrals."""
    clock = Clock()
    outbox = SqliteOutbox(folder / "outage.db", clock) if engine == "sqlite" else HandMovedPostgres.made(clock)
    put(outbox, count, clock.now)
    alarms: list[object] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage() == "overdue":
                alarms.append(record.__dict__["fields"])

    logger = logging.getLogger("referral")
    logger.addHandler(Listener())
    logger.propagate = False
    with FaultyRelay(folder=folder, seed=1) as relay:
        relay.calm = True
        relay.go_away()
        delivery = delivery_to(outbox, relay.port, relay.authorities, clock)
        delivery.drain(1e9)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        end = clock.now + 7 * 24 * 3600
        while clock.now < end:
            clock.now += 300
            delivery.drain(1e9)
        away = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        relay.listen()
        delivered, hours = 0, 0
        while delivered < count and hours < 5:
            clock.now += 3600
            hours += 1
            done = delivery.drain(1e9)
            delivered += done.delivered if done else 0
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        arrived = len({copy.reference for copy in relay.copies})
    stats = outbox.stats()
    outbox.close()
    print(
        f"outage on {engine}: {count} waited for 7 days, {arrived} arrived {hours} h after its return, in {len(relay.copies)} copies;"
    )
    print(f"  waiting or parked after it: {stats.queued + stats.parked}; alarms: {alarms}")
    print(
        f"  most memory used: {before} MB at first, {away} MB after the week, {after} MB after all was delivered (the relay is in it)"
    )


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.figures")
    parser.add_argument("what", nargs="*", default=["accept", "drain", "outage"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="figures", dir="/var/tmp") as place:
        folder = Path(place)
        if "accept" in arguments.what:
            accept(folder)
        if "drain" in arguments.what:
            drain(folder)
        if "outage" in arguments.what:
            outage(folder, "sqlite")
            outage(folder, "postgres")
    return 0


if __name__ == "__main__":
    sys.exit(main())
