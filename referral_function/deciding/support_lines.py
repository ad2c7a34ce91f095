"""Support lines of the service's data: whom each helps, and which fit a referral."""

from enum import StrEnum

from referral_function.asking.answer_types import codes
from referral_function.asking.questions import Route
from referral_function.deciding.criterion import Answers, answers


class Helps(StrEnum):
    """Whom a support line helps, as `helps` in service.yml says it, in the order of a page."""

    CHILD = "child"
    SEXUAL = "sexual"
    DOMESTIC = "domestic"
    DEATH = "death"
    ANYONE = "anyone"
    DISTRESS = "distress"


IN_WORDS = {
    Helps.CHILD: "children",
    Helps.SEXUAL: "sexual violence",
    Helps.DOMESTIC: "domestic abuse",
    Helps.DEATH: "bereavement",
    Helps.ANYONE: "anyone affected by crime",
    Helps.DISTRESS: "distress",
}
"""What the lines are for, for staff."""
_WHEN = (
    (answers(victim_age_group="under_18"), Helps.CHILD),
    (answers(relationship="parent_or_guardian"), Helps.CHILD),
    (answers(offence_group="sexual child_sexual_non_recent"), Helps.SEXUAL),
    (answers(offence_group="domestic"), Helps.DOMESTIC),
    (answers(relationship="bereaved_relative"), Helps.DEATH),
    (answers(offence_type="homicide"), Helps.DEATH),
    (answers(i_am="harmed close_to_someone_harmed"), Helps.ANYONE),
)
_ON_ROUTE = {Route.MY_CHILD: Helps.CHILD, Route.SOMEONE_WHO_DIED: Helps.DEATH}
_WITH_ANY_OTHER = frozenset({Helps.ANYONE, Helps.DISTRESS})


def fitting_support(route: Route, given: Answers) -> tuple[Helps, ...]:
    """Return whom the support lines that fit help; none where no answer calls for one.

    Nobody who refers the person responsible may contact the person harmed, so that route has none.
    """
    if route is Route.PERSON_RESPONSIBLE:
        return ()
    found = {
        helps
        for condition, helps in _WHEN
        for name, listed in condition.items()
        if not listed.isdisjoint(codes(given.get(name)))
    }
    found |= {_ON_ROUTE[route]} if route in _ON_ROUTE else set()
    return tuple(each for each in Helps if each in (found | _WITH_ANY_OTHER if found else found))
