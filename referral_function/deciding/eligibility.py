"""The criteria under the published heading “Who can be referred?”."""

from referral_function.asking.answer_types import Weight
from referral_function.asking.area import AREA
from referral_function.asking.choices import VICTIM_LED_GROUPS
from referral_function.asking.questions import PERSON_HARMED, PERSON_RESPONSIBLE, Route
from referral_function.deciding.criterion import Criterion, Note, Signpost, answers

_MUST_BE_LED = " ".join(VICTIM_LED_GROUPS)
_LED_OR_NOT_KNOWN = f"{_MUST_BE_LED} not_known prefer_not_to_say"
_LED_SENTENCE = (
    "Cases of domestic violence, sexual violence or non-recent child sexual abuse must be led by the person harmed."
)
_ONLY_THEY_CAN_ASK = "Only the person harmed can ask for this"
_WE_MAY_WAIT = "We may wait until the case has come to a conclusion."
_WHO_ASKS = {
    Route.MYSELF: "The person harmed asks",
    Route.SOMEONE_WHO_DIED: "A close relative of the person who died asks",
    Route.MY_BUSINESS: "Someone who speaks for the business asks",
}

ELIGIBILITY: tuple[Criterion, ...] = (
    Criterion(
        code="offender_adult",
        name="Age of the person who caused harm",
        statement="The person who caused harm is 18 or over. Younger people come under the Youth Offending Team.",
        questions=("offender_adult",),
        outcomes=(
            Signpost(
                when=answers(offender_adult="no"),
                heading="The person who caused harm is under 18",
                sentence="We work with people who caused harm and are 18 or over. "
                "Younger people come under the Youth Offending Team.",
                instead="The youth justice service of the council where the young person lives can help. "
                "If they turn 18 soon, call us.",
                other_services=("youth_kent", "youth_medway"),
            ),
            Note(
                when=answers(offender_adult="not_known"),
                flag="Age of the person responsible not known",
                weight=Weight.UNKNOWN,
            ),
        ),
    ),
    Criterion(code="victim_age", name="Age of the person harmed", statement="The person harmed can be of any age."),
    Criterion(
        code="victim_led",
        name="Victim led",
        statement="Any offence can be referred, but cases of domestic violence, sexual violence or non-recent child sexual "
        "abuse must be led by the person harmed.",
        questions=("offence_group", "victim_led"),
        only_when=answers(offence_group=_LED_OR_NOT_KNOWN),
        outcomes=(
            Note(
                when=answers(offence_group=_LED_OR_NOT_KNOWN),
                routes=frozenset({Route.MY_CHILD}),
                flag="A parent asks: hear from the child first",
                weight=Weight.CHILD,
                sentence="We will want to hear from the child first.",
            ),
            *(
                Note(
                    when=answers(offence_group=_MUST_BE_LED),
                    routes=frozenset({route}),
                    flag=flag,
                    weight=Weight.VICTIM_LED,
                )
                for route, flag in _WHO_ASKS.items()
            ),
            Note(
                when=answers(offence_group=_LED_OR_NOT_KNOWN, victim_led="yes"),
                routes=PERSON_HARMED | PERSON_RESPONSIBLE,
                flag="Victim led",
                weight=Weight.VICTIM_LED,
            ),
            Signpost(
                when=answers(offence_group=_LED_OR_NOT_KNOWN, victim_led="no not_known"),
                routes=PERSON_HARMED,
                heading=_ONLY_THEY_CAN_ASK,
                sentence=_LED_SENTENCE,
                instead="Give the person harmed the facts once, when they are alone. "
                "They can call us or use the form for themselves at any time.",
            ),
            Signpost(
                when=answers(offence_group=_LED_OR_NOT_KNOWN, victim_led="no not_known"),
                routes=PERSON_RESPONSIBLE,
                heading=_ONLY_THEY_CAN_ASK,
                sentence=f"{_LED_SENTENCE} We can take this only if the person harmed asks for it.",
                instead="Do not ask them, and do not let anyone ask them for you. "
                "If you think this is not right, call us.",
            ),
        ),
    ),
    Criterion(
        code="area",
        name=AREA,
        statement=f"There is a connection to the {AREA} area: the address of the person harmed, the address of the "
        "person who caused harm, or the place where it happened.",
        questions=("area_link",),
        outcomes=(
            Signpost(
                when=answers(area_link="none"),
                heading=f"It is outside {AREA}",
                sentence=f"We can help only where there is a connection to the {AREA} area.",
                instead="Ask the service of the area where the people live, or where it happened.",
                other_services=("surrey", "sussex", "essex", "london", "why_me", "rjc"),
            ),
            Note(when=answers(area_link="not_known"), flag=f"Connection to {AREA} not known", weight=Weight.UNKNOWN),
        ),
    ),
    Criterion(
        code="time", name="Time since the offence", statement="There is no time limit: it can be recent or decades ago."
    ),
    Criterion(
        code="court",
        name="Court",
        statement="If a case is going through court we may wait until it has come to a conclusion.",
        questions=("court_stage",),
        outcomes=(
            Note(
                when=answers(court_stage="investigation"),
                flag="The police are investigating",
                weight=Weight.COURT,
                sentence=_WE_MAY_WAIT,
            ),
            Note(
                when=answers(court_stage="awaiting_trial awaiting_sentence"),
                flag="At court",
                weight=Weight.COURT,
                sentence=f"This case is at court. {_WE_MAY_WAIT}",
            ),
            Note(when=answers(court_stage="not_known"), flag="Stage of the case not known", weight=Weight.UNKNOWN),
            Note(when=answers(court_stage="not_guilty"), flag="Found not guilty"),
        ),
    ),
)
