"""The section about the person who caused harm."""

from referral_function.asking.answer_types import Choice, DateParts, Flag, LongText, OneOf, ShortText, Weight
from referral_function.asking.choices import NO, NOT_KNOWN, YES
from referral_function.asking.conditions import Condition
from referral_function.asking.questions import (
    PERSON_RESPONSIBLE,
    PROFESSIONAL,
    ContactUse,
    Party,
    Question,
    SafeContact,
    Sensitivity,
)

_NOT_ASKED = Choice(
    code="not_asked",
    label="Not asked yet",
    flag=Flag(weight=Weight.OTHER, text="The person responsible has not been asked yet: we ask"),
)
_IN_PRISON = Condition(question="offender_whereabouts", any_of=frozenset({"prison"}))

QUESTIONS = (
    Question(
        name="offender_name",
        short="Name of the person responsible",
        label="Their name, if you know it",
        answer=ShortText(limit=100),
        purpose="So that we can find the right person.",
        about=Party.OFFENDER,
        is_name=True,
        sensitivity=Sensitivity.IDENTIFIES,
        variants={
            "own": {"hint": "We do not contact them until we have talked with you and you agree."},
            "person_responsible": {"label": "Their name", "missing": "Enter the name of the person who caused harm"},
        },
    ),
    Question(
        name="offender_relationship",
        short="Relationship to the person harmed",
        label="Who are they to the person harmed?",
        hint="For example: a stranger, a neighbour, a former partner.",
        answer=ShortText(),
        purpose="So that we understand what is safe.",
        about=Party.OFFENDER,
        sensitivity=Sensitivity.OFFENCE,
        variants={
            "myself": {"label": "Who are they to you?"},
            "my_child": {"label": "Who are they to your child?"},
            "someone_who_died": {"label": "Who were they to the person who died?"},
            "my_business": {
                "label": "Who are they to the business?",
                "hint": "For example: a stranger, a customer, someone who worked there.",
            },
        },
    ),
    Question(
        name="offender_birth_date",
        short="Date of birth of the person responsible",
        label="Their date of birth",
        hint="Enter what you know. Year alone is fine. For example, 27 3 1985.",
        answer=DateParts(),
        routes=PERSON_RESPONSIBLE,
        purpose="So that we find the right person, and see that they are 18 or over.",
        about=Party.OFFENDER,
        sensitivity=Sensitivity.IDENTIFIES,
    ),
    Question(
        name="offender_whereabouts",
        short="Whereabouts of the person responsible",
        label="Where are they now?",
        answer=OneOf(
            choices=(
                Choice(code="community", label="In the community"),
                Choice(code="prison", label="In prison", flag=Flag(weight=Weight.PRISON, text="In prison")),
                Choice(code="hospital", label="In hospital"),
                Choice(code="elsewhere", label="Somewhere else"),
                NOT_KNOWN,
            )
        ),
        routes=PROFESSIONAL,
        missing="Choose where the person who caused harm is now",
        purpose="So that we know how a conversation can take place.",
        about=Party.OFFENDER,
        safe_contact=SafeContact(party=Party.OFFENDER, use=ContactUse.REACH),
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="offender_prison",
        short="Prison",
        label="Which prison are they in?",
        answer=ShortText(),
        routes=PROFESSIONAL,
        needed_if=_IN_PRISON,
        purpose="So that we can arrange a visit.",
        about=Party.OFFENDER,
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="offender_prison_number",
        short="Prison number",
        label="Their prison number",
        answer=ShortText(),
        routes=PROFESSIONAL,
        needed_if=_IN_PRISON,
        purpose="So that we can arrange a visit.",
        about=Party.OFFENDER,
        sensitivity=Sensitivity.OFFENCE,
    ),
    Question(
        name="offender_manager",
        short="Offender manager",
        label="Their offender manager: name and contact",
        answer=ShortText(),
        routes=PROFESSIONAL,
        purpose="So that we can talk with the professional who works with them.",
        about=Party.OFFENDER,
        safe_contact=SafeContact(party=Party.OFFENDER, use=ContactUse.REACH),
        sensitivity=Sensitivity.IDENTIFIES,
    ),
    Question(
        name="offender_agrees",
        short="Agreement of the person responsible",
        label="Does the person know about this referral and agree to it?",
        answer=OneOf(choices=(YES, NO, _NOT_ASKED)),
        routes=PERSON_RESPONSIBLE,
        missing="Choose whether the person who caused harm agrees",
        purpose="Both people must agree. If they have not been asked yet, we ask.",
    ),
    Question(
        name="offender_contact",
        short="Safe contact with the person responsible",
        label="How can we reach them safely?",
        hint="Say who else may answer or see post, and whether they live with the person harmed.",
        answer=LongText(),
        routes=PERSON_RESPONSIBLE,
        purpose="So that our contact puts nobody in danger.",
        about=Party.OFFENDER,
        safe_contact=SafeContact(party=Party.OFFENDER, use=ContactUse.CAUTIONS),
        sensitivity=Sensitivity.CONTACT,
    ),
)
