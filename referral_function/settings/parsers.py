"""How one setting is read: from the environment or from a file, and in which words it is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from referral_function.sending.smtp import Relay

REQUIRED = object()
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:]+\]", re.ASCII)
_RELAY_PORTS = {"smtp": 587, "smtps": 465}  # STARTTLS, and TLS from the first byte
_HERE = re.compile(r"((localhost|127\.0\.0\.1|\[::1\])?(:[0-9]+)?|/.*)")  # a socket begins with /
_SAFE_MODES = ("verify-full", "disable")  # what lies between encrypts perhaps, for nobody in particular
_SHORTEST_SECRET, _FEWEST_SYMBOLS = 32, 10


class Drain(StrEnum):
    """Who delivers."""

    THREAD = "thread"
    ATTEMPT = "attempt"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table of settings."""

    name: str
    meaning: str
    parse: Callable[[str], object] = str
    default: object = REQUIRED
    secret: bool = False

    @property
    def field(self) -> str:
        """The name of the field of Settings that holds its value."""
        return self.name.removeprefix("REFERRAL_").lower()

    def text(self, environ: Mapping[str, str]) -> str:
        """Return the text as it was given, or nothing; ValueError or OSError with one sentence."""
        path = environ.get(f"{self.name}_FILE")
        if path and environ.get(self.name):
            raise ValueError(f"it is set twice, here and as {self.name}_FILE.")
        return (Path(path).read_text("utf-8") if path else environ.get(self.name, "")).strip()

    def read(self, environ: Mapping[str, str]) -> object:
        """Return the parsed value; ValueError with one sentence."""
        try:
            text = self.text(environ)
        except OSError as error:
            raise ValueError(f"its file cannot be read: {error.strerror}.") from error
        if text:
            return self.parse(text)
        if self.default is REQUIRED:
            raise ValueError("it is missing.")
        return self.default


def relay(text: str) -> Relay:
    """Read where the relay is; no scheme without TLS exists."""
    try:
        parts = urlsplit(text)
        port, host = parts.port or _RELAY_PORTS.get(parts.scheme, 0), parts.hostname or ""
        named = _HOST.fullmatch(f"[{host}]" if ":" in host else host)
        plain = parts.scheme in _RELAY_PORTS and named and not (parts.path.strip("/") or parts.query or parts.fragment)
    except ValueError:  # its own words would repeat a password that holds a / or a :
        plain = False
    if not plain:
        raise ValueError("write smtp://user:password@host:587 or smtps://host:465; a / in a password is %2F.")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("a user needs a password, and a password a user.")
    return Relay(
        scheme=parts.scheme,
        host=host,
        port=port,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def address(text: str) -> str:
    """Read an email address of ours, plain enough to stand in a header and an envelope."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError("write one plain email address, such as name@example.org.")
    return text


def outbox(text: str) -> str:
    """Read where messages wait."""
    if not re.match(r"sqlite:///[^:?]|postgres(ql)?://.", text):  # a database in memory keeps no promise
        raise ValueError("write sqlite:///path or postgresql://….")
    if not (text.startswith("sqlite:") or _is_safe(text)):
        raise ValueError(
            "say how the database proves who it is: ?sslmode=verify-full&sslrootcert=system, "
            "or sslmode=disable where nobody else can be on the way."
        )
    return text


def _is_safe(database: str) -> bool:
    try:
        parts = urlsplit(database)
        also = parse_qs(parts.query)
    except ValueError:  # its own words may repeat the password
        return False
    if also.get("sslmode", [""])[-1] in _SAFE_MODES:
        return True
    hosts = [parts.netloc.rpartition("@")[2], *also.get("host", []), *also.get("hostaddr", [])]
    return all(_HERE.fullmatch(host) for host in hosts)


def existing_file(text: str) -> str:
    """Read the path of a file that must be there."""
    if not Path(text).is_file():
        raise ValueError("there is no such file.")
    return text


def secret(text: str) -> bytes:
    """Read a secret that nobody can guess: long, and not one symbol again and again."""
    value = text.encode()
    if len(value) < _SHORTEST_SECRET or len(set(value)) < _FEWEST_SYMBOLS:
        raise ValueError(f"it is too easy to guess; use at least {_SHORTEST_SECRET} random bytes.")
    return value


def hosts(text: str) -> tuple[str, ...]:
    """Read host names with commas between."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not names or not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("write host names with commas between.")
    return names


def count(text: str) -> int:
    """Read a whole number."""
    if not re.fullmatch("[0-9]{1,6}", text):
        raise ValueError("write a whole number.")
    return int(text)


def count_or_off(text: str) -> int | None:
    """Read a whole number above 0, or off."""
    if text == "off":
        return None
    number = count(text)
    if number == 0:
        raise ValueError("write a whole number above 0, or off.")
    return number


def drain(text: str) -> Drain:
    """Read who delivers."""
    if text not in tuple(Drain):
        raise ValueError("write thread, attempt or off.")
    return Drain(text)


def yes(text: str) -> bool:
    """Read a yes; there is no other word."""
    if text != "yes":
        raise ValueError("write yes or leave it out.")
    return True
