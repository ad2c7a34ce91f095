"""`serve`: the HTTP server around the application, with the thread that delivers."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from referral_function import compose
from referral_function.__main__ import main
from referral_function.sending.drain_thread import DrainThread
from referral_function.settings.settings import Settings
from tests.ports import free_port
from tests.smtp_server import SmtpServer

ROOT = Path(__file__).resolve().parents[1]
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def _environment(environ: dict[str, str], site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (environ | {"REFERRAL_SITE": str(site)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("referral_function.events.to_stderr", lambda: None)
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def wait_for_answer(address: str, is_alive: Callable[[], bool] = lambda: True) -> None:
    """Wait until a server answers there."""
    for _ in range(1200):
        try:
            with contextlib.closing(http.client.HTTPConnection(address, timeout=60)) as connection:
                connection.request("GET", "/referral/livez", headers={"Host": "127.0.0.1"})
                assert connection.getresponse().status == 200
                return
        except OSError:
            assert is_alive()
            time.sleep(0.05)
    raise AssertionError("it does not answer")


def serve_once(*arguments: str, host: str = "127.0.0.1") -> int:
    """Run `serve` in this process until it has answered and a signal has come; return its exit code."""
    port = free_port()

    def ask_and_stop() -> None:
        try:
            wait_for_answer(f"{host}:{port}")
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=ask_and_stop).start()
    return main(["serve", "--port", str(port), *arguments])


@pytest.mark.usefixtures("_environment")
def test_it_serves_and_delivers_until_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application is served, its thread starts with it, and both have ended when the command returns."""
    threads: set[DrainThread] = set()
    start = DrainThread.start

    def started(self: DrainThread) -> None:
        threads.add(self)
        start(self)

    monkeypatch.setattr(DrainThread, "start", started)
    assert serve_once() == 0
    (thread,) = threads
    assert thread.stop(0)


@pytest.mark.usefixtures("_environment")
def test_where_another_process_drains_there_is_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """With REFERRAL_DRAIN=off nothing is delivered here, and other addresses than the usual one can be listened on."""
    monkeypatch.setenv("REFERRAL_DRAIN", "off")
    monkeypatch.setattr(DrainThread, "start", lambda _: pytest.fail("it has started"))
    assert serve_once("--host", "::1", host="[::1]") == 0


@pytest.mark.usefixtures("_environment")
def test_a_message_that_is_still_on_its_way_at_the_end_is_written_down(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A relay that stays silent longer than a stop may take leaves a line: that message is sent once more."""
    caplog.set_level("INFO", logger="referral")
    monkeypatch.setattr(DrainThread, "stop", lambda *_: False)
    assert serve_once() == 0
    assert [record.getMessage() for record in caplog.records] == ["left_in_flight"]


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
        started = self.process
        wait_for_answer(f"127.0.0.1:{self.port}", lambda: started.poll() is None)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def stop(self, *numbers: signal.Signals) -> tuple[int, str]:
        """Send it signals, SIGTERM if none is named; return its exit code and what it logged."""
        assert self.process is not None
        for number in numbers or (signal.SIGTERM,):
            self.process.send_signal(number)
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


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_finishes_the_message_in_flight(
    service: Service, put: Callable[[], str], smtp_server: SmtpServer, environ: dict[str, str], number: signal.Signals
) -> None:
    """A stop in the middle of a message, also an impatient one, waits for the relay's answer and marks it: one copy."""
    put()
    smtp_server.script("dot", "slow")
    service.start()
    smtp_server.wait_for("dot")
    assert service.stop(number, number)[0] == 0
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
