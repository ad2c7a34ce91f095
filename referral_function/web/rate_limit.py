"""How many referrals one client may send in an hour, and all clients together; who a client is, nobody can read back.

A client is known by a keyed hash of its address, and the key changes every day. Offices share an address, so the limit
is far above what people type. Where the shared store does not answer, this process counts alone: a store that is down
must not close the form.
"""

import hashlib
import hmac
import ipaddress
import re
from datetime import UTC, datetime

from limits import RateLimitItemPerHour
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from limits.strategies import RateLimiter as LimiterStrategy

from referral_function.events import alarm

GLOBAL_FACTOR = 10  # times the limit of one client: a flood from many addresses stops there, and the inbox can be read
_NETWORK_OF_ONE = 64  # bits of an IPv6 address that a provider gives to one customer
MEMORY_STORE = "memory"
_PORT = re.compile(r"^\[([0-9a-f:.]+)\](?::\d+)?$|^([\d.]+):\d+$", re.IGNORECASE)  # which some proxies write behind it


class StoreError(ValueError):
    """The store of the counts cannot be used."""


class RateLimiter:
    """Counts what is sent. `now` is for the daily key; the window of an hour moves with the store's own clock."""

    def __init__(self, per_client: int, store: str, secret: bytes) -> None:
        """Take the limit, the address of the store (as the library `limits` writes it) and a secret. Raises `StoreError`."""
        self._secret = secret
        self._each = RateLimitItemPerHour(per_client)
        self._all = RateLimitItemPerHour(GLOBAL_FACTOR * per_client)
        self._local_fallback: LimiterStrategy = MovingWindowRateLimiter(MemoryStorage())
        self._shared = self._local_fallback if store == MEMORY_STORE else _shared(store)

    def allows(self, client: str, now: datetime) -> bool:
        """Count one more, and say whether it may be sent."""
        try:
            return self._counted(self._shared, self._name(client, now))
        except Exception as error:  # noqa: BLE001 - whatever a store's driver raises
            alarm("limit_store", cause=type(error).__name__)
            return self._counted(self._local_fallback, self._name(client, now))

    def _counted(self, limiter: LimiterStrategy, name: str) -> bool:
        return limiter.hit(self._each, name) and limiter.hit(self._all, "all")

    def _name(self, client: str, now: datetime) -> str:
        key = hmac.digest(self._secret, f"limit {now.astimezone(UTC):%Y-%m-%d}".encode(), hashlib.sha256)
        return hmac.new(key, client_network(client).encode(), hashlib.sha256).hexdigest()


def client_network(client: str) -> str:
    """Give the part of an address that stands for one client: IPv4 as it is, IPv6 without what a client may choose."""
    try:
        address = ipaddress.ip_address(_PORT.sub(r"\1\2", client))
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _NETWORK_OF_ONE), strict=False))
    return str(address)


def _shared(store: str) -> LimiterStrategy:
    try:
        return MovingWindowRateLimiter(storage_from_string(store))
    except (ConfigurationError, ValueError):  # its own words may repeat a part of the password
        raise StoreError("write memory, or redis://… with the package redis installed.") from None
