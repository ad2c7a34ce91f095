"""Section 3: the person harmed."""

from referral_function.asking.answer_types import Choice, OneOf, ShortText
from referral_function.asking.choices import NOT_KNOWN, PREFER_NOT_TO_SAY, YES, YES_NO
from referral_function.asking.questions import (
    VICTIM,
    Condition,
    Party,
    Question,
    Route,
    Section,
    Sensitivity,
    with_route_variants,
)

_AGES = (Choice(code="under_18", label="Under 18"), Choice(code="adult", label="18 or over"))
_SPEAKS_FOR_ANOTHER = Condition(
    question="relationship", any_of=frozenset({"parent_or_guardian", "bereaved_relative", "business"})
)

SECTION = Section(
    title="The person harmed",
    route_titles={Route.MYSELF: "About you"},
    questions=(
        *with_route_variants(
            Question(
                name="relationship",
                label="Who is the person you refer?",
                answer=OneOf(
                    choices=(
                        Choice(code="person_harmed", label="The person who was harmed"),
                        Choice(code="parent_or_guardian", label="The parent or guardian of a child who was harmed"),
                        Choice(code="bereaved_relative", label="A close relative of someone who died"),
                        Choice(code="business", label="Someone who speaks for a business that was harmed"),
                    )
                ),
                routes=VICTIM,
                missing="Choose who the person you refer is",
                purpose="So that we know whom to talk with, and about whom.",
            ),
            myself={
                "label": "Who are you?",
                "answer": OneOf(
                    choices=(
                        Choice(code="person_harmed", label="I was harmed"),
                        Choice(
                            code="parent_or_guardian", label="I am the parent or guardian of a child who was harmed"
                        ),
                        Choice(code="bereaved_relative", label="I am a close relative of someone who died"),
                        Choice(code="business", label="I speak for a business that was harmed"),
                    )
                ),
                "missing": "Choose who you are",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_name",
                label="Name of the person you refer",
                answer=ShortText(limit=100),
                missing="Enter the name of the person you refer",
                purpose="So that we know whom to ask for.",
                sensitivity=Sensitivity.IDENTIFIES,
            ),
            myself={"label": "Your name", "missing": "Enter your name"},
            person_responsible={"label": "Name of the person harmed, if you know it", "missing": ""},
        ),
        Question(
            name="represented_name",
            label="For a child, a relative who died or a business: their name",
            answer=ShortText(limit=100),
            routes=VICTIM,
            missing="Enter the name of the child, the relative who died or the business",
            required_if=_SPEAKS_FOR_ANOTHER,
            purpose="So that we know who was harmed when someone speaks for them.",
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        Question(
            name="victim_known_as",
            label="Which name should we use when we call?",
            answer=ShortText(limit=100),
            routes=VICTIM,
            purpose="So that we use the right name, and one that is safe.",
            safe_contact=Party.VICTIM,
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        *with_route_variants(
            Question(
                name="victim_age_group",
                label="Is the person who was harmed under 18 now?",
                hint="If someone died, answer about the relative you refer. For a business, choose 18 or over.",
                answer=OneOf(choices=(*_AGES, NOT_KNOWN)),
                routes=VICTIM,
                missing="Choose whether the person who was harmed is under 18",
                purpose="So that we take the right care with children. We help victims of any age.",
            ),
            myself={
                "hint": "If someone died, answer about yourself. For a business, choose 18 or over.",
                "answer": OneOf(choices=(*_AGES, PREFER_NOT_TO_SAY)),
            },
        ),
        *with_route_variants(
            Question(
                name="guardian_name",
                label="If the person is under 18: name of a parent or guardian",
                hint="Only if it is safe.",
                answer=ShortText(limit=100),
                routes=VICTIM,
                purpose="So that a parent can be asked, where that is safe.",
                sensitivity=Sensitivity.IDENTIFIES,
            ),
            myself={
                "label": "If you are under 18 and it is safe: name of a parent or guardian",
                "hint": "",
            },
        ),
        *with_route_variants(
            Question(
                name="guardian_contact",
                label="If the person is under 18: how to reach that parent or guardian",
                hint="Only if it is safe.",
                answer=ShortText(),
                routes=VICTIM,
                purpose="So that a parent can be asked, where that is safe.",
                sensitivity=Sensitivity.CONTACT,
            ),
            myself={
                "label": "If you are under 18 and it is safe: how to reach that parent or guardian",
                "hint": "",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_agrees",
                label="Does the person know about this referral and agree to it?",
                answer=YES_NO,
                routes=VICTIM,
                missing="Choose whether the person knows about this referral and agrees",
                purpose="It is their choice whether to take part.",
            ),
            myself={
                "label": "If you ask for a child: does the child know and want this?",
                "answer": OneOf(
                    choices=(
                        YES,
                        Choice(code="not_yet", label="Not yet"),
                        Choice(code="not_sure", label="I am not sure"),
                    )
                ),
                "missing": "",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_supporter",
                label="Someone who supports them",
                hint="Their name and how to reach them. They have agreed to this, and are not connected with the person "
                "responsible. If that is you, write Me. Needed only if you choose contact through them.",
                answer=ShortText(),
                missing="Enter who supports them, or choose another way to make contact",
                required_if=Condition(question="contact_methods", any_of=frozenset({"supporter"})),
                purpose="So that the person harmed can have someone beside them.",
                safe_contact=Party.VICTIM,
                sensitivity=Sensitivity.IDENTIFIES,
            ),
            myself={
                "label": "Someone who supports you",
                "hint": "Their name and how to reach them. They have agreed to this, and are not connected with the "
                "person who harmed you. Needed only if you choose contact through them.",
                "missing": "Enter who supports you, or choose another way to make contact",
            },
            person_responsible={
                "label": "Victim liaison officer or officer in the case, if known",
                "hint": "",
                "missing": "",
                "required_if": None,
            },
        ),
    ),
)
