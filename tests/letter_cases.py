"""Referrals whose letters are kept in `tests/letters/`; `python -m tests.letter_cases` writes them anew, to be read before a commit."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import MultiDict

from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_html import letter_html
from referral_function.sending.letter_text import letter_text
from tests.examples import Posted, a_full_referral, a_referral

if TYPE_CHECKING:
    from referral_function.asking.referral import Referral
    from referral_function.sending.letter import Letter

M, H, R = Route.MYSELF, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE
RECEIVED: Final = datetime(2027, 5, 14, 14, 4, tzinfo=UTC)
REFERENCE: Final = "RJ-2345-6789"
LETTERS: Final = Path(__file__).with_name("letters")
THREAT: Final = "He reads her post.\nHe says he will kill me if I talk."
HOSTILE: Final = "</td><h1>Danger</h1>\n\nDANGER: none\n--=_alternatives\n--=_alternatives--\n\nWHO:\n  Name: x\n\u202egnorw\u2028x\n"
UNKNOWN: Final = dict.fromkeys(("offender_adult", "responsibility", "court_stage", "no_contact_order"), "not_known")
CASES: Final[dict[str, tuple[Route, Posted]]] = {
    "only-text": (
        M,
        a_referral(
            M, contact_methods=["text"], victim_email="alex@example.org", victim_address="1 Invented Row, Canterbury"
        ),
    ),
    "the-person-will-call": (M, a_referral(M, contact_methods=["i_will_call"], interpreter="not_known", **UNKNOWN)),
    "a-threat": (H, a_referral(H, contact_cautions=THREAT, known_risks=THREAT)),
    "bereaved": (H, a_referral(H, relationship="bereaved_relative", represented_name="Mark Example")),
    "a-child-not-asked": (
        Route.MY_CHILD,
        a_referral(Route.MY_CHILD, kinship="mother", victim_agrees="not_yet"),
    ),
    "through-a-supporter": (
        H,
        a_referral(H, contact_methods=["supporter"], victim_supporter="Kim Example, 07700 900 983", voicemail_ok="yes"),
    ),
    "an-order-myself": (M, a_referral(M, no_contact_order="yes")),
    "an-order-person-harmed": (H, a_referral(H, no_contact_order="yes")),
    "an-order-person-responsible": (R, a_referral(R, no_contact_order="yes")),
    "a-date": (R, a_referral(R, key_date="Parole hearing on 3 June 2027")),
    "written-by-a-child": (
        M,
        a_referral(
            M, victim_age_group="under_18", offence_group=["child_sexual_non_recent"], court_stage="not_reported"
        ),
    ),
    "a-sister": (Route.SOMEONE_WHO_DIED, a_referral(Route.SOMEONE_WHO_DIED, kinship="sister")),
    "least-myself": (
        M,
        {"victim_name": "Alex Example", "contact_methods": ["phone"], "victim_phone": "07700 900 982"},
    ),
    "hostile": (M, a_referral(M, summary=(HOSTILE * 40)[:4000])),
    **{f"plain-{route.slug}": (route, a_referral(route)) for route in Route},
    **{f"full-{route.slug}": (route, a_full_referral(route)) for route in Route},
}
HTML_CASE: Final = "a-threat"


def referral(route: Route, posted: Posted) -> Referral:
    """Parse an invented referral."""
    form = ReferralForm(route, MultiDict(posted), date(2027, 5, 14))
    assert form.validate(), form.errors
    return form.referral()


def letter(route: Route, posted: Posted) -> Letter:
    """Write the letter of an invented referral."""
    return write_letter(referral(route, posted), reference=REFERENCE, received_at=RECEIVED)


def text(name: str) -> str:
    """Write the plain letter of a case."""
    return letter_text(letter(*CASES[name]))


def kept(name: str) -> Path:
    """Return where the letter of a case is kept."""
    return LETTERS / f"{name}.txt"


def html() -> str:
    """Write the HTML letter that is kept: one with something in every part."""
    return letter_html(letter(*CASES[HTML_CASE]))


def kept_html() -> Path:
    """Return where it is kept."""
    return LETTERS / f"{HTML_CASE}.html"


def without_version(text: str) -> str:
    """Leave out the version of the form, which changes with every question; the checksum stays."""
    return re.sub(r"Form version \S+?([,.] )", r"Form version X\1", text)


def main() -> None:
    """Write every letter anew."""
    for name in CASES:
        kept(name).write_text(without_version(text(name)), encoding="utf-8", newline="\n")
    kept_html().write_text(without_version(html()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
