"""Power cuts, replayed: every write, fsync, truncation and unlink of a run is recorded, then cut off at any point.

A disk may keep, lose or tear whatever was not yet synced, in any order; a name is gone for certain only once its folder
was synced. From what may be left the database is opened again, and everything acknowledged before the cut must be there.
`strace` (a Debian package) records the run, because only the kernel's border shows what SQLite really asked for.
The control is Python's default journal, which loses: it unlinks its journal and does not sync the folder.
"""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import hashlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SECTOR = 512
_CALL = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")

SAME_SITE = """
import os, sys, hashlib
from datetime import UTC, datetime
from pathlib import Path
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.sqlite import SqliteOutbox
clock = iter(range(10**6)).__next__
outbox = SqliteOutbox(Path(sys.argv[1]) / "outbox.db", lambda: float(clock()))
for n in range(int(sys.argv[2])):
    content = hashlib.sha256(b"%d" % n).digest() * 200
    outbox.accept(reference=f"R{n}", idempotency_key=b"%d" % n, ciphertext=content, nonce_hash=b"", token_hash=b"", mac=b"", key_id="k", created_at=datetime.now(UTC))
    os.write(1, b"ACK %d\\n" % n)
    if n % 7 == 6:
        with outbox.drain_lock():
            for _ in range(4):
                entry = outbox.claim(60)
                os.write(1, b"SENT %s\\n" % entry.reference[1:].encode())
                outbox.record_result(entry, Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250"))
"""
DEFAULT_JOURNAL = """
import os, sys, sqlite3, hashlib
connection = sqlite3.connect(os.path.join(sys.argv[1], "outbox.db"))
connection.execute("CREATE TABLE outbox (reference text PRIMARY KEY, state text DEFAULT 'queued', sealed blob)")
connection.commit()
for n in range(int(sys.argv[2])):
    content = hashlib.sha256(b"%d" % n).digest() * 200
    with connection:
        connection.execute("INSERT INTO outbox (reference, sealed) VALUES (?, ?)", (f"R{n}", content))
    os.write(1, b"ACK %d\\n" % n)
"""


