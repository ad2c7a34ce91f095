"""`make run`, as it is typed: the site, the form and the local relay, from start to end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.project_copies import copy_project

AS_CTRL_C = pytest.mark.slow("builds the site once more for a signal that is handled like Ctrl-C")


@contextmanager
def running(root: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """Start it in a copy of the project."""
    environ = os.environ | {"PORT": str(port), "PYTHONPATH": str(root)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen([sys.executable, "-m", "dev.run"], cwd=root, env=environ, **streams) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        signal.SIGKILL,
        *(pytest.param(number, marks=AS_CTRL_C) for number in (signal.SIGTERM, signal.SIGHUP)),
    ],
)
def test_the_form_ends_with_whoever_started_it(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, a stop, a closed terminal and a kill leave nothing on the port; before, it says what it does and how to see a change."""
    port = free_port()
    with running(copy_project(tmp_path), port) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(3)] == [
            "Building the site: a few seconds ...\n",
            f"The site and the form: http://127.0.0.1:{port}/   (Ctrl-C stops it all)\n",
            "To see a change, stop it and type make run again; make preview follows what you save.\n",
        ]
        assert answers(port)
        process.send_signal(number)
        assert process.wait() == (-number if number is signal.SIGKILL else 0)
        while answers(port):
            time.sleep(0.05)
