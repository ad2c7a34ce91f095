"""The settings: read once from the environment, and refused with every error in one message.

Each may also come from a file, named by `<NAME>_FILE`, which keeps secrets out of the environment.
"""

# ruff: noqa: RUF009 - `setting` returns a dataclass field

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from referral_function.sending.encryption import PrivateKeys, PublicKey
from referral_function.sending.smtp import Relay
from referral_function.settings import parsers
from referral_function.settings.contradictions import contradictions, is_invented
from referral_function.settings.parsers import Drain, Setting, setting

# Set by hosts that delete the disk between two requests:
_EPHEMERAL_DISK = ("AWS_LAMBDA_FUNCTION_NAME", "K_SERVICE", "FUNCTIONS_WORKER_RUNTIME", "VERCEL", "NETLIFY", "DYNO")
REQUIRED_LEGAL_DETAILS = (
    "controller",
    "controller_contact",
    "lawful_basis",
    "schedule_1_condition",
    "retention",
    "complaints_route",
)
_WHERE_TO_BEGIN = (
    "`python -m referral_function settings` explains each, `keygen` makes the keys, "
    "and `make run` tries it all on this machine."
)


class SettingsError(Exception):
    """The settings cannot be used; the text names everything that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one installation; each field is read from the environment variable `REFERRAL_<FIELD>`."""

    relay: Relay | None = setting(
        "the mail relay: `smtp://user:password@host:587` (STARTTLS required) or `smtps://host:465`; "
        "not needed where nothing is delivered",
        parsers.relay,
        default=None,
        secret=True,
    )
    relay_ca: str | None = setting(
        "PEM file of a private certificate authority; otherwise the system's", parsers.certificate_file, default=None
    )
    relay_timeout: int | None = setting(
        "how many seconds the relay may take for each reply before the message, from 10 to 300; "
        "default 300 (RFC 5321, section 4.5.3.2), 10 with `attempt`",
        parsers.whole_number(10, 300),
        default=None,
    )
    inbox: str = setting("the address that referrals go to", parsers.address)
    sender: str = setting(
        "the address that referrals come from: a mailbox whose bounces a person reads", parsers.address
    )
    outbox: str = setting(
        "where messages wait: `sqlite:///path` or `postgresql://…`, with `?sslmode=verify-full` on another machine",
        parsers.outbox,
        secret=True,
    )
    seal_key: PublicKey = setting("the public key that seals what waits, as `keygen` prints it", PublicKey.from_text)
    open_keys: PrivateKeys | None = setting(
        "the private keys that open it, with commas between; not needed where nothing is delivered",
        PrivateKeys.from_text,
        default=None,
        secret=True,
    )
    secret_key: bytes = setting(
        "signs tokens, encrypts receipts and knows repeats; at least 32 random bytes", parsers.secret, secret=True
    )
    site: Path = setting("the folder of the built site", Path, default=Path("site"))
    hosts: tuple[str, ...] = setting("the host names that are answered, with commas between", parsers.hosts)
    operator_token: str | None = setting(
        "bearer token of the addresses `status` and `drain`; both are closed without it",
        lambda text: parsers.secret(text).decode(),
        default=None,
        secret=True,
    )
    drain: Drain = setting(
        "who delivers: `thread`, `attempt` (one try after each referral, for serverless hosts) or `off`",
        parsers.drain,
        default=Drain.THREAD,
    )
    limit: int | None = setting(
        "how many referrals one client may send in an hour, all together ten times as many, or `off`",
        parsers.count_or_off,
        default=30,
    )
    limit_store: str = setting("where: `memory`, or `redis://…`", str, default="memory", secret=True)
    keep_key: PublicKey | None = setting(
        "the public key, as `keygen --keep` prints it, that seals what was delivered in case it bounces; "
        "nothing is kept without it",
        PublicKey.from_text,
        default=None,
    )
    keep_days: int = setting("for how many days, from 1 to 30", parsers.whole_number(1, 30), default=7)
    figures_years: int = setting(
        "after how many years the counters of a month are erased, from 1 to 7", parsers.whole_number(1, 7), default=7
    )
    local_relay: bool = setting(
        "`yes` allows a relay on this machine with a real inbox", parsers.only("yes"), default=False
    )
    closed: bool = setting("`yes` closes the form; the pages stay", parsers.only("yes"), default=False)
    record: bool = setting(
        "`json` attaches a machine-readable record to the email", parsers.only("json"), default=False
    )
    proxies: int = setting("how many proxies in front may be believed", parsers.proxies, default=0)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read all settings; SettingsError names every missing or wrong one, with a line each."""
        values: dict[str, Any] = {}
        errors: list[str] = []
        for each in fields(cls):
            try:
                values[each.name] = Setting.of(each).read(environ)
            except ValueError as error:
                errors.append(f"{Setting.of(each).name}: {error}")
        errors += [
            f"REFERRAL_{name.upper()}: it is missing; only REFERRAL_DRAIN=off can do without it."
            for name in ("relay", "open_keys")
            if values.get("drain") is not Drain.OFF and values.get(name, ()) is None
        ]
        errors += misspelt(environ)
        errors += contradictions(values)
        ephemeral = next((name for name in _EPHEMERAL_DISK if name in environ), None)
        if ephemeral and values.get("outbox", "").startswith("sqlite:"):
            errors.append(f"REFERRAL_OUTBOX: the disk is thrown away here ({ephemeral} is set); use PostgreSQL.")
        if not any(name.startswith("REFERRAL_") for name in environ):
            errors.append(_WHERE_TO_BEGIN)
        if errors:
            raise SettingsError("\n".join(errors))
        return cls(**values)

    def require_legal_details(self) -> None:
        """Raise SettingsError for a real inbox while the built site does not say what the law requires."""
        if is_invented(self.inbox):
            return
        path = self.site / "service.json"
        try:
            service = json.loads(path.read_text("utf-8"))["service"]
        except (OSError, ValueError, KeyError):
            raise SettingsError(f"{path} cannot be read; build the site first: make site") from None
        if blank := [name for name in REQUIRED_LEGAL_DETAILS if not service.get(name)]:
            raise SettingsError(f"The inbox is real, but these blanks of extra.service are open: {', '.join(blank)}.")
        if self.keep_key and service.get("keep_days") != self.keep_days:
            raise SettingsError(
                f"The privacy notice says nothing of what is kept: write keep_days: {self.keep_days} in service.yml, and make site."
            )


SETTINGS = tuple(map(Setting.of, fields(Settings)))
_NAMES = [name for each in SETTINGS for name in (each.name, f"{each.name}_FILE")]


def misspelt(environ: Mapping[str, str]) -> list[str]:
    """Return an error for each variable whose name is close to that of a setting.

    Others pass: Kubernetes sets REFERRAL_PORT and the like beside a service that is called "referral".
    """
    unknown = sorted(name for name in environ if name.startswith("REF") and name not in _NAMES)
    matches = ((name, get_close_matches(name, _NAMES, n=1, cutoff=0.85)) for name in unknown)
    return [f"{name}: there is no such setting. Is {close[0]} meant?" for name, close in matches if close]


def read_setting(field: str, environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - of the type of its field
    """Read one setting alone, by its field of Settings. Raises SettingsError."""
    [setting] = [Setting.of(each) for each in fields(Settings) if each.name == field]
    try:
        return setting.read(environ)
    except ValueError as error:
        raise SettingsError(f"{setting.name}: {error}") from error
