"""The proxies of deploy/ as they are shipped, on this machine without TLS, in front of whatever a test wants."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.ports import free_port
from tests.project_copies import PHONE
from website.build.host_files import write_host_files

ROOT = Path(__file__).resolve().parents[2]
CADDY, MANY, NGINX = "one-machine/Caddyfile", "Caddyfile", "one-machine/nginx.conf"
PROGRAMS = {CADDY: "caddy", MANY: "caddy", NGINX: "nginx"}
UNBUFFERED = {"buffer_requests": "", "max_buffer_size 16KiB": ""}
WHOLE_POSTS = {
    "max_buffer_size 16KiB": "max_buffer_size 1MiB",
    "proxy_request_buffering off": "proxy_request_buffering on",
    "client_body_buffer_size 16k": "client_body_buffer_size 2m",
}
"""What to write for a control: a proxy that gathers nothing, and one that gathers every post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands in front: which file, the site it serves, the port of the form, and what to change in the file."""

    name: str
    site: Path
    form: int
    folder: Path
    changes: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    pids: list[int] = field(default_factory=list)

    @contextlib.contextmanager
    def running(self) -> Iterator[tuple[str, int]]:
        """Run it; yield where it listens."""
        self.folder.mkdir()
        headers = json.loads((self.site / "headers.json").read_text("utf-8"))
        write_host_files(self.folder / "hosting", headers, {"/old/": "/"}, [], PHONE)
        path = self.folder / "configuration"
        path.write_text(self._nginx() if self.name == NGINX else self._caddy(), "utf-8")
        command = {
            "caddy": ["run", "--adapter", "caddyfile", "--config", str(path)],
            "nginx": ["-c", str(path), "-e", str(self.folder / "errors")],
        }[PROGRAMS[self.name]]
        home = {name: str(self.folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        many = {
            "SITE": f"http://127.0.0.1:{self.port}",
            "FORMS": f"127.0.0.1:{self.form}",
            "HOSTING": str(self.folder / "hosting"),
        }
        with (self.folder / "said").open("wb") as said:
            process = subprocess.Popen(
                [shutil.which(PROGRAMS[self.name]) or "", *command],
                env=os.environ | home | many,
                stdout=said,
                stderr=said,
            )
        self.pids.append(process.pid)
        try:
            wait_for_port(self.port, process)
            yield "127.0.0.1", self.port
        finally:
            process.terminate()
            process.wait(60)

    def _changed(self, text: str) -> str:
        for before, after in {
            "/opt/referral/current/site": str(self.site),
            "/opt/referral/current/hosting": str(self.folder / "hosting"),
            "127.0.0.1:8001": f"127.0.0.1:{self.form}",
            **self.changes,
        }.items():
            text = text.replace(before, after)
        return text

    def _caddy(self) -> str:
        text = self._changed(caddyfile(self.name))
        return text.replace("service.example {", f"http://127.0.0.1:{self.port} {{")

    def _nginx(self) -> str:
        """Take the server behind TLS alone, and speak without it."""
        _plain, _, server = self._changed((ROOT / "deploy" / self.name).read_text("utf-8")).partition(
            "server {\n\tlisten 443"
        )
        server = re.sub(r"^\t(ssl_.*|listen \[::\].*)\n", "", "server {\n\tlisten 443" + server, flags=re.MULTILINE)
        server = server.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port};").replace("HOST_NAME", "_")
        temporary = "".join(
            f"{name}_temp_path {self.folder};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        return (
            f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\npid {self.folder}/pid;\n"
            f"worker_processes 1;\nworker_rlimit_nofile 8192;\nevents {{ worker_connections 4000; }}\n"
            f"error_log /dev/stderr emerg;\nhttp {{\n{temporary}{server}\n}}\n"
        )


def caddyfile(name: str) -> str:
    """Read a Caddyfile as the Caddy of Debian takes it, without an address for its administrator."""
    text = (ROOT / "deploy" / name).read_text("utf-8").replace("{\n\tservers {", "{\n\tadmin off\n\tservers {", 1)
    return text.replace("request_buffers 16KiB", "buffer_requests\n\t\tmax_buffer_size 16KiB")


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens there."""
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60):
            return
        assert process.poll() is None
        time.sleep(0.05)
    raise AssertionError("nobody listens")


class Recorder:
    """Stands where the form would, and keeps what each connection sent; all that is whole is answered."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.received: list[bytearray] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def posts(self) -> list[bytes]:
        """Return what came as a POST, without the balancer's questions."""
        return [bytes(each) for each in self.received if each.startswith(b"POST")]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.received.append(bytearray())
                threading.Thread(target=self._record, args=(client, self.received[-1]), daemon=True).start()

    def _record(self, client: socket.socket, data: bytearray) -> None:
        with client, contextlib.suppress(OSError):
            while more := client.recv(65536):
                data += more
                if is_whole(bytes(data)):
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                    return


def is_whole(data: bytes) -> bool:
    """Whether a request is complete."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    if re.search(rb"(?im)^transfer-encoding: *chunked", head):
        return body.endswith(b"0\r\n\r\n")
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
