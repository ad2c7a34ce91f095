"""One post of a form: the posted fields, the origin of the request, and whether the referral may already be stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from referral_function.asking.questions import Route

SECONDS_LEFT = "referral.seconds_left"
"""Key of the WSGI environment for the time a serverless host has left: a function that returns seconds."""


class RequestOrigin(StrEnum):
    """Which site a post came from, as far as its browser says."""

    SAME_SITE = "same-site"
    CROSS_SITE = "cross-site"
    UNKNOWN = "unknown"


def normalise_host(host: str) -> str:
    """Write a host, or an origin, in small letters and without the dot of a fully qualified name (RFC 3986, section 3.2.2)."""
    return re.sub(r"\.(:[0-9]*)?$", r"\1", host.lower())


def request_origin(fetch_site: str | None, origin: str | None, own_origin: str) -> RequestOrigin:
    """Judge a post by its headers: by `Sec-Fetch-Site` alone if it was sent, otherwise by `Origin`.

    `none` is a reload or a bookmark. Browsers send the Origin `null` on our own posts under `no-referrer`.
    """
    if fetch_site:
        return RequestOrigin.SAME_SITE if fetch_site in {"same-origin", "none"} else RequestOrigin.CROSS_SITE
    if origin in {None, "", "null"}:
        return RequestOrigin.UNKNOWN
    return RequestOrigin.SAME_SITE if normalise_host(origin) == own_origin else RequestOrigin.CROSS_SITE


@dataclass(slots=True, kw_only=True)
class FormPost:
    """One post of a form.

    `nonce` identifies the review, the page “Check your answers” that it came from. `possibly_stored`: an earlier press of
    Send may have stored the referral, or this one once `journey` hands it to the outbox: no page may say “not sent” then.
    """

    route: Route
    fields: MultiDict[str, str]
    origin: RequestOrigin
    client: str
    now: datetime
    seconds_left: Callable[[], float]
    nonce: str = ""  # a new one if the post came from no review
    possibly_stored: bool = False

    @property
    def today(self) -> date:
        """The date in London."""
        return self.now.astimezone(ZoneInfo("Europe/London")).date()
