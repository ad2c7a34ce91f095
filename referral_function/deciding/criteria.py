"""The published criteria as data: each rule's public sentence beside what each answer means for it.

The decision, the notices on the form, the public page, the page for a referral we cannot take and the letter all read
`CRITERIA`. The statements are those that the service has published.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict

from referral_function.asking.questions import MYSELF, PERSON_HARMED, PERSON_RESPONSIBLE, VICTIM, Route
from referral_function.asking.referral import SECTIONS
from referral_function.deciding.criterion import Criterion, Note, Outcome, Redirect, when

_MUST_BE_LED = "domestic sexual child_sexual_non_recent"
_LED_OR_NOT_KNOWN = f"{_MUST_BE_LED} not_known"
_LED_SENTENCE = (
    "Cases of domestic violence, sexual violence or non-recent child sexual abuse must be led by the person harmed."
)
_CAN_CHANGE = "Restorative Justice itself can go ahead only if they accept responsibility or are found guilty, and this can change."
_WE_MAY_WAIT = "We may wait until the case has come to a conclusion."

CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        code="offender_adult",
        name="Age of the person who caused harm",
        statement="The person who caused harm is 18 or over. Younger people come under the Youth Offending Team.",
        questions=("offender_adult",),
        outcomes=(
            Outcome(
                when=when(offender_adult="no"),
                effect=Redirect(
                    sentence="We work with people who caused harm and are 18 or over. "
                    "Younger people come under the Youth Offending Team.",
                    instead="The youth justice service of the council where the young person lives can help. "
                    "If they turn 18 soon, call us.",
                    elsewhere=("youth_kent", "youth_medway"),
                ),
            ),
            Outcome(when=when(offender_adult="not_known"), effect=Note(flag="Age of the person responsible not known")),
        ),
    ),
    Criterion(
        code="victim_age",
        name="Age of the person harmed",
        statement="The person harmed can be of any age.",
    ),
    Criterion(
        code="victim_led",
        name="Victim led",
        statement="Any offence can be referred, but cases of domestic violence, sexual violence or non-recent child sexual "
        "abuse must be led by the person harmed.",
        questions=("offence_group", "victim_led"),
        only_when=when(offence_group=_LED_OR_NOT_KNOWN),
        outcomes=(
            Outcome(
                when=when(offence_group=_MUST_BE_LED, relationship="parent_or_guardian"),
                routes=MYSELF,
                effect=Note(
                    flag="A parent asks: hear from the child first",
                    sentence="We will want to hear from the child first.",
                ),
            ),
            Outcome(
                when=when(offence_group=_LED_OR_NOT_KNOWN, victim_led="yes"),
                routes=PERSON_HARMED | PERSON_RESPONSIBLE,
                effect=Note(flag="Victim led"),
            ),
            Outcome(
                when=when(offence_group=_LED_OR_NOT_KNOWN, victim_led="no not_known"),
                routes=PERSON_HARMED,
                effect=Redirect(
                    sentence=_LED_SENTENCE,
                    instead="Give the person harmed the facts once, when they are alone. "
                    "They can call us or use the form for themselves at any time.",
                ),
            ),
            Outcome(
                when=when(offence_group=_LED_OR_NOT_KNOWN, victim_led="no not_known"),
                routes=PERSON_RESPONSIBLE,
                effect=Redirect(
                    sentence=f"{_LED_SENTENCE} We can take this only if the person harmed asks for it.",
                    instead="Do not ask them, and do not let anyone ask them for you. "
                    "If you think this is not right, call us.",
                ),
            ),
        ),
    ),
    Criterion(
        code="area",
        name="Kent & Medway",
        statement="There is a connection to the Kent & Medway area: the address of the person harmed, the address of the "
        "person who caused harm, or the place where it happened.",
        questions=("area_link",),
        outcomes=(
            Outcome(
                when=when(area_link="none"),
                effect=Redirect(
                    sentence="We can help only where there is a connection to the Kent & Medway area.",
                    instead="The service of the area where the people live, or where it happened, can help.",
                    elsewhere=("surrey", "sussex", "essex", "london", "why_me", "rjc"),
                ),
            ),
            Outcome(when=when(area_link="not_known"), effect=Note(flag="Connection to Kent & Medway not known")),
        ),
    ),
    Criterion(
        code="time",
        name="Time since the offence",
        statement="There is no time limit: it can be recent or decades ago.",
    ),
    Criterion(
        code="court",
        name="Court",
        statement="If a case is going through court we may wait until it has come to a conclusion.",
        questions=("court_stage",),
        outcomes=(
            Outcome(
                when=when(court_stage="investigation"),
                effect=Note(flag="The police are investigating", sentence=_WE_MAY_WAIT),
            ),
            Outcome(
                when=when(court_stage="awaiting_trial awaiting_sentence"),
                effect=Note(flag="At court", sentence=f"This case is at court. {_WE_MAY_WAIT}"),
            ),
            Outcome(when=when(court_stage="not_known"), effect=Note(flag="Stage of the case not known")),
            Outcome(when=when(court_stage="not_guilty"), effect=Note(flag="Found not guilty")),
        ),
    ),
    Criterion(
        code="victim_identified",
        name="Person harmed is known",
        statement="There is an identifiable victim.",
        questions=("victim_identified",),
        routes=PERSON_RESPONSIBLE,
        outcomes=(
            Outcome(
                when=when(victim_identified="no"),
                effect=Redirect(
                    sentence="Restorative Justice cannot go ahead without an identifiable victim.",
                    instead="Call us if you would like to talk it through.",
                ),
            ),
        ),
    ),
    Criterion(
        code="offender_identified",
        name="Person who caused harm is known",
        statement="There is an identified person who caused the harm, or a charged offender.",
        questions=("offender_identified",),
        routes=VICTIM,
        outcomes=(
            Outcome(
                when=when(offender_identified="no"),
                effect=Redirect(
                    sentence="Restorative Justice can go ahead only when someone has been identified.",
                    instead="If that changes, even years later, come back. "
                    "You can call us at any time to talk it through.",
                    elsewhere=("support_line",),
                ),
            ),
            Outcome(
                when=when(offender_identified="not_sure"),
                effect=Note(flag="Not sure whether the person responsible has been identified"),
            ),
        ),
    ),
    Criterion(
        code="responsibility",
        name="Responsibility",
        statement="There is an admission of responsibility, or a guilty plea or finding of guilt if the case is going "
        "through the courts.",
        questions=("responsibility",),
        outcomes=(
            Outcome(
                when=when(responsibility="denies"),
                routes=PERSON_RESPONSIBLE,
                effect=Redirect(
                    sentence=f"We cannot take this referral yet. {_CAN_CHANGE}",
                    instead="Call us if you would like to talk it through.",
                    also=((when(court_stage="investigation awaiting_trial"), "Refer again when the case has ended."),),
                ),
            ),
            Outcome(
                when=when(responsibility="denies"),
                routes=VICTIM,
                effect=Note(
                    flag="Denies, not found guilty: talk only to the person harmed for now",
                    sentence=f"We can talk now. {_CAN_CHANGE}",
                ),
            ),
            Outcome(
                when=when(responsibility="not_known"),
                effect=Note(flag="Not known whether responsibility is accepted"),
            ),
        ),
    ),
    Criterion(
        code="victim_choice",
        name="Choice of the person harmed",
        statement="Restorative Justice is focused on the person harmed: it is their choice whether to take part.",
        questions=("victim_agrees",),
        routes=VICTIM,
        outcomes=(
            Outcome(
                when=when(victim_agrees="no"),
                routes=PERSON_HARMED,
                effect=Redirect(
                    sentence="It is the choice of the person harmed whether to take part.",
                    instead="Please talk to the person first. If they would like to know more, they can call us, "
                    "or you can refer again when they agree.",
                ),
            ),
            Outcome(
                when=when(relationship="parent_or_guardian", victim_agrees="not_yet not_sure"),
                routes=MYSELF,
                effect=Note(flag="A parent asks, and the child does not know or may not want this yet"),
            ),
            Outcome(
                when=when(relationship="person_harmed", victim_age_group="under_18"),
                routes=MYSELF,
                effect=Note(flag="Written by a child: speak to them before any parent"),
            ),
        ),
    ),
    Criterion(
        code="offender_choice",
        name="Choice of the person who caused harm",
        statement="The person who caused harm has to agree too.",
        questions=("offender_agrees",),
        routes=PERSON_RESPONSIBLE,
        outcomes=(
            Outcome(
                when=when(offender_agrees="no"),
                effect=Redirect(
                    sentence="Both people must agree to take part.",
                    instead="Refer again if this changes. Call us if you would like to talk it through.",
                ),
            ),
        ),
    ),
)

WHO_CAN_BE_REFERRED = ("offender_adult", "victim_age", "victim_led", "area", "time", "court")
"""The criteria under the heading “Who can be referred”; the others stand under “What must be there”."""


def redirects_of_section_1(route: Route) -> Iterator[tuple[Outcome, Redirect]]:
    """Give each redirect of a route whose answers all stand in the first section, for the notices on the form."""
    first = {question.name for question in SECTIONS[0].questions}
    for criterion in CRITERIA:
        for outcome in criterion.outcomes:
            if route in criterion.routes & outcome.routes and outcome.when.keys() <= first:
                match outcome.effect:
                    case Redirect() as redirect:
                        yield outcome, redirect
                    case Note():
                        pass


def definition_version() -> str:
    """Give a short hash of everything we ask and decide by, so that a letter names the form it came from."""
    whole = [asdict(part) for part in (*SECTIONS, *CRITERIA)]
    return hashlib.sha256(json.dumps(whole, default=sorted, sort_keys=True).encode()).hexdigest()[:8]
