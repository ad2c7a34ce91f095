"""Rate limit: how many referrals one client may send in an hour, and all clients together.

Clients are stored as HMACs under a daily key. Offices share an address, so the limit is far above what people type. If
the shared store does not answer, the process counts locally: a store that is down must not close the form.
"""

# ruff: noqa: PLC0415 - the library `limits` loads with the first referral sent

import functools
import hashlib
import hmac
import ipaddress
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from referral_function.events import alarm

if TYPE_CHECKING:
    from limits.strategies import RateLimiter as Strategy

GLOBAL_FACTOR = 10  # all clients together: so many times the limit of one, so that the inbox can still be read
MEMORY_STORE = "memory"
_CUSTOMER_BITS = 64  # of an IPv6 address: what a provider gives to one customer
_PORT = re.compile(r"^\[([0-9a-f:.]+)\](?::\d+)?$|^([\d.]+):\d+$", re.IGNORECASE)  # which some proxies append


class StoreError(ValueError):
    """The store of the counts cannot be used."""


class RateLimiter:
    """Counts what is sent in a moving window of one hour by the store's own clock; no limit counts nothing."""

    def __init__(self, per_client: int | None, store: str, secret: bytes) -> None:
        """Take the limit, the address of the store (as the library `limits` writes it) and a secret. Raises `StoreError`."""
        self._per_client, self._store, self._secret = per_client, store, secret
        if per_client is not None and store != MEMORY_STORE:  # a wrong address stops the start
            self._shared  # noqa: B018 - connects

    def allows(self, client: str, now: datetime) -> bool:
        """Count one referral of a client, and return whether it is within both limits. `now` selects the daily key."""
        if self._per_client is None:
            return True
        name = self._client_name(client, now)
        try:
            return self._hit(self._shared, name)
        except Exception as error:  # noqa: BLE001 - whatever a store's driver raises
            alarm("limit_store", cause=type(error).__name__)
            return self._hit(self._local_fallback, name)

    def _hit(self, strategy: "Strategy", name: str) -> bool:
        from limits import RateLimitItemPerHour

        per_client = self._per_client or 0
        return strategy.hit(RateLimitItemPerHour(per_client), name) and strategy.hit(
            RateLimitItemPerHour(GLOBAL_FACTOR * per_client), "all"
        )

    @functools.cached_property
    def _local_fallback(self) -> "Strategy":
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())

    @functools.cached_property
    def _shared(self) -> "Strategy":
        if self._store == MEMORY_STORE:
            return self._local_fallback
        from limits.errors import ConfigurationError
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        try:
            return MovingWindowRateLimiter(storage_from_string(self._store))
        except (ConfigurationError, ValueError):  # its own words may repeat a part of the password
            raise StoreError("write memory, or redis://… with the package redis installed.") from None

    def _client_name(self, client: str, now: datetime) -> str:
        key = hmac.digest(self._secret, f"limit {now.astimezone(UTC):%Y-%m-%d}".encode(), hashlib.sha256)
        return hmac.new(key, client_network(client).encode(), hashlib.sha256).hexdigest()


def client_network(client: str) -> str:
    """Return the part of an address that identifies one client: an IPv4 address, or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(_PORT.sub(r"\1\2", client))
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _CUSTOMER_BITS), strict=False))
    return str(address)
