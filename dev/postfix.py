"""A real Postfix of our own: its own folder, an unprivileged port, TLS by a throw-away authority; nothing leaves the machine.

It needs the Debian package `postfix` (`apt-get install --no-install-recommends postfix`) and root, because Postfix gives up its
rights by itself. Its own configuration in /etc is neither read nor changed.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import trustme

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost.example
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
virtual_transport = {transport}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.pem
smtpd_tls_security_level = encrypt
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{plain} inet n - n - - smtpd -o smtpd_tls_security_level=none
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def installed() -> bool:
    """Say whether there is a Postfix that we may start."""
    return shutil.which("postfix") is not None and os.geteuid() == 0


@dataclass(slots=True, kw_only=True)
class Postfix:
    """The server; use it in a `with`. `transport` is `virtual` (keeps messages as files) or `discard`."""

    folder: Path
    transport: str = "virtual"
    port: int = 0
    plain_port: int = 0  # without TLS, for smtp-source
    _listening: list[int] = field(default_factory=list)

    @property
    def authorities(self) -> str:
        """The PEM file of the authority that a client should trust."""
        return str(self.folder / "authority.pem")

    def __enter__(self) -> Self:
        self.port, self.plain_port = _free_ports()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authorities)
        server = authority.issue_cert("localhost", "127.0.0.1")
        server.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "server.pem"))
        configuration = self.folder / "configuration"
        owner = pwd.getpwnam("postfix")
        for name in ("configuration", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        os.chown(self.folder / "data", owner.pw_uid, owner.pw_gid)
        os.chown(self.folder / "mail", 65534, 65534)
        (configuration / "main.cf").write_text(_MAIN.format(folder=self.folder, transport=self.transport))
        (configuration / "master.cf").write_text(_MASTER.format(port=self.port, plain=self.plain_port))
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
        """Return what was delivered, each with the headers that Postfix put in front."""
        return [path.read_bytes() for path in (self.folder / "mail" / "inbox" / "new").glob("*")]

    def _command(self, word: str) -> None:
        command = ["postfix", "-c", str(self.folder / "configuration"), word]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]
