"""`serve`: the site and the form in one process, with the thread that delivers."""

import argparse
import errno
import os
import signal
import socket
import sys

from referral_function import compose, events
from referral_function.commands.http_server import HttpServer
from referral_function.settings.settings import Settings
from referral_function.web.site_page import read_service_data

HELP = "serve the site and the form"
_MESSAGE_TIMEOUT = 50  # seconds for the message in flight when the process is told to stop
_STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}  # Windows has no SIGHUP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the address."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=os.environ.get("PORT", "8000"), help="port to listen on (default: $PORT or 8000)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal, then finish what has begun."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    if sentence := port_error(arguments.host, arguments.port):
        print(sentence, file=sys.stderr)
        return 1
    runtime = compose.Runtime.from_settings(settings)
    events.to_stderr()
    server = HttpServer(
        compose.application(settings, runtime),
        _listen(arguments.host, arguments.port),
        phone=read_service_data(settings.site)["service"]["phone"],
        behind_proxy=settings.proxies > 0,
    )
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda *_: server.stop())
    runtime.start_thread()
    server.run()
    if runtime.thread and not runtime.thread.stop(_MESSAGE_TIMEOUT):
        events.record("left_in_flight")
    return 0


def port_error(host: str, port: int) -> str | None:
    """Return a sentence that says why nobody can listen there, None if one can."""
    try:
        _listen(host, port).close()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error
        return f"Cannot listen on {host}, port {port}: {reason}. Choose another port: --port N or PORT=N."
    return None


def _listen(host: str, port: int) -> socket.socket:
    """Bind a socket. Raises `OSError`."""
    if port not in range(1, 65536):
        raise OSError(errno.EINVAL, "no such port")
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
