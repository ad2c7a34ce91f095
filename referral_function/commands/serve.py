"""`serve`: the site and the form in one process, with the thread that delivers."""

import argparse
import errno
import functools
import os
import socket
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from referral_function import compose, events
from referral_function.commands.gathering import Gathering, Nameless
from referral_function.sending.drain_thread import DrainThread
from referral_function.settings.settings import Settings
from referral_function.web.site_page import read_service_data

HELP = "serve the site and the form"
_GRACE = 75  # seconds to finish after SIGTERM: what a message in flight may need


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the address."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=os.environ.get("PORT", "8000"), help="port to listen on (default: $PORT or 8000)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    settings = Settings.read(os.environ)
    settings.require_legal_details()
    if sentence := taken(arguments.host, arguments.port):
        print(sentence, file=sys.stderr)
        return 1
    parts = compose.Runtime.from_settings(settings)
    events.to_stderr()
    application, phone = compose.application(settings, parts), read_service_data(settings.site)["service"]["phone"]
    _Server(application, parts.thread, phone, arguments.host, arguments.port).run()
    return 0  # pragma: no cover - gunicorn leaves by sys.exit


def taken(host: str, port: int) -> str | None:
    """Say in a sentence why nobody can listen there; gunicorn would try five times and say less."""
    try:
        if port not in range(1, 65536):
            raise OSError(errno.EINVAL, "no such port")  # noqa: TRY301 - said like the others
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error
        return f"Cannot listen on {host}, port {port}: {reason}. Choose another port: --port N or PORT=N."


class _Log(Logger):  # type: ignore[misc] # gunicorn is not typed
    """gunicorn's own log as our lines: it would write addresses with their query strings."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(events.JsonLines())


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """gunicorn around the application; nothing of it is open before the fork, and the thread starts after it."""

    def __init__(self, application: Any, thread: DrainThread | None, phone: str, host: str, port: int) -> None:  # noqa: ANN401
        self._application, self._thread, self.phone = application, thread, phone
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in {
            "bind": self._bind,
            "worker_class": Gathering,
            "workers": 1,
            "threads": 8,
            "graceful_timeout": _GRACE,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": _Log,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # it would believe any client of this machine; ours is REFERRAL_PROXIES alone
            "proc_name": "referral",
            "post_worker_init": self._start,
            "worker_exit": self._stop,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn is not typed
        """Hand over the application."""
        return self._application

    def _start(self, _worker: object) -> None:
        wsgi.create = functools.partial(wsgi.create, response_class=Nameless)
        if self._thread:
            self._thread.start()

    def _stop(self, _server: object, _worker: object) -> None:
        if self._thread and not self._thread.stop(_GRACE - 10):
            events.record("left_in_flight")
