"""The local relay of `make run`: an SMTP server with TLS that keeps messages as files.

Its certificate comes from an authority made for this run; the authority's private key never touches the disk.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller

_REFERENCE = re.compile(rb"^Message-ID: <([A-Za-z0-9-]{1,40})\.", re.MULTILINE)


class LocalRelay(Controller):
    """Accepts messages over STARTTLS on a free port and writes each to `<reference>.eml`."""

    def __init__(self, inbox: Path, authority: Path, on_arrival: Callable[[str, Path], None]) -> None:
        """Write the authority's certificate to `authority`; `on_arrival` gets the reference and file of each message."""
        self._inbox = inbox
        self._on_arrival = on_arrival
        inbox.mkdir(mode=0o700, exist_ok=True)
        issuer = trustme.CA()
        issuer.cert_pem.write_to_path(str(authority))
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        issuer.issue_cert("localhost", "127.0.0.1").configure_cert(tls)
        super().__init__(
            self,
            hostname="127.0.0.1",
            port=0,
            ready_timeout=60,
            server_hostname="localhost",
            tls_context=tls,
            require_starttls=True,
        )

    def _trigger_server(self) -> None:
        """Look up the port that the system chose; the controller then connects to it."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # it listens by now
        super()._trigger_server()  # type: ignore[no-untyped-call] # the library's own

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802, ANN401 - aiosmtpd's
        """Write one message atomically; return the reply."""
        found = _REFERENCE.search(envelope.content)
        reference = found.group(1).decode() if found else "unnamed"
        path = self._inbox / f"{reference}.eml"
        part = path.with_suffix(".part")
        await asyncio.to_thread(part.write_bytes, envelope.content)
        part.replace(path)
        self._on_arrival(reference, path)
        return "250 kept"
