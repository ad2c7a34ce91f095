"""Parsers of the settings: from the text of an environment variable or a file to a value, or an error sentence."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from referral_function.sending.smtp import Relay, tls_context

REQUIRED = object()
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:]+\]", re.ASCII)
_RELAY_PORTS = {"smtp": 587, "smtps": 465}  # STARTTLS, and TLS from the first byte
_LOCAL_DATABASE = re.compile(r"((localhost|127\.0\.0\.1|\[::1\])?(:[0-9]+)?|/.*)")  # a socket's path begins with /
_SAFE_SSL_MODES = ("verify-full", "disable")  # the modes between may encrypt, but do not verify the server
_MIN_SECRET_BYTES, _MIN_DIFFERENT_BYTES = 32, 10


class Drain(StrEnum):
    """Who delivers what is stored."""

    THREAD = "thread"  # of this process
    ATTEMPT = "attempt"  # the request that stored it, once
    OFF = "off"  # another process


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The name, meaning and parser of one setting."""

    name: str
    meaning: str
    parse: Callable[[str], object]
    default: object
    secret: bool

    @classmethod
    def of(cls, field: "dataclasses.Field[Any]") -> Self:
        """Return the setting that a field of Settings was declared with."""
        return cls(name=f"REFERRAL_{field.name.upper()}", **field.metadata)

    def text(self, environ: Mapping[str, str]) -> str:
        """Return the text of the variable or its file, "" if neither is set; ValueError or OSError with one sentence."""
        path = environ.get(f"{self.name}_FILE")
        if path and environ.get(self.name):
            raise ValueError(f"it is set twice, here and as {self.name}_FILE.")
        return (Path(path).read_text("utf-8") if path else environ.get(self.name, "")).strip()

    def read(self, environ: Mapping[str, str]) -> object:
        """Return the parsed value; ValueError with one sentence."""
        try:
            text = self.text(environ)
        except OSError as error:
            raise ValueError(f"its file {error.filename} cannot be read: {error.strerror}.") from error
        if text:
            return self.parse(text)
        if self.default is REQUIRED:
            raise ValueError("it is missing.")
        return self.default


def setting(meaning: str, parse: Callable[[str], object], *, default: object = REQUIRED, secret: bool = False) -> Any:  # noqa: ANN401 - of the type of its field
    """Declare a field of Settings. A secret is shown neither by `repr` nor by the command `settings`."""
    metadata = {"meaning": meaning, "parse": parse, "default": default, "secret": secret}
    return dataclasses.field(repr=not secret, metadata=metadata)


def relay(text: str) -> Relay:
    """Parse the address of the relay; there is no scheme without TLS."""
    try:
        parts = urlsplit(text)
        port, host = parts.port or _RELAY_PORTS.get(parts.scheme, 0), parts.hostname or ""
        host_is_valid = _HOST.fullmatch(f"[{host}]" if ":" in host else host)
        valid = (
            parts.scheme in _RELAY_PORTS
            and host_is_valid
            and not (parts.path.strip("/") or parts.query or parts.fragment)
        )
    except ValueError:  # its text would repeat a password that holds a / or a :
        valid = False
    if not valid:
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
    """Parse an email address that needs no quoting in a header or an envelope."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError("write one plain email address, such as name@example.org.")
    return text


def outbox(text: str) -> str:
    """Check the address of the outbox."""
    if not re.match(r"sqlite:///[^:?]|postgres(ql)?://.", text):  # :memory: would lose referrals
        raise ValueError("write sqlite:///path or postgresql://….")
    if not _is_safe_database(text):
        raise ValueError(
            "say how the database proves who it is: ?sslmode=verify-full&sslrootcert=system, "
            "or sslmode=disable where nobody else can be on the way."
        )
    return text


def _is_safe_database(database: str) -> bool:
    try:
        parts = urlsplit(database)
        also = parse_qs(parts.query)
    except ValueError:  # its text may repeat the password
        return False
    if also.get("sslmode", [""])[-1] in _SAFE_SSL_MODES:
        return True
    hosts = [parts.netloc.rpartition("@")[2], *also.get("host", []), *also.get("hostaddr", [])]
    return all(_LOCAL_DATABASE.fullmatch(host) for host in hosts)


def certificate_file(text: str) -> str:
    """Check the path of a file of certificates."""
    if not Path(text).is_file():
        raise ValueError("there is no such file.")
    try:
        tls_context(text)
    except OSError as error:  # SSLError is one
        raise ValueError("it cannot be read as certificates in PEM form.") from error
    return text


def secret(text: str) -> bytes:
    """Parse a secret: at least 32 bytes, 10 of them different."""
    value = text.encode()
    if len(value) < _MIN_SECRET_BYTES or len(set(value)) < _MIN_DIFFERENT_BYTES:
        raise ValueError(f"it is too easy to guess; use at least {_MIN_SECRET_BYTES} random bytes.")
    return value


def hosts(text: str) -> tuple[str, ...]:
    """Parse host names separated by commas."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not names or not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("write host names with commas between.")
    return names


def proxies(text: str) -> int:
    """Parse a number of proxies, from 0 to 9: with too many, everybody seems to be the same client."""
    if not re.fullmatch("[0-9]", text):
        raise ValueError("write how many proxies are in front of the form, 0 to 9.")
    return int(text)


def count_or_off(text: str) -> int | None:
    """Parse a whole number above 0, or off."""
    if text == "off":
        return None
    if not re.fullmatch("0*[1-9][0-9]{0,5}", text):
        raise ValueError("write a whole number above 0, or off.")
    return int(text)


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a parser of a whole number between two."""

    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"write a whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def drain(text: str) -> Drain:
    """Parse who delivers."""
    if text not in tuple(Drain):
        raise ValueError("write thread, attempt or off.")
    return Drain(text)


def only(word: str) -> Callable[[str], bool]:
    """Return a parser of one word."""

    def parse(text: str) -> bool:
        if text != word:
            raise ValueError(f"write {word} or leave it out.")
        return True

    return parse
