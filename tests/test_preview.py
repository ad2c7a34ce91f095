"""The live preview for editors, as `make preview` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]


@contextmanager
def previewing(port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the preview, give it and the first line that it says, and stop it as Ctrl-C does."""
    command = [sys.executable, "-m", "building.preview"]
    environ = os.environ | {"PORT": str(port)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environ, **streams) as process:  # type: ignore[call-overload]
        try:
            yield process, process.stdout.readline()
        finally:
            process.send_signal(signal.SIGINT)


def get(port: int, path: str) -> tuple[int, str]:
    """Ask for an address and give the status and the text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_preview_shows_pages_with_their_forms() -> None:
    """The preview shows a page with its form in place, reloads by itself, has a kind page for what is not there, and ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with previewing(port) as (process, said):
        assert f"http://127.0.0.1:{port}/" in said
        status, page = get(port, "/refer/myself/")
        assert status == 200
        assert '<form class="referral' in page
        assert "location.reload()" in page
        assert get(port, "/nothing/")[0] == 404
        assert float(get(port, "/preview-stamp")[1]) > 0
        assert get(port, "/assets/site.css")[0] == 200
    assert process.returncode == 0


def test_a_port_in_use_is_one_sentence() -> None:
    """A port that somebody else uses gives one sentence that says what to do."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        previewing(port := listener.getsockname()[1]) as (process, said),
    ):
        assert said == f"Port {port} is in use. Choose another: make preview PORT=8001\n"
        assert process.wait(60) == 1
