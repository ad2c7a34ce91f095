"""One post of a form as it reached us: what was typed, where it came from, and whether it may have been sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from referral_function.asking.questions import Route

SECONDS_LEFT = "referral.seconds_left"
"""Where the WSGI environment of a serverless host says how much time it leaves: a function that gives seconds."""


class Provenance(StrEnum):
    """Where a post came from, as far as its browser says."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def provenance(fetch_site: str | None, origin: str | None, own_origin: str) -> Provenance:
    """Judge a post by its headers: `Sec-Fetch-Site` decides alone if it was sent, otherwise `Origin` does.

    `none` is a reload or a bookmark. Browsers send the Origin `null` on our own posts under `no-referrer`.
    """
    if fetch_site:
        return Provenance.OURS if fetch_site in {"same-origin", "none"} else Provenance.FOREIGN
    if origin in {None, "", "null"}:
        return Provenance.UNKNOWN
    return Provenance.OURS if origin == own_origin else Provenance.FOREIGN


@dataclass(slots=True, kw_only=True)
class Post:
    """One post. `may_be_sent` turns true just before the outbox is asked: from then on nobody may say “not sent”."""

    route: Route
    posted: MultiDict[str, str]
    came_from: Provenance
    client: str
    now: datetime
    seconds_left: Callable[[], float]
    may_be_sent: bool = False
