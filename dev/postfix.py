"""A Postfix in a folder of its own, on unprivileged ports, with TLS by a throw-away authority; nothing leaves the machine.

It needs the Debian package `postfix` (`apt-get install --no-install-recommends postfix`), and root, because Postfix
drops its privileges by itself. The configuration in /etc is neither read nor changed.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import trustme

_CONFIG: Final = Path(__file__).with_name("postfix_config")


def installed() -> bool:
    """Whether there is a Postfix that this process may start."""
    return shutil.which("postfix") is not None and os.geteuid() == 0


@dataclass(slots=True, kw_only=True)
class Postfix:
    """The server; use it in a `with`. `transport` is `virtual` (keeps messages as files) or `discard`."""

    folder: Path
    transport: str = "virtual"
    port: int = 0
    plain_port: int = 0  # without TLS, for smtp-source

    @property
    def authorities(self) -> str:
        """The PEM file of the authority that a client should trust."""
        return str(self.folder / "authority.pem")

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
            self.port, self.plain_port = one.getsockname()[1], two.getsockname()[1]
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authorities)
        server = authority.issue_cert("localhost", "127.0.0.1")
        server.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "server.pem"))
        for name in ("configuration", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        owner = pwd.getpwnam("postfix")
        os.chown(self.folder / "data", owner.pw_uid, owner.pw_gid)
        os.chown(self.folder / "mail", 65534, 65534)
        names = {"folder": self.folder, "transport": self.transport, "port": self.port, "plain": self.plain_port}
        for name in ("main.cf", "master.cf"):
            text = (_CONFIG / name).read_text("utf-8").format_map(names)
            (self.folder / "configuration" / name).write_text(text, "utf-8")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._command("start")
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                if probe.recv(3) == b"220":
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "mail.log").read_text())

    def stop(self) -> None:
        """Stop it at once."""
        self._command("abort")

    def messages(self) -> list[bytes]:
        """Return the delivered messages, each with the headers that Postfix added."""
        return [path.read_bytes() for path in (self.folder / "mail" / "inbox" / "new").glob("*")]

    def _command(self, word: str) -> None:
        command = ["postfix", "-c", str(self.folder / "configuration"), word]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own command
