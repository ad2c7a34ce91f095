"""Section 4: the person who caused harm."""

from referral_function.asking.answer_types import Choice, DateParts, LongText, OneOf, ShortText
from referral_function.asking.choices import NO, NOT_KNOWN, YES
from referral_function.asking.questions import (
    PERSON_RESPONSIBLE,
    PROFESSIONAL,
    Party,
    Question,
    Section,
    Sensitivity,
    with_route_variants,
)

SECTION = Section(
    title="The person who caused harm",
    questions=(
        *with_route_variants(
            Question(
                name="offender_name",
                label="Their name, if you know it",
                answer=ShortText(limit=100),
                purpose="So that we can find the right person.",
                sensitivity=Sensitivity.IDENTIFIES,
            ),
            person_responsible={"label": "Their name", "missing": "Enter the name of the person who caused harm"},
        ),
        *with_route_variants(
            Question(
                name="offender_relationship",
                label="Who are they to the person harmed?",
                hint="For example: a stranger, a neighbour, a former partner.",
                answer=ShortText(),
                purpose="So that we understand what is safe.",
                sensitivity=Sensitivity.OFFENCE,
            ),
            myself={"label": "Who are they to you?"},
        ),
        Question(
            name="offender_birth_date",
            label="Their date of birth",
            hint="Enter what you know. Year alone is fine. For example, 27 3 1985.",
            answer=DateParts(),
            routes=PERSON_RESPONSIBLE,
            purpose="So that we find the right person, and see that they are 18 or over.",
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        Question(
            name="offender_whereabouts",
            label="Where are they now?",
            answer=OneOf(
                choices=(
                    Choice(code="community", label="In the community"),
                    Choice(code="prison", label="In prison"),
                    Choice(code="hospital", label="In hospital"),
                    Choice(code="elsewhere", label="Somewhere else"),
                    NOT_KNOWN,
                )
            ),
            routes=PROFESSIONAL,
            missing="Choose where the person who caused harm is now",
            purpose="So that we know how a conversation can take place.",
            safe_contact=Party.OFFENDER,
            sensitivity=Sensitivity.OFFENCE,
        ),
        Question(
            name="offender_prison",
            label="If they are in prison: which prison, and their prison number",
            answer=ShortText(),
            routes=PROFESSIONAL,
            purpose="So that we can arrange a visit.",
            safe_contact=Party.OFFENDER,
            sensitivity=Sensitivity.OFFENCE,
        ),
        Question(
            name="offender_manager",
            label="Their offender manager: name and contact",
            answer=ShortText(),
            routes=PROFESSIONAL,
            purpose="So that we can talk with the professional who works with them.",
            safe_contact=Party.OFFENDER,
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        Question(
            name="offender_agrees",
            label="Does the person know about this referral and agree to it?",
            answer=OneOf(choices=(YES, NO, Choice(code="not_asked", label="Not asked yet"))),
            routes=PERSON_RESPONSIBLE,
            missing="Choose whether the person who caused harm agrees",
            purpose="Both people must agree. If they have not been asked yet, we ask.",
        ),
        Question(
            name="offender_contact",
            label="How can we reach them safely?",
            hint="Say who else may answer or see post, and whether they live with the person harmed.",
            answer=LongText(),
            routes=PERSON_RESPONSIBLE,
            purpose="So that our contact puts nobody in danger.",
            safe_contact=Party.OFFENDER,
            sensitivity=Sensitivity.CONTACT,
        ),
    ),
)
