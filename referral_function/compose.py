"""The composition root: the only place where real things meet."""

import random
import time
from pathlib import Path

from referral_function.sending.delivery import Delivery
from referral_function.sending.mailer import Mailer
from referral_function.sending.outbox import Outbox
from referral_function.settings import Drain, Settings, SettingsError

_PATIENCE = 600.0  # seconds after the final dot: cutting it short is what makes a message go out twice
_PATIENCE_OF_A_FUNCTION = 60.0


def open_outbox(settings: Settings) -> Outbox:
    """Return the outbox that the settings name; it connects when first used."""
    if settings.outbox.startswith("sqlite:"):
        from referral_function.sending.sqlite import SqliteOutbox  # noqa: PLC0415 - only one engine is loaded

        return SqliteOutbox(Path(settings.outbox.removeprefix("sqlite:///")), time.time)
    raise SettingsError("REFERRAL_OUTBOX: PostgreSQL is not there yet; use sqlite:///path.")


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that speaks to the relay."""
    return Mailer(
        settings.relay,
        sender=settings.sender,
        inbox=settings.inbox,
        authorities=settings.relay_ca,
        patience=_PATIENCE_OF_A_FUNCTION if settings.drain is Drain.ATTEMPT else _PATIENCE,
    )


def make_delivery(settings: Settings, outbox: Outbox) -> Delivery:
    """Return what moves entries from the outbox to the mailer."""
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS: it is missing, and nothing can be delivered without it.")
    return Delivery(
        outbox=outbox,
        keys=settings.open_keys,
        seal_key=settings.seal_key,
        mailer=make_mailer(settings),
        clock=time.monotonic,
        jitter=random.random,
    )
