"""The local relay of `make run`: an SMTP server with TLS that keeps messages as files.

Its certificate comes from an authority made for this run; the authority's private key never touches the disk.
"""

import asyncio
import re
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP

_REFERENCE = re.compile(rb"^Message-ID: <([A-Za-z0-9-]{1,40})\.", re.MULTILINE)


class LocalRelay:
    """Accepts messages over STARTTLS on a free port and writes each to `<reference>.eml`."""

    def __init__(self, inbox: Path, authority: Path, on_arrival: Callable[[str, Path], None]) -> None:
        """Write the authority's certificate to `authority`; `on_arrival` gets the reference and file of each message."""
        self._inbox = inbox
        self._on_arrival = on_arrival
        issuer = trustme.CA()
        issuer.cert_pem.write_to_path(str(authority))
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        issuer.issue_cert("localhost", "127.0.0.1").configure_cert(self._tls)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self.port = 0

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self._inbox.mkdir(mode=0o700, exist_ok=True)
        self._thread.start()
        listening = self._loop.create_server(self._connection, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Close the listener and all connections."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def _connection(self) -> SMTP:
        return SMTP(self, hostname="localhost", tls_context=self._tls, require_starttls=True, loop=self._loop)

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Any) -> str:  # noqa: N802, ANN401 - aiosmtpd's
        """Write one message atomically; return the reply."""
        found = _REFERENCE.search(envelope.content)
        reference = found.group(1).decode() if found else "unnamed"
        path = self._inbox / f"{reference}.eml"
        part = path.with_suffix(".part")
        await asyncio.to_thread(part.write_bytes, envelope.content)
        part.replace(path)
        self._on_arrival(reference, path)
        return "250 kept"
