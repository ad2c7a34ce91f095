"""Rate limit: how many referrals one client may send in an hour, and all clients together.

Each count is a fixed window: an hour from its first referral. Each press of Send that passes every check is counted, so
that the limit for all clients together also bounds the memory. When three quarters of that limit are used, the rest is a
reserve for clients that have sent little, so that one network cannot close the form for everybody. Offices share an
address, so the limit of one client is far above what people type. If the shared store does not answer, the process
counts locally: a store that is down must not close the form.
"""

# ruff: noqa: PLC0415 - the library `limits` loads with the first referral sent

import contextlib
import functools
import hashlib
import hmac
import ipaddress
import re
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from referral_function.events import alarm
from referral_function.settings.settings import SettingsError
from referral_function.web.outcomes import Reason

if TYPE_CHECKING:
    from limits.storage import Storage

GLOBAL_FACTOR = 10  # times the limit of one client: all together, so that the inbox can be read, and an IPv6 /48
MEMORY_STORE = "memory"
_HOUR = 60 * 60  # seconds
_ALL = "referral all"
_CUSTOMER_BITS, _SITE_BITS = 64, 48  # of an IPv6 address: what a provider gives to one customer, and at most
_PORT = re.compile(r"^\[([0-9a-f:.]+)\](?::\d+)?$|^([\d.]+):\d+$", re.IGNORECASE)  # which some proxies append


class RateLimiter:
    """Counts sends per client and in all, in windows timed by the store; clients are HMACs under a daily key."""

    def __init__(self, per_client: int | None, store: str, secret: bytes) -> None:
        """Take the limit, the address of the store (as the library `limits` writes it) and a secret. Raises SettingsError."""
        self._limited, self._per_client = per_client is not None, per_client or 0
        self._store, self._secret, self._lock = store, secret, Lock()
        self._all = GLOBAL_FACTOR * self._per_client
        self._reserve_from, self._little = self._all * 3 // 4, max(1, self._per_client // 10)
        if self._limited and store != MEMORY_STORE:  # a wrong address stops the start
            self._shared  # noqa: B018 - connects

    def refusal(self, client: str, now: datetime) -> Reason | None:
        """Count one referral of a client, or return why it is over a limit. `now` selects the daily key."""
        if not self._limited:
            return None
        names = [self._client_name(network, now) for network in client_networks(client)]
        with self._lock:  # also because two threads could make the store twice
            try:
                return self._count(self._shared, *names)
            except Exception as error:  # noqa: BLE001 - whatever a store's driver raises
                alarm("limit_store", cause=type(error).__name__)
                return self._count(self._local_fallback, *names)

    def check(self) -> None:
        """Ask the store for an answer. Raises SettingsError."""
        if self._limited and not self._shared.check():
            raise SettingsError("REFERRAL_LIMIT_STORE: the store does not answer; each process counts alone meanwhile.")

    def reserve_in_use(self) -> bool:
        """Whether clients that are below their own limit may be refused now."""
        if not self._limited:
            return False
        with self._lock:
            try:
                return self._shared.get(_ALL) >= self._reserve_from
            except Exception:  # noqa: BLE001 - the same
                return self._local_fallback.get(_ALL) >= self._reserve_from

    def _count(self, storage: "Storage", customer: str, site: str) -> Reason | None:
        in_all, of_site = storage.get(_ALL), storage.get(site)
        if storage.get(customer) >= self._per_client or of_site >= GLOBAL_FACTOR * self._per_client:
            return Reason.RATE_LIMIT
        if in_all >= self._all or (in_all >= self._reserve_from and of_site >= self._little):
            return Reason.GLOBAL_RATE_LIMIT
        for name in {customer, site}:
            storage.incr(name, _HOUR)
        if (count := storage.incr(_ALL, _HOUR)) in {self._reserve_from, self._all}:
            alarm("limit_reached", count=count)
        return None

    @functools.cached_property
    def _local_fallback(self) -> "Storage":
        from limits.storage import MemoryStorage

        return MemoryStorage()

    @functools.cached_property
    def _shared(self) -> "Storage":
        if self._store == MEMORY_STORE:
            return self._local_fallback
        from limits.errors import ConfigurationError
        from limits.storage import Storage, storage_from_string

        with contextlib.suppress(ConfigurationError, ValueError):  # its own words may repeat a part of the password
            storage = storage_from_string(self._store)
            if isinstance(storage, Storage):
                return storage
        raise SettingsError(
            "REFERRAL_LIMIT_STORE: write memory, or redis://… with the package redis installed."
        ) from None

    def _client_name(self, network: str, now: datetime) -> str:
        key = hmac.digest(self._secret, f"limit {now.astimezone(UTC):%Y-%m-%d}".encode(), hashlib.sha256)
        return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()


def client_networks(client: str) -> tuple[str, str]:
    """Return the networks that an address is counted in: an IPv4 address alone, an IPv6 address in its /64 and its /48."""
    try:
        address = ipaddress.ip_address(_PORT.sub(r"\1\2", client))
    except ValueError:
        return client, client
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return str(address), str(address)
    customer, site = (ipaddress.ip_network((int(address), bits), strict=False) for bits in (_CUSTOMER_BITS, _SITE_BITS))
    return str(customer), str(site)
