"""Every state that a referrer can reach from the blank form, and the steps that lead there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from referral_function.asking.questions import Route
from referral_function.sending.entry import Receipt
from referral_function.web.outcomes import SentPage
from referral_function.web.tokens import Tokens
from tests.browser.browser_sessions import a_canary
from tests.browser.running import SECRET
from tests.examples import a_full_referral, a_referral

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.referrer import Referrer
    from tests.browser.running import Service
    from tests.examples import Posted

_ABUSED_CHILD: Final[Posted] = {"victim_age_group": "under_18", "offence_group": ["child_sexual_non_recent"]}
State = tuple[int, str]
"""The status of the page, and how its title begins."""


def _at(route: Route, **changes: str | list[str]) -> Callable[[Referrer], Referrer]:
    posted: Posted = a_full_referral(route, **changes)
    return lambda somebody: somebody.opens_the_form(route).has_filled_in(posted)


def _nothing_answered(route: Route) -> Callable[[Referrer], Referrer]:
    return lambda somebody: somebody.opens_the_form(route).continues()


def _sent(route: Route, **changes: str | list[str]) -> Callable[[Referrer], Referrer]:
    own_word = "hopes" if route is Route.PERSON_RESPONSIBLE else "safe_times"
    return lambda somebody: _at(route, **{own_word: a_canary(), **changes})(somebody).continues().sends()


def _repeated(somebody: Referrer) -> Referrer:
    return _opens_a_receipt(somebody, Route.PERSON_HARMED, timedelta(), repeat=True)


def _one_more(somebody: Referrer) -> Referrer:
    for _ in range(2):
        _at(Route.MYSELF, hopes=a_canary())(somebody).continues().sends()
    return somebody


def _closed(somebody: Referrer) -> Referrer:
    return _opens_a_receipt(somebody, Route.MYSELF, timedelta(minutes=31))


def _opens_a_receipt(somebody: Referrer, route: Route, age: timedelta, *, repeat: bool = False) -> Referrer:
    then = datetime.now(UTC) - age
    receipt = Receipt(reference="RJ-2222-2222", accepted_at=then, repeat=repeat)
    return somebody.opens(
        f"/referral/sent/?receipt={Tokens(SECRET.encode()).receipt(receipt, SentPage.of(route, {}), then)}"
    )


def _too_young(somebody: Referrer) -> Referrer:
    _at(Route.MYSELF)(somebody).continues()
    somebody.page.evaluate("document.querySelector('[name=token]').value = 'forged'")
    return somebody.presses("Send referral")


def _with(change: str) -> Callable[[Referrer], Referrer]:
    def arrives(somebody: Referrer) -> Referrer:
        somebody.opens_the_form("myself").page.evaluate(f"form => {{ {change} }}", None)
        return somebody.continues()

    return arrives


def _hidden_box(somebody: Referrer) -> Referrer:
    _at(Route.MYSELF)(somebody).page.evaluate("document.querySelector('[name=leave_empty]').value = 'x'")
    return somebody.continues()


def _from_elsewhere(somebody: Referrer) -> Referrer:
    origin = somebody.opens_the_form("myself").page.evaluate("location.origin")
    somebody.page.goto("about:blank")
    somebody.page.set_content(
        f'<form method="post" action="{origin}/referral/myself/"><input name="hopes" value="x"><button>Go</button>'
    )
    return somebody.presses("Go")


_FORM = "document.querySelector('form.referral')"
STATES: Final[dict[str, tuple[Callable[[Referrer], Referrer], State]]] = {
    "errors, myself": (_nothing_answered(Route.MYSELF), (422, "Error: Ask")),
    "errors, contact me": (_nothing_answered(Route.CONTACT_ME), (422, "Error: Ask")),
    "errors, person harmed": (_nothing_answered(Route.PERSON_HARMED), (422, "Error: Refer")),
    "errors, person responsible": (
        lambda somebody: _at(Route.PERSON_RESPONSIBLE, **{"offender_birth_date-month": "Smarch"}, referrer_name="")(
            somebody
        ).continues(),
        (422, "Error: Refer"),
    ),
    "notice": (
        lambda somebody: somebody.opens_the_form("person_responsible").fills_in({"offender_adult": "no"}),
        (200, "Refer "),
    ),
    "checked, we can": (lambda somebody: _at(Route.PERSON_HARMED)(somebody).checks(), (200, "Refer ")),
    "checked, we may not": (
        lambda somebody: _at(Route.PERSON_HARMED, offender_adult="no", area_link=["none"])(somebody).checks(),
        (200, "Refer "),
    ),
    "hidden box": (_hidden_box, (422, "Ask for yourself")),
    "from another website": (_from_elsewhere, (403, "Ask for yourself")),
    "review, myself": (
        lambda somebody: _at(Route.MYSELF, court_stage="awaiting_trial")(somebody).continues(),
        (200, "Check your answers"),
    ),
    "review, person responsible": (
        lambda somebody: (
            somebody.opens_the_form("person_responsible")
            .has_filled_in(a_referral(Route.PERSON_RESPONSIBLE))
            .continues()
        ),
        (200, "Check your answers"),
    ),
    "review, contact me": (
        lambda somebody: _at(Route.CONTACT_ME)(somebody).continues(),
        (200, "Check your answers"),
    ),
    "review, with support lines": (
        lambda somebody: _at(Route.MYSELF, **_ABUSED_CHILD)(somebody).continues(),
        (200, "Check your answers"),
    ),
    "change": (lambda somebody: _at(Route.MY_CHILD)(somebody).continues().changes(), (200, "Ask for your child")),
    "review, once more": (_too_young, (200, "Check your answers")),
    "signposted, myself": (
        lambda somebody: _at(Route.MYSELF, offender_adult="no", area_link=["none"])(somebody).continues(),
        (200, "What you can do next"),
    ),
    "signposted, person harmed": (
        lambda somebody: _at(Route.PERSON_HARMED, victim_led="no", victim_agrees="no")(somebody).continues(),
        (200, "What you can do next"),
    ),
    "signposted, person responsible": (
        lambda somebody: _at(
            Route.PERSON_RESPONSIBLE, victim_led="no", responsibility="denies", victim_identified="no"
        )(somebody).continues(),
        (200, "What you can do next"),
    ),
    "signposted, with support lines": (
        lambda somebody: _at(Route.SOMEONE_WHO_DIED, offender_identified="no", area_link=["none"])(
            somebody
        ).continues(),
        (200, "What you can do next"),
    ),
    "asks to be contacted": (
        lambda somebody: (
            _at(Route.MYSELF, offender_identified="no")(somebody)
            .continues()
            .presses("Ask us to contact you all the same")
        ),
        (200, "Ask us to contact you"),
    ),
    "checked, with support lines": (
        lambda somebody: _at(Route.PERSON_HARMED, offence_group=["domestic"], victim_led="yes")(somebody).checks(),
        (200, "Refer "),
    ),
    "sent, contact me": (_sent(Route.CONTACT_ME), (200, "What happens next")),
    "sent, will call": (_sent(Route.MY_BUSINESS, contact_methods=["i_will_call"]), (200, "What happens next")),
    "sent, with support lines": (_sent(Route.MYSELF, **_ABUSED_CHILD), (200, "What happens next")),
    "sent, person harmed": (_sent(Route.PERSON_HARMED), (200, "What happens next")),
    "sent, myself": (_sent(Route.MYSELF), (200, "What happens next")),
    "sent, person responsible": (_sent(Route.PERSON_RESPONSIBLE), (200, "What happens next")),
    "repeated": (_repeated, (200, "What happens next")),
    "closed": (_closed, (200, "What happens next")),
    "forged receipt": (lambda somebody: somebody.opens("/referral/sent/?receipt=x"), (404, "Page not found")),
    "not found": (lambda somebody: somebody.opens("/refer/nobody/"), (404, "Page not found")),
    "wrong method": (_with(f"{_FORM}.action = '/referral/sent/'"), (405, "This page cannot")),
    "too much": (_with(f"{_FORM}.querySelector('textarea').value = 'x'.repeat(1100000)"), (413, "That was too much")),
    "wrong encoding": (_with(f"{_FORM}.enctype = 'multipart/form-data'"), (415, "We could not read")),
    "not sent": (
        lambda somebody: _at(Route.PERSON_HARMED)(somebody).continues().sends(),
        (503, "Try again"),
    ),
    "very many": (_one_more, (429, "Try again")),
    "form closed": (lambda somebody: somebody.opens_the_form("myself"), (200, "Ask for yourself")),
}
ONE_OF_EACH_KIND: Final = (
    "errors, person responsible",
    "notice",
    "checked, we can",
    "review, myself",
    "signposted, person harmed",
    "sent, myself",
    "not found",
    "not sent",
    "form closed",
)
"""A state for each template of the pages that the function renders."""
USUAL: Final = "usual"
INSTALLATIONS: Final[dict[str, Callable[[Service], object]]] = {
    USUAL: lambda _service: None,
    "without storage": lambda service: service.database.mkdir(parents=True),
    "one an hour": lambda service: service.also.update(REFERRAL_LIMIT="1"),
    "closed": lambda service: service.also.update(REFERRAL_CLOSED="yes"),
}
"""Changes to an installation before it starts."""
WHERE: Final = {"not sent": "without storage", "very many": "one an hour", "form closed": "closed"}
"""States that need another installation than the usual one."""
