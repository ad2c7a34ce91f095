"""Cryptography: one vetted library, authenticated, rotated with messages waiting; and code that no stranger's word can run."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import referral_function
from referral_function.sending.encryption import DecryptionError, PrivateKeys, PublicKey, keygen
from referral_function.sending.outbox import Outbox
from tests.asvs import ROOT
from tests.conftest import Clock
from tests.smtp_server import SmtpServer
from tests.test_delivery import delivery_of, mailer_to, put, wire_of

PACKAGE = sorted(Path(referral_function.__file__).parent.rglob("*.py"))
ALLOWED = {
    "cryptography.exceptions": {"InvalidTag"},
    "cryptography.hazmat.primitives.asymmetric.x25519": {"X25519PrivateKey", "X25519PublicKey"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESSIV"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
    "cryptography.hazmat.primitives.hpke": {"AEAD", "KDF", "KEM", "Suite"},
    "hashlib": {"sha256"},
    "secrets": {"randbelow", "token_urlsafe", "SystemRandom", "token_hex", "token_bytes"},
}
DANGEROUS = {"eval", "exec", "compile", "__import__", "open_code", "system", "popen", "loads_pickle", "breakpoint"}
NEVER = {
    "pickle",
    "marshal",
    "shelve",
    "yaml",
    "xml",
    "subprocess",
    "ctypes",
    "telnetlib",
    "aiohttp",
    "httpx",
    "ftplib",
    "urllib3",
    "requests",
}


def uses(source: str) -> Iterator[tuple[str, str]]:
    """Find each name that a module takes from another one."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((module, each.name) for each in names)
            case ast.Import(names=names):
                yield from ((each.name, "") for each in names)
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                yield owner, name
            case ast.Call(func=ast.Name(id=name)):
                yield "", name
            case _:
                pass


def objections(source: str, *, visits: bool = False) -> list[str]:
    """Name everything that has no place in the package: other cryptography, code from text, other programs and networks.

    `visits` is for the one command that opens the address which its operator types.
    """
    found = []
    for module, name in uses(source):
        known = next((names for each, names in ALLOWED.items() if module == each), None)
        if (known is not None and name and name not in known) or (known is None and module.startswith("cryptography.")):
            found.append(f"{module}.{name}")
        if (
            module in {"http.server", "urllib.request"}
            or (module == "http.client" and not visits)
            or module.split(".")[0] in NEVER
            or (not module and name in DANGEROUS)
        ):
            found.append(module or name)
        if (module, name) in {
            ("os", "system"),
            ("os", "popen"),
            ("random", "choice"),
            ("random", "randint"),
            ("base64", "b32hexencode"),
        }:
            found.append(f"{module}.{name}")
    return found


@pytest.mark.asvs("11.2.1", "11.3.1", "11.3.2", "11.4.1", "11.5.1", "1.3.2", "1.5.2", "13.2.4", "13.2.5", "15.2.5")
def test_no_module_uses_what_has_no_place_here() -> None:
    """Cryptography is HPKE, AES-SIV and SHA-256 alone; nothing runs code from text, unpickles, starts a program or fetches an address."""
    found = {path: objections(path.read_text("utf-8"), visits=path.name == "smoke.py") for path in PACKAGE}
    assert {path: named for path, named in found.items() if named} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from cryptography.hazmat.primitives.ciphers import modes",
        "from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15",
        "import hashlib\nhashlib.md5(b'')",
        "eval('1')",
        "import pickle",
        "import os\nos.system('id')",
        "import urllib3",
        "import random\nrandom.choice([1])",
        "import subprocess",
        "from http.client import HTTPConnection",
    ],
)
def test_what_has_no_place_is_seen(source: str) -> None:
    """The controls: each of them is named."""
    assert objections(source)


@pytest.mark.asvs("11.2.2", "13.3.4", "11.1.2")
def test_keys_are_rotated_while_messages_wait(outbox: Outbox, smtp_server: SmtpServer, clock: Clock) -> None:
    """Messages sealed before and after a rotation are both delivered while both keys are loaded; neither key opens the other's."""
    pairs = [keygen() for _ in range(2)]
    for number, (public, _) in enumerate(pairs):
        seal, reference = PublicKey.from_text(public), f"RJ-{number}"
        put(outbox, clock, key=seal, reference=reference, wire=wire_of(reference, clock, f"Text {number}\n"))
        [entry] = [each for each in [outbox.entry(reference)] if each]
        sealed = entry.ciphertext
        with pytest.raises(DecryptionError):
            PrivateKeys.from_text(pairs[1 - number][1]).decrypt(sealed, reference, seal.id)
        with pytest.raises(DecryptionError):  # sealed for one reference, it opens for no other
            PrivateKeys.from_text(pairs[number][1]).decrypt(sealed, "RJ-X", seal.id)
    both = PrivateKeys.from_text(",".join(private for _, private in pairs))
    delivery_of(outbox, mailer_to(smtp_server), clock, both, PublicKey.from_text(pairs[1][0])).drain(60)
    assert sorted(letter.wire[-8:-2] for letter in smtp_server.kept) == [b"Text 0", b"Text 1"]


@pytest.mark.asvs("13.3.1", "13.4.1", "15.2.3")
def test_no_secret_stands_in_the_repository() -> None:
    """No file that is kept holds a private key, a password or a token."""
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|hpke-x25519-private:[A-Za-z0-9+/]{40}|AKIA[0-9A-Z]{16}|ghp_\w{36}"
    )
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in kept.split("\0") if name and not name.endswith(".png")]
    assert len(files) > 100
    assert [
        path for path in files if path != Path(__file__) and secret.search(path.read_text("utf-8", "replace"))
    ] == []
    assert secret.search("-----BEGIN PRIVATE KEY-----")