@dataclass(slots=True)
class Disk:
    """What is certainly on the disk, and what may be."""

    synced: dict[str, bytes] = field(default_factory=dict)  # content at the last fsync, by file
    pending: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)  # (offset, bytes), None truncates
    unlinked: dict[str, tuple[bytes, list[tuple[int, bytes | None]]]] = field(default_factory=dict)

    def write(self, name: str, offset: int, data: bytes | None) -> None:
        """Note a write, or a truncation."""
        self.pending.setdefault(name, []).append((offset, data))
        self.synced.setdefault(name, b"")

    def sync(self, name: str) -> None:
        """Make the content of a file certain."""
        content = bytearray(self.synced.get(name, b""))
        for change in self.pending.pop(name, []):
            _apply(content, change)
        self.synced[name] = bytes(content)

    def unlink(self, name: str) -> None:
        """Note that a name was taken away; until its folder is synced it may still be there."""
        self.unlinked[name] = (self.synced.pop(name, b""), self.pending.pop(name, []))

    def create(self, name: str) -> None:
        """Note that a file was made, or opened."""
        self.synced.setdefault(name, b"")

    def leftovers(self, chance: random.Random, keep: float) -> Iterator[tuple[str, bytes]]:
        """Draw what is left after a cut: each write that was not synced is kept, lost or torn."""
        files = {name: (content, self.pending.get(name, [])) for name, content in self.synced.items()}
        for name, old in self.unlinked.items():
            if name not in files and chance.random() >= keep:
                files[name] = old
        for name, (content, changes) in files.items():
            left = bytearray(content)
            for offset, data in changes:
                drawn = chance.random()
                if drawn < keep:
                    _apply(left, (offset, data))
                elif drawn < keep + 0.1 and data:
                    torn = _SECTOR * chance.randrange(len(data) // _SECTOR + 1)
                    _apply(left, (offset, data[:torn]))
            yield name, bytes(left)


def _apply(content: bytearray, change: tuple[int, bytes | None]) -> None:
    offset, data = change
    if data is None:
        del content[offset:]
        content.extend(b"\0" * (offset - len(content)))
    elif data:
        content.extend(b"\0" * (offset - len(content)))
        content[offset : offset + len(data)] = data


def recorded(  # noqa: C901 - one case for each call
    program: str, count: int, folder: Path
) -> list[tuple[str, str, int, bytes | None]]:
    """Run a program under strace; return what it did to the files of its folder, and its acknowledgements."""
    trace = folder.with_suffix(".trace")
    calls = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat"
    subprocess.run(
        [
            *["strace", "-f", "-y", "-xx", "-s", "1000000", "-o"],
            trace,
            f"-etrace={calls}",
            sys.executable,
            "-c",
            program,
            folder,
            str(count),
        ],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    deeds: list[tuple[str, str, int, bytes | None]] = []
    for line in trace.read_text("ascii").splitlines():
        found = _CALL.match(line)
        if not found or int(found[3]) < 0:
            continue
        call, words, result = found[1], found[2], int(found[3])
        file = _FD.match(words)
        quoted = [_unhexed(text) for text in _QUOTED.findall(words)]
        path = _unhexed(file[1]).decode() if file else ""
        if call == "write" and words.startswith("1<"):
            deeds.append(("say", quoted[0].decode().strip(), 0, None))
        elif call in ("fsync", "fdatasync") and path == str(folder):
            deeds.append(("sync folder", "", 0, None))
        elif call == "openat" and quoted[0].decode().startswith(f"{folder}/") and "O_CREAT" in words:
            deeds.append(("create", Path(quoted[0].decode()).name, 0, None))
        elif call in ("unlink", "unlinkat") and quoted[0].decode().startswith(f"{folder}/"):
            deeds.append(("unlink", Path(quoted[0].decode()).name, 0, None))
        elif path.startswith(f"{folder}/") and not path.endswith("-shm"):
            name = Path(path).name
            if call == "pwrite64":
                deeds.append(("write", name, int(words.rpartition(", ")[2]), quoted[0][:result]))
            elif call == "ftruncate":
                deeds.append(("write", name, int(words.rpartition(", ")[2]), None))
            elif call in ("fsync", "fdatasync"):
                deeds.append(("sync", name, 0, None))
    return deeds


def losses(program: str, count: int, *, cuts: int, seed: int) -> tuple[int, int, int]:
    """Cut the power at random points; return how many cuts, how many lost something, how many broke the database."""
    chance = random.Random(seed)  # noqa: S311 - faults, not secrets
    with tempfile.TemporaryDirectory(prefix="power") as place:
        folder = Path(place) / "data"
        folder.mkdir()
        deeds = recorded(program, count, folder)
        first = next(number for number, deed in enumerate(deeds) if deed[0] == "say")
        answered = [number + 1 for number, deed in enumerate(deeds) if deed[0] == "say"]
        anywhere = range(first, len(deeds) + 1)
        points = sorted(chance.choices(answered, k=cuts // 2) + chance.choices(anywhere, k=cuts - cuts // 2))
        disk, told, sent, done, lost, broken = Disk(), set[int](), set[int](), 0, 0, 0
        after = Path(place) / "after"
        for point in points:
            for kind, name, offset, data in deeds[done:point]:
                match kind:
                    case "say":
                        (told if name.startswith("ACK") else sent).add(int(name.split(" ")[1]))
                    case "write":
                        disk.write(name, offset, data)
                    case "sync":
                        disk.sync(name)
                    case "unlink":
                        disk.unlink(name)
                    case "sync folder":
                        disk.unlinked.clear()
                    case _:
                        disk.create(name)
            done = point
            shutil.rmtree(after, ignore_errors=True)
            after.mkdir()
            for name, content in disk.leftovers(chance, keep=chance.choice([0.0, 0.5, 0.9])):
                (after / name).write_bytes(content)
            rows = _found(after / "outbox.db")
            broken += rows is None
            lost += any(_is_lost(n, (rows or {}).get(f"R{n}", ("", None)), sent) for n in told)
    return cuts, lost, broken


def _found(path: Path) -> dict[str, tuple[str, bytes | None]] | None:
    """Return the rows of a database by reference; None if it is broken."""
    connection = sqlite3.connect(path)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT reference, state, sealed FROM outbox").fetchall()
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    return {name: (state, sealed) for name, state, sealed in rows} if whole else None


def _is_lost(number: int, row: tuple[str, bytes | None], sent: set[int]) -> bool:
    state, sealed = row
    if state == "delivered":
        return number not in sent
    return sealed != hashlib.sha256(b"%d" % number).digest() * 200


def _unhexed(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def main(words: Sequence[str] | None = None) -> int:
    """Cut the power many times, with ours and with the control; exit 1 if ours lost, or the control did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.power_cuts")
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(words)
    if not shutil.which("strace"):
        print(
            "This needs strace (apt-get install strace), which shows what SQLite asks of the kernel.", file=sys.stderr
        )
        return 1
    results = {
        "ours: WAL, synchronous=FULL": losses(SAME_SITE, 40, cuts=arguments.cuts, seed=arguments.seed),
        "control: Python's default": losses(DEFAULT_JOURNAL, 40, cuts=arguments.cuts, seed=arguments.seed),
    }
    for name, (cuts, lost, broken) in results.items():
        print(f"{name:30} {cuts} cuts, {lost} lost an acknowledged referral, {broken} broke the database")
    ours, control = results.values()
    return 0 if ours[1:] == (0, 0) and control[1] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
