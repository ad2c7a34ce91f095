"""What differs from one installation to the next: read once from the environment, and refused as a whole if wrong.

Each setting may also come from a file, named by `<NAME>_FILE`: that keeps secrets out of the environment.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from referral_function.sending.encryption import PrivateKeys, PublicKey
from referral_function.sending.smtp import Relay
from referral_function.settings import parsers
from referral_function.settings.parsers import Drain, Setting


class SettingsError(Exception):
    """The settings cannot be used; the text names everything that is wrong."""


SETTINGS = (
    Setting(
        name="REFERRAL_RELAY",
        meaning="the mail relay: `smtp://user:password@host:587` (STARTTLS required) or `smtps://host:465`",
        parse=parsers.relay,
        secret=True,
    ),
    Setting(
        name="REFERRAL_RELAY_CA",
        meaning="PEM file of a private certificate authority; otherwise the system's",
        parse=parsers.existing_file,
        default=None,
    ),
    Setting(name="REFERRAL_INBOX", meaning="the address that referrals go to", parse=parsers.address),
    Setting(
        name="REFERRAL_SENDER",
        meaning="the address that referrals come from: a mailbox whose bounces a person reads",
        parse=parsers.address,
    ),
    Setting(
        name="REFERRAL_OUTBOX",
        meaning="where messages wait: `sqlite:///path` or `postgresql://…`, with `?sslmode=verify-full` on another machine",
        parse=parsers.outbox,
        secret=True,
    ),
    Setting(
        name="REFERRAL_SEAL_KEY",
        meaning="the public key that seals what waits, as `keygen` prints it",
        parse=PublicKey.from_text,
    ),
    Setting(
        name="REFERRAL_OPEN_KEYS",
        meaning="the private keys that open it, with commas between; not needed where nothing is delivered",
        parse=PrivateKeys.from_text,
        default=None,
        secret=True,
    ),
    Setting(
        name="REFERRAL_SECRET_KEY",
        meaning="signs tokens and receipts and knows repeats; at least 32 random bytes",
        parse=parsers.secret,
        secret=True,
    ),
    Setting(name="REFERRAL_SITE", meaning="the folder of the built site", parse=Path, default=Path("site")),
    Setting(
        name="REFERRAL_HOSTS", meaning="the host names that are answered, with commas between", parse=parsers.hosts
    ),
    Setting(
        name="REFERRAL_OPERATOR_TOKEN",
        meaning="bearer token of the addresses `status` and `drain`; both are closed without it",
        parse=lambda text: parsers.secret(text).decode(),
        default=None,
        secret=True,
    ),
    Setting(
        name="REFERRAL_DRAIN",
        meaning="who delivers: `thread`, `attempt` (one try after each referral, for serverless hosts) or `off`",
        parse=parsers.drain,
        default=Drain.THREAD,
    ),
    Setting(
        name="REFERRAL_LIMIT",
        meaning="how many referrals one client may send in an hour, or `off`",
        parse=parsers.count_or_off,
        default=300,
    ),
    Setting(name="REFERRAL_LIMIT_STORE", meaning="where: `memory`, or `redis://…`", default="memory", secret=True),
    Setting(
        name="REFERRAL_LOCAL_RELAY",
        meaning="`yes` allows a relay on this machine with a real inbox",
        parse=parsers.yes,
        default=False,
    ),
    Setting(name="REFERRAL_CLOSED", meaning="`yes` closes the form; the pages stay", parse=parsers.yes, default=False),
    Setting(
        name="REFERRAL_PROXIES", meaning="how many proxies in front may be believed", parse=parsers.count, default=0
    ),
)
_THROW_AWAY = ("AWS_LAMBDA_FUNCTION_NAME", "K_SERVICE", "FUNCTIONS_WORKER_RUNTIME", "VERCEL", "NETLIFY", "DYNO")
REQUIRED_LEGAL_DETAILS = (
    "controller",
    "controller_contact",
    "lawful_basis",
    "schedule_1_condition",
    "retention",
    "complaints_route",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may differ between two installations."""

    relay: Relay
    relay_ca: str | None
    inbox: str
    sender: str
    outbox: str = field(repr=False)
    seal_key: PublicKey
    open_keys: PrivateKeys | None = field(repr=False)
    secret_key: bytes = field(repr=False)
    site: Path
    hosts: tuple[str, ...]
    operator_token: str | None = field(repr=False)
    drain: Drain
    limit: int | None
    limit_store: str = field(repr=False)
    local_relay: bool
    closed: bool
    proxies: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read all settings; SettingsError names every one that is missing or wrong, with a line each."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for row in SETTINGS:
            try:
                values[row.field] = row.read(environ)
            except ValueError as error:
                wrong.append(f"{row.name}: {error}")
        if values.get("drain") is not Drain.OFF and values.get("open_keys", ()) is None:
            wrong.append("REFERRAL_OPEN_KEYS: it is missing; only REFERRAL_DRAIN=off can do without it.")
        wrong += _contradictions(values)
        throw_away = next((name for name in _THROW_AWAY if name in environ), None)
        if throw_away and values.get("outbox", "").startswith("sqlite:"):
            wrong.append(f"REFERRAL_OUTBOX: the disk is thrown away here ({throw_away} is set); use PostgreSQL.")
        if wrong:
            raise SettingsError("\n".join(wrong))
        return cls(**values)

    def require_legal_details(self) -> None:
        """Refuse (SettingsError) a real inbox while the controller has not filled in what the law asks for."""
        if _invented(self.inbox):
            return
        path = self.site / "service.json"
        try:
            service = json.loads(path.read_text("utf-8"))["service"]
        except (OSError, ValueError, KeyError):
            raise SettingsError(f"{path} cannot be read; build the site first: make site") from None
        if blank := [name for name in REQUIRED_LEGAL_DETAILS if not service.get(name)]:
            raise SettingsError(f"The inbox is real, but these blanks of extra.service are open: {', '.join(blank)}.")


def _contradictions(values: dict[str, Any]) -> list[str]:
    """Nobody tests on the real inbox by accident, and nobody sends real referrals to an invented one."""
    if "relay" not in values or "inbox" not in values:
        return []
    loopback = _on_this_machine(values["relay"].host)
    if loopback and not _invented(values["inbox"]) and not values.get("local_relay"):
        return ["REFERRAL_RELAY: it is on this machine but the inbox is real; REFERRAL_LOCAL_RELAY=yes allows that."]
    if not loopback and _invented(values["inbox"]):
        return ["REFERRAL_INBOX: it is an invented address but the relay is real; nobody would read the referrals."]
    return []


def _invented(inbox: str) -> bool:
    domain = inbox.rpartition("@")[2].lower()
    return domain == "localhost" or bool(re.search(r"(^|\.)example(\.[a-z]+)?$", domain))


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")
