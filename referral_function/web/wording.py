"""The sentences of the pages that say why a form comes back, or what became of a referral."""

from collections.abc import Mapping

from referral_function.asking.questions import Route
from referral_function.web.outcomes import Reason

UNCONFIRMED = "We could not confirm that it was sent"
KEPT = "Everything you typed is still on this page."
TRY_AGAIN = "Try again: it will not be sent twice."
FAILED = f"Something went wrong on our side. {KEPT} Please try again in a few minutes, or call us."
REFUSED = {  # HTTP status, heading, sentence
    Reason.CROSS_SITE: (
        403,
        "We have not taken this in",
        "It came to us from another website. Please check your answers, then press Continue.",
    ),
    Reason.HONEYPOT: (
        422,
        "Please press Continue again",
        "We emptied a hidden box that your browser may have filled in. Press Continue again.",
    ),
}
_REASONS: Mapping[Reason | None, str] = {
    None: "",
    Reason.TOKEN_MISSING: "Please check your answers once more, then press Send {noun}.",
    Reason.TOKEN_TOO_YOUNG: "That was very quick. Please check your answers, then press Send {noun} again.",
    Reason.TOKEN_TOO_OLD: "This review is more than a day old. Please check your answers once more, then press Send {noun}.",
    Reason.ORIGIN_UNKNOWN: "Your browser did not say which website this came from. "
    "Please check your answers, then press Send {noun} again.",
    Reason.RATE_LIMIT: "We have had very many referrals from where you are. Please try again in an hour, or call us.",
    Reason.GLOBAL_RATE_LIMIT: "We have had very many referrals in the last hour. Please try again in an hour, or call us.",
}


def noun(route: Route | None) -> str:
    """Return what is sent on a route; None stands for any route of people who refer themselves."""
    return "message" if route is Route.CONTACT_ME else "referral"


def not_sent(route: Route) -> str:
    """Return the heading of a page after nothing was stored."""
    return f"Your {noun(route)} has NOT been sent"


def why_not_sent(reason: Reason | None, route: Route) -> str:
    """Return why pressing Send was not enough; empty without a reason."""
    return _REASONS[reason].format(noun=noun(route))
