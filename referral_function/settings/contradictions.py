"""Settings that are right alone and wrong together."""

import ipaddress
import re
from typing import Any


def contradictions(values: dict[str, Any]) -> list[str]:
    """Return an error sentence for each; `values` has the fields of Settings that could be read."""
    return [*_local_relay(values), *_unsafe_keep_key(values)]


def _local_relay(values: dict[str, Any]) -> list[str]:
    """Return an error for a local relay with a real inbox, or a real relay with an invented one."""
    if not values.get("relay") or "inbox" not in values:
        return []
    loopback = _is_loopback(values["relay"].host)
    if loopback and not is_invented(values["inbox"]) and not values.get("local_relay"):
        return ["REFERRAL_RELAY: it is on this machine but the inbox is real; REFERRAL_LOCAL_RELAY=yes allows that."]
    if not loopback and is_invented(values["inbox"]):
        return ["REFERRAL_INBOX: it is an invented address but the relay is real; nobody would read the referrals."]
    return []


def _unsafe_keep_key(values: dict[str, Any]) -> list[str]:
    """Return an error for a key whose copies this machine could open itself."""
    keep_key, open_keys = values.get("keep_key"), values.get("open_keys")
    if keep_key and (keep_key == values.get("seal_key") or (open_keys and keep_key.id in open_keys.ids)):
        return ["REFERRAL_KEEP_KEY: its private key is on this machine; use a pair that keygen --keep made elsewhere."]
    return []


def is_invented(inbox: str) -> bool:
    """Whether an address belongs to nobody: at example.*, or at localhost."""
    domain = inbox.rpartition("@")[2].lower()
    return domain == "localhost" or bool(re.search(r"(^|\.)example(\.[a-z]+)?$", domain))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")
