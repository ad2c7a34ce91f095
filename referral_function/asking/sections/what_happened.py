"""What happened."""

from referral_function.asking.answer_types import Choice, Flag, LongText, OneOf, ShortText, Weight
from referral_function.asking.conditions import Condition
from referral_function.asking.questions import PROFESSIONAL, Question, Sensitivity

_DEATH = Choice(code="homicide", label="A death: murder, manslaughter")
_DRIVING_OR_DEATH = Choice(code="driving", label="Driving, including a death on the road")
_DRIVING = Choice(code="driving", label="Driving")
_OFFENCES = (
    Choice(code="violence", label="Violence"),
    Choice(code="burglary", label="Burglary"),
    Choice(code="robbery", label="Robbery"),
    Choice(code="theft", label="Theft"),
    Choice(code="criminal_damage", label="Criminal damage"),
    Choice(code="fraud", label="Fraud"),
    Choice(code="hate_crime", label="Hate crime"),
    Choice(code="harassment", label="Harassment"),
    Choice(code="public_order", label="Public order"),
    Choice(code="antisocial_behaviour", label="Antisocial behaviour"),
    Choice(code="other", label="Another kind"),
)

QUESTIONS = (
    Question(
        name="offence_type",
        short="Offence",
        label="What kind of offence was it?",
        answer=OneOf(choices=(_DEATH, _DRIVING_OR_DEATH, *_OFFENCES)),
        missing="Choose what kind of offence it was",
        needed_if=Condition(question="offence_group", any_of=frozenset({"none", "not_known"})),
        purpose="So that a facilitator with the right experience can take it up. We take any offence.",
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "own": {
                "label": "What kind of crime was it?",
                "answer": OneOf(choices=(_DRIVING, *_OFFENCES)),
                "missing": "",
                "needed_if": None,
            },
            "someone_who_died": {"answer": OneOf(choices=(_DEATH, _DRIVING_OR_DEATH, *_OFFENCES))},
        },
    ),
    Question(
        name="offence_date",
        short="Date of the offence",
        label="When did it happen?",
        hint="For example, March 2019 or about 1985. There is no time limit.",
        answer=ShortText(),
        purpose="So that we know how long ago it was. It can be decades ago.",
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="offence_location",
        short="Place of the offence",
        label="Where did it happen?",
        hint="A town or a postcode is enough.",
        answer=ShortText(),
        purpose="So that the right facilitator takes it up.",
        may_hold_postcode=True,
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "person_responsible": {
                "hint": "Town or first half of the postcode only. Do not give the home of the person harmed."
            }
        },
    ),
    Question(
        name="crime_reference",
        short="Crime reference number",
        label="Crime reference number",
        answer=ShortText(),
        purpose="So that we can be sure which case it is.",
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="key_date",
        short="Next date that matters",
        label="Next date that matters: hearing, release or parole",
        answer=ShortText(),
        routes=PROFESSIONAL,
        purpose="So that we do not miss the right time.",
        flag=Flag(weight=Weight.DATE, text="Next date that matters:"),
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="summary",
        short="What happened",
        label="What happened, and why do you refer now?",
        hint="In a few sentences. Do not paste from police or probation systems. Leave out names of children and "
        "witnesses, and health details. If the case is live, leave out the account of the person harmed. "
        "Use one form for each person you refer.",
        answer=LongText(),
        missing="Enter in a few sentences what happened",
        purpose="So that a facilitator can prepare the first conversation.",
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "own": {
                "label": "What would you like us to know?",
                "hint": "You do not have to describe what happened. If there may be a trial, please do not: the police or the "
                "court may ask to see what you write.",
                "missing": "",
            }
        },
    ),
)
