"""Keeping everyone safe."""

from referral_function.asking.answer_types import Choice, LongText, OneOf
from referral_function.asking.choices import NO, NOT_KNOWN, NOT_SURE
from referral_function.asking.questions import PROFESSIONAL, REFERRALS, Question, Route, Sensitivity

_DANGER = Choice(code="yes", label="Yes", danger=True)
_DANGER_NOT_KNOWN = OneOf(choices=(_DANGER, NO, NOT_KNOWN))
_DANGER_NOT_SURE = OneOf(choices=(_DANGER, NO, NOT_SURE))

QUESTIONS = (
    Question(
        name="known_risks",
        short="Known risks",
        label="What risks do you know of?",
        hint="To anyone: the person harmed, the person responsible, others, our facilitators. "
        "If you know of none, write None known.",
        answer=LongText(),
        missing="Enter the risks you know of, or None known",
        purpose="So that we keep everyone safe.",
        danger=True,
        sensitivity=Sensitivity.SPECIAL,
        variants={
            "own": {"label": "Is there anything that worries you about your safety?", "hint": "", "missing": ""},
            "my_child": {"label": "Is there anything that worries you about your child’s safety or yours?"},
            "my_business": {"label": "Is there anything that worries you about anyone’s safety?"},
        },
    ),
    Question(
        name="lives_together",
        short="Lives with the person harmed",
        label="Does the person responsible live with the person harmed?",
        answer=_DANGER_NOT_KNOWN,
        routes=REFERRALS - {Route.MY_BUSINESS},
        purpose="So that our contact puts nobody in danger.",
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "own": {"label": "Does the person who caused harm live with you?", "answer": _DANGER_NOT_SURE},
            "my_child": {"label": "Does the person who caused harm live with you or your child?"},
        },
    ),
    Question(
        name="no_contact_order",
        short="Order that forbids contact",
        label="Is there an order that forbids contact?",
        hint="For example a restraining order, a licence condition or an injunction.",
        answer=_DANGER_NOT_KNOWN,
        missing="Choose whether there is an order that forbids contact",
        purpose="So that nothing we do breaks an order of a court.",
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "own": {
                "label": "Is there a court order that says they must not contact you?",
                "hint": "",
                "answer": _DANGER_NOT_SURE,
                "missing": "",
            },
            "my_child": {"label": "Is there a court order that says they must not contact your child or you?"},
            "my_business": {
                "label": "Is there a court order that says they must not come to the business or contact you?"
            },
        },
    ),
    Question(
        name="multi_agency",
        short="Known to MARAC",
        label="Is the person harmed known to MARAC?",
        answer=_DANGER_NOT_KNOWN,
        routes=PROFESSIONAL,
        missing="Choose whether the person harmed is known to MARAC",
        purpose="So that we work with the others who keep people safe.",
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "person_responsible": {
                "label": "Is the person responsible managed under MAPPA?",
                "short": "Managed under MAPPA",
                "hint": "Do not mention MARAC anywhere on this form.",
                "missing": "Choose whether the person responsible is managed under MAPPA",
            }
        },
    ),
)
