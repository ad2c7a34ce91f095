"""One post of a form as it reached us: what was typed, where it came from, and whether it may have been sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from referral_function.asking.questions import Route

SECONDS_LEFT = "referral.seconds_left"
"""Where the WSGI environment of a serverless host says how much time it leaves: a function that gives seconds."""


class RequestOrigin(StrEnum):
    """Where a post came from, as far as its browser says."""

    SAME_SITE = "ours"
    CROSS_SITE = "foreign"
    UNKNOWN = "unknown"


def request_origin(fetch_site: str | None, origin: str | None, own_origin: str) -> RequestOrigin:
    """Judge a post by its headers: `Sec-Fetch-Site` decides alone if it was sent, otherwise `Origin` does.

    `none` is a reload or a bookmark. Browsers send the Origin `null` on our own posts under `no-referrer`.
    """
    if fetch_site:
        return RequestOrigin.SAME_SITE if fetch_site in {"same-origin", "none"} else RequestOrigin.CROSS_SITE
    if origin in {None, "", "null"}:
        return RequestOrigin.UNKNOWN
    return RequestOrigin.SAME_SITE if origin == own_origin else RequestOrigin.CROSS_SITE


@dataclass(slots=True, kw_only=True)
class Post:
    """One post. `possibly_stored` turns true just before the outbox is asked: from then on nobody may say “not sent”."""

    route: Route
    posted: MultiDict[str, str]
    origin: RequestOrigin
    client: str
    now: datetime
    seconds_left: Callable[[], float]
    possibly_stored: bool = False
