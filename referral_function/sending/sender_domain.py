"""What the DNS says of the sender's domain, for `check --dns`: where bounces go, and what receivers judge mail by.

`dnspython` is imported at first use: one command needs it.
"""

# ruff: noqa: PLC0415 - imported at first use

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Lookup: TypeAlias = Callable[[str, str], list[str]]
"""Returns the records of a name and a type as text, none if there are none. Raises NoResolver."""
_SPF_LOOKUPS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
MAX_SPF_LOOKUPS = 10  # RFC 7208, section 4.6.4


class NoResolver(Exception):
    """No resolver answers here; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsFinding:
    """What was found about one mechanism; `works` is None where it is advice alone."""

    name: str
    works: bool | None
    text: str


def look_up(name: str, kind: str) -> list[str]:
    """Ask the resolver of this machine. Raises NoResolver."""
    try:
        import dns.exception
        import dns.resolver
    except ModuleNotFoundError:
        raise NoResolver("the library is missing: pip install '.[dns]'") from None
    try:
        answer = dns.resolver.resolve(name, kind, search=False, lifetime=10.0)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoResolver(f"no resolver answers here ({type(error).__name__})") from None
    texts = (
        record.to_text() if kind != "TXT" else b"".join(record.strings).decode("ascii", "replace") for record in answer
    )
    return [text.strip() for text in texts]


def findings(domain: str, selectors: tuple[str, ...], look_up: Lookup) -> Iterator[DnsFinding]:
    """Look at MX, SPF, DKIM (these selectors), DMARC, MTA-STS and TLS-RPT of a domain. Raises NoResolver."""
    mx = look_up(domain, "MX")
    lost = not mx or any(record.split()[-1] == "." for record in mx)
    yield DnsFinding(name="mx", works=not lost, text="; ".join(mx) or "no MX record: bounces have nowhere to go")
    yield _spf(look_up(domain, "TXT"))
    for selector in selectors:
        yield _dkim(selector, look_up(f"{selector}._domainkey.{domain}", "TXT"))
    if not selectors:
        text = "name the selector of the relay: check --dns --selector NAME; it stands in the DKIM-Signature (s=) of a mail"
        yield DnsFinding(name="dkim", works=None, text=text)
    yield _dmarc(domain, look_up)
    for name, label, begins in (("mta-sts", "_mta-sts", "v=STSv1"), ("tls-rpt", "_smtp._tls", "v=TLSRPTv1")):
        records = [each for each in look_up(f"{label}.{domain}", "TXT") if each.startswith(begins)]
        text = (
            records[0]
            if records
            else f"no record at {label}.{domain}: mail to this domain, bounces too, may be sent unencrypted"
        )
        yield DnsFinding(name=name, works=True if len(records) == 1 else None, text=text)


def _spf(texts: list[str]) -> DnsFinding:
    records = [each for each in texts if each.lower().split(" ")[0] == "v=spf1"]
    if len(records) != 1:
        found = "no SPF record: receivers cannot tell that the relay may send" if not records else "several SPF records"
        return DnsFinding(name="spf", works=False, text=found)
    words = records[0].lower().split()
    asked = sum(word.lstrip("+-~?").split(":")[0].split("=")[0].split("/")[0] in _SPF_LOOKUPS for word in words)
    closed = words[-1] in {"-all", "~all"} or words[-1].startswith("redirect=")
    if asked > MAX_SPF_LOOKUPS:
        return DnsFinding(name="spf", works=False, text=f"more than {MAX_SPF_LOOKUPS} look-ups, so it counts as none")
    return DnsFinding(name="spf", works=closed, text=records[0] + ("" if closed else " (should end with -all or ~all)"))


def _dkim(selector: str, texts: list[str]) -> DnsFinding:
    tags = [_tags(each) for each in texts if "p" in _tags(each)]
    works = len(tags) == 1 and bool(tags[0]["p"])
    reason = "a public key" if works else "revoked: its key is empty" if tags else "no key"
    return DnsFinding(name="dkim", works=works, text=f"{selector}: {reason}")


def _dmarc(domain: str, look_up: Lookup) -> DnsFinding:
    """Look at the domain, then at those above it (RFC 7489 with the walk of its successor)."""
    labels = domain.split(".")
    for above in range(max(1, len(labels) - 1)):
        name = ".".join(labels[above:])
        records = [each for each in look_up(f"_dmarc.{name}", "TXT") if each.lower().startswith("v=dmarc1")]
        if records:
            policy = _tags(records[0]).get("sp" if above else "p", _tags(records[0]).get("p", "none"))
            strong = len(records) == 1 and policy in {"quarantine", "reject"}
            hint = "" if strong else f" (of {name}; p=quarantine or p=reject keeps others from writing in this name)"
            return DnsFinding(name="dmarc", works=True if strong else None, text=records[0] + hint)
    return DnsFinding(name="dmarc", works=False, text="no DMARC record")


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}
