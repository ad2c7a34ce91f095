"""`make run`: build the site, serve it with the form, and run a local mail relay, until Ctrl-C."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from dev.mail_server import LocalRelay
from referral_function.commands.serve import port_error
from referral_function.sending.encryption import keygen
from website.build.site import BuildError, build

_ROOT = Path(__file__).resolve().parent.parent
_STOP_TIMEOUT = 80  # seconds for the form to finish what it does


def main() -> int:
    """Run until Ctrl-C, SIGTERM, a closed terminal, or the end of the form's process; leave no process behind."""
    stop = threading.Event()
    for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:  # Windows has no SIGHUP
        signal.signal(number, lambda *_: stop.set())
    port = os.environ.get("PORT", "8000")
    if refusal := port_error("127.0.0.1", int(port)) if port.isdigit() else f"PORT must be a number, not {port!r}.":
        print(refusal, file=sys.stderr)
        return 1
    print("Building the site: a few seconds ...", flush=True)
    try:
        build(_ROOT, _ROOT / "site")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    var = _ROOT / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    relay = LocalRelay(var / "inbox", var / "authority.pem", _print_arrival)
    relay.start()
    settings = {
        "REFERRAL_RELAY": f"smtp://localhost:{relay.port}",
        "REFERRAL_RELAY_CA": str(var / "authority.pem"),
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": f"sqlite:///{var / 'outbox.db'}",
        "REFERRAL_RECORD": "json",
        "REFERRAL_SITE": str(_ROOT / "site"),
        "REFERRAL_HOSTS": "127.0.0.1,localhost",
        **_keys(var),
    }
    environ = {name: value for name, value in os.environ.items() if not name.startswith("REFERRAL_")}
    command = [sys.executable, "-m", "dev.form", "--port", port]
    # A process group of its own: Ctrl-C in the terminal reaches this process alone, which then stops the form.
    with (var / "events.log").open("w") as log:
        form = subprocess.Popen(  # noqa: S603 - our own program
            command, env=environ | settings, cwd=_ROOT, process_group=0, stdin=subprocess.PIPE, stderr=log
        )
    announced = False
    try:
        while not stop.wait(0.1):
            if form.poll() is not None:
                print("The form has ended by itself; what it said stands in var/events.log.", file=sys.stderr)
                return 1
            if not announced and _accepts_connections(port):
                print(f"The site and the form: http://127.0.0.1:{port}/   (Ctrl-C stops it all)", flush=True)
                print(
                    "To see a change, stop it and type make run again; make preview follows what you save.", flush=True
                )
                announced = True
        return 0
    finally:
        _terminate(form)
        relay.stop()


def _print_arrival(reference: str, path: Path) -> None:
    print(f"Referral {reference} has arrived: {path.relative_to(_ROOT)}", flush=True)


def _keys(var: Path) -> dict[str, str]:
    """Return the keys and the secret of this checkout, created at the first start."""
    path = var / "keys.env"
    if not path.exists():
        public, private = keygen()
        lines = (
            f"REFERRAL_SEAL_KEY={public}",
            f"REFERRAL_OPEN_KEYS={private}",
            f"REFERRAL_SECRET_KEY={secrets.token_urlsafe(32)}",
        )
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - the mode
            file.write("\n".join(lines) + "\n")
    return dict(line.split("=", 1) for line in path.read_text("ascii").splitlines())


def _accepts_connections(port: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return True
    except OSError:
        return False


def _terminate(form: "subprocess.Popen[bytes]") -> None:
    form.terminate()
    try:
        form.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        form.kill()
        form.wait()


if __name__ == "__main__":
    sys.exit(main())
