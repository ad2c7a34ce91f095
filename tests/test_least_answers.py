"""How little is enough on each route, and what is missing where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from referral_function.asking.questions import Route
from tests.examples import Posted, a_referral
from tests.referrer import heading

if TYPE_CHECKING:
    from referral_function import compose
    from tests.referrer import Referrer


def entries(parts: compose.Runtime) -> int:
    """Count what is in the outbox."""
    return len(list(parts.outbox.entries()))


def test_a_referral_of_an_offender_finds_the_person_harmed(referrer: Referrer) -> None:
    """Without a name, a crime reference and a liaison officer it is incomplete, with one sentence; one of them is enough."""
    without = a_referral(Route.PERSON_RESPONSIBLE, victim_name="", crime_reference="", victim_supporter="")
    response = referrer.posts(Route.PERSON_RESPONSIBLE, without)
    assert (response.status_code, response.text.count('class="error"')) == (422, 1)
    assert "Give one thing by which we can find the person harmed" in response.text
    for name in ("victim_name", "crime_reference", "victim_supporter"):
        assert heading(referrer.posts(Route.PERSON_RESPONSIBLE, without | {name: "Invented"})) == "Check your answers"


def test_a_child_who_names_abuse_is_taken(referrer: Referrer, parts: compose.Runtime) -> None:
    """Somebody under 18 who names sexual abuse that the police do not know of is accepted."""
    posted = a_referral(
        Route.MYSELF, victim_age_group="under_18", offence_group=["child_sexual_non_recent"], court_stage="not_reported"
    )
    assert referrer.sends(Route.MYSELF, posted).status_code == 303
    assert entries(parts) == 1


def test_a_parent_says_whether_the_child_wants_this(referrer: Referrer) -> None:
    """Without the child's wish, a parent's form is incomplete; not yet and not sure are answers."""
    response = referrer.posts(Route.MY_CHILD, a_referral(Route.MY_CHILD, victim_agrees=""))
    assert (response.status_code, response.text.count('class="error"')) == (422, 1)
    assert "Choose whether your child knows about this and wants it" in response.text
    for wish in ("yes", "not_yet", "not_sure"):
        taken = referrer.posts(Route.MY_CHILD, a_referral(Route.MY_CHILD, victim_agrees=wish))
        assert heading(taken) == "Check your answers"


LEAST: dict[Route, Posted] = {
    Route.MYSELF: {"victim_name": "Alex Example"},
    Route.MY_CHILD: {"victim_name": "Alex Example", "represented_name": "Sky Example", "victim_agrees": "yes"},
    Route.SOMEONE_WHO_DIED: {"victim_name": "Alex Example", "represented_name": "Mark Example"},
    Route.MY_BUSINESS: {"victim_name": "Alex Example", "represented_name": "Invented News"},
    Route.CONTACT_ME: {"known_as": "Al"},
}


@pytest.mark.parametrize("route", LEAST)
def test_the_least_answers_are_enough(referrer: Referrer, parts: compose.Runtime, route: Route) -> None:
    """Who it is about, and one safe way of contact with its detail, is a referral."""
    by_phone: Posted = {"contact_methods": ["phone"], "victim_phone": "07700 900 982"}
    assert referrer.sends(route, {**LEAST[route], **by_phone}).status_code == 303
    assert entries(parts) == 1
