"""`serve`: gunicorn around the application, with the thread that delivers."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from referral_function import compose
from referral_function.__main__ import main
from referral_function.commands import serve
from referral_function.sending.drain_thread import DrainThread
from referral_function.settings.settings import Settings
from tests.smtp_server import SmtpServer

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def _environment(environ: dict[str, str], site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (environ | {"REFERRAL_SITE": str(site)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("referral_function.events.to_stderr", lambda: None)
    monkeypatch.setattr(wsgi, "create", wsgi.create)  # as it was, afterwards


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[serve._Server]:
    """Catch the server that is about to run."""
    caught: list[serve._Server] = []
    monkeypatch.setattr(serve._Server, "run", lambda self: caught.append(self))  # noqa: PLW0108, SLF001 - see above  # noqa: SLF001
    return caught


@pytest.mark.usefixtures("_environment")
def test_it_serves_the_application_that_compose_makes(served: list[Any]) -> None:
    """The application is ready before gunicorn starts; a worker starts the thread, and stops it when it ends."""
    assert main(["serve", "--port", str(free_port())]) == 0
    (server,) = served
    assert callable(server.load())
    thread = server._thread  # noqa: SLF001 - the thread of this server
    assert isinstance(thread, DrainThread)
    server._start(None)  # noqa: SLF001 - gunicorn's hook
    server._stop(None, None)  # noqa: SLF001 - gunicorn's hook
    assert thread.stop(30)


@pytest.mark.usefixtures("_environment")
def test_where_another_process_drains_there_is_no_thread(served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """With REFERRAL_DRAIN=off the hooks have nothing to do."""
    monkeypatch.setenv("REFERRAL_DRAIN", "off")
    assert main(["serve", "--port", str(free_port())]) == 0
    (server,) = served
    server._start(None)  # noqa: SLF001 - gunicorn's hook
    server._stop(None, None)  # noqa: SLF001 - gunicorn's hook


@pytest.mark.usefixtures("_environment")
def test_gunicorn_writes_no_access_log_and_runs_one_worker(served: list[Any]) -> None:
    """One worker with threads; no address, and so no query string, is logged."""
    assert main(["serve", "--host", "::1", "--port", str(free_port())]) == 0
    (server,) = served
    assert isinstance(server.cfg, Config)
    assert (server.cfg.workers, server.cfg.accesslog, server.cfg.control_socket_disable) == (1, None, True)
    assert server.cfg.bind[0].startswith("[::1]:")


@pytest.mark.usefixtures("_environment")
def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever starts it twice is told what to do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another port: --port N or PORT=N.\n"
    )
    assert main(["serve", "--port", "99999"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("_environment")
def test_a_site_that_was_not_built_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without pages there is nothing to serve, and nothing is started."""
    monkeypatch.setenv("REFERRAL_SITE", str(tmp_path))
    assert main(["serve", "--port", str(free_port())]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.asvs("16.2.5")
def test_what_gunicorn_logs_is_cut_down_to_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """An address with a receipt in it never reaches the log."""
    log = serve._Log(Config())  # noqa: SLF001 - gunicorn makes it
    handlers = list(log.error_log.handlers)
    try:
        (handler,) = handlers
        record = logging.LogRecord("gunicorn.error", 40, "x.py", 1, "Error handling request %s", ("/?receipt=S",), None)
        assert "receipt" not in handler.format(record)
        assert json.loads(handler.format(record))["event"] == "library"
    finally:
        log.error_log.handlers.clear()
        capsys.readouterr()


class Service:
    """The real thing, in processes of its own."""

    def __init__(self, environ: dict[str, str], site: Path) -> None:
        self.environ = {**os.environ, **environ, "REFERRAL_SITE": str(site)}
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "referral_function", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environ, cwd=ROOT, process_group=0, stderr=subprocess.PIPE)
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/referral/livez", timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise AssertionError("it does not answer")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def stop(self) -> tuple[int, str]:
        """Tell it to stop; return its exit code and what it logged."""
        assert self.process is not None
        self.process.terminate()
        _, log = self.process.communicate(timeout=120)
        return self.process.returncode, log.decode()


@pytest.fixture
def service(environ: dict[str, str], site: Path) -> Iterator[Service]:
    """Make a service, not yet started; it is gone afterwards."""
    made = Service(environ, site)
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


@pytest.fixture
def put(environ: dict[str, str]) -> Callable[[], str]:
    """Put an invented referral into the outbox of the service."""
    from tests.test_delivery import put as put_sealed  # noqa: PLC0415 - its key is ours

    def put_one() -> str:
        settings = Settings.read(environ)
        outbox = compose.open_outbox(settings)

        class Now:
            now = time.time()

        reference, _ = put_sealed(outbox, Now(), key=settings.seal_key)  # type: ignore[arg-type] # only .now is read
        outbox.close()
        return reference

    return put_one


def test_what_waits_is_delivered_at_the_start_and_sigterm_ends_all(
    service: Service, put: Callable[[], str], smtp_server: SmtpServer
) -> None:
    """A restart delivers at once what was accepted before it; a stop leaves nothing running."""
    put()
    service.start()
    smtp_server.wait_for("quit")
    assert len(smtp_server.kept) == 1
    code, log = service.stop()
    assert code == 0
    assert [json.loads(line)["event"] for line in log.splitlines()] == ["delivered"]
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{service.port}/referral/livez", timeout=5)


def test_sigterm_finishes_the_message_in_flight(
    service: Service, put: Callable[[], str], smtp_server: SmtpServer, environ: dict[str, str]
) -> None:
    """A stop in the middle of a message waits for the relay's answer and marks it: one copy."""
    put()
    smtp_server.script("dot", "slow")
    service.start()
    smtp_server.wait_for("dot")
    assert service.stop()[0] == 0
    outbox = compose.open_outbox(Settings.read(environ))
    assert (outbox.stats().delivered, outbox.stats().queued) == (1, 0)
    outbox.close()
    assert len(smtp_server.kept) == 1


@pytest.mark.parametrize(
    ("stage", "copies"), [("rcpt", 1), ("body", 1), ("dot", 2)], ids=["after the claim", "in DATA", "after the 250"]
)
def test_kill_9_of_the_drain(
    service: Service, put: Callable[[], str], smtp_server: SmtpServer, stage: str, copies: int
) -> None:
    """Killed after the claim or in DATA: one copy. Killed between the relay's yes and our mark: two identical ones."""
    put()
    smtp_server.script(stage, "store and hang" if stage == "dot" else "hang", *[_next(stage)])
    service.start()
    smtp_server.wait_for(stage)
    while stage == "dot" and not smtp_server.kept:
        time.sleep(0.01)
    service.kill()
    service.start()
    while len(smtp_server.kept) < copies:
        time.sleep(0.01)
    assert service.stop()[0] == 0
    assert len(smtp_server.kept) == copies
    assert len({kept.wire for kept in smtp_server.kept}) == 1


def _next(stage: str) -> str:
    return "250" if stage != "data" else "354"


@pytest.mark.usefixtures("_environment")
def test_a_message_that_is_still_on_its_way_at_the_end_is_written_down(
    served: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A relay that stays silent longer than a stop may take leaves a line: that message is sent once more."""
    caplog.set_level("INFO", logger="referral")
    assert main(["serve", "--port", str(free_port())]) == 0
    (server,) = served
    monkeypatch.setattr(DrainThread, "stop", lambda *_: False)
    server._stop(None, None)  # noqa: SLF001 - gunicorn's hook
    assert [record.getMessage() for record in caplog.records] == ["left_in_flight"]
