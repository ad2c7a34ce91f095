"""The section about the person harmed."""

from referral_function.asking.answer_types import Choice, Flag, OneOf, ShortText, Weight
from referral_function.asking.choices import (
    NOT_KNOWN,
    PEOPLE_REFERRED,
    PEOPLE_WHO_REFER_THEMSELVES,
    PREFER_NOT_TO_SAY,
    UNKNOWN,
    YES,
    YES_NO,
)
from referral_function.asking.questions import (
    VICTIM,
    Condition,
    Party,
    Question,
    Route,
    SafeContact,
    Section,
    Sensitivity,
    Use,
    with_route_variants,
)

_UNDER_18 = Flag(weight=Weight.UNDER_18, text="Under 18: the person harmed, or the relative of someone who died")
_AGES = (Choice(code="under_18", label="Under 18", flag=_UNDER_18), Choice(code="adult", label="18 or over"))
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
                short="Who is referred",
                label="Who is the person you refer?",
                answer=OneOf(choices=PEOPLE_REFERRED),
                routes=VICTIM,
                missing="Choose who the person you refer is",
                purpose="So that we know whom to talk with, and about whom.",
                about=Party.VICTIM,
            ),
            myself={
                "label": "Who are you?",
                "answer": OneOf(choices=PEOPLE_WHO_REFER_THEMSELVES),
                "missing": "Choose who you are",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_name",
                short="Name of the person referred",
                label="Name of the person you refer",
                answer=ShortText(limit=100),
                missing="Enter the name of the person you refer",
                purpose="So that we know whom to ask for.",
                about=Party.VICTIM,
                is_name=True,
                sensitivity=Sensitivity.IDENTIFIES,
            ),
            myself={"label": "Your name", "short": "Name", "missing": "Enter your name"},
            person_responsible={
                "label": "Name of the person harmed, if you know it",
                "short": "Name of the person harmed",
                "missing": "",
            },
        ),
        Question(
            name="represented_name",
            short="Name of the person or business spoken for",
            label="For a child, a relative who died or a business: their name",
            answer=ShortText(limit=100),
            routes=VICTIM,
            missing="Enter the name of the child, the relative who died or the business",
            required_if=_SPEAKS_FOR_ANOTHER,
            purpose="So that we know who was harmed when someone speaks for them.",
            about=Party.REPRESENTED,
            is_name=True,
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        Question(
            name="victim_known_as",
            short="Name to use",
            label="Which name should we use when we call?",
            answer=ShortText(limit=100),
            routes=VICTIM,
            purpose="So that we use the right name, and one that is safe.",
            safe_contact=SafeContact(party=Party.VICTIM, use=Use.NAME),
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        *with_route_variants(
            Question(
                name="victim_age_group",
                short="Age of the person harmed",
                label="Is the person who was harmed under 18 now?",
                hint="If someone died, answer about the relative you refer. For a business, choose 18 or over.",
                answer=OneOf(choices=(*_AGES, NOT_KNOWN)),
                routes=VICTIM,
                missing="Choose whether the person who was harmed is under 18",
                purpose="So that we take the right care with children. We help victims of any age.",
                about=Party.VICTIM,
            ),
            myself={
                "hint": "If someone died, answer about yourself. For a business, choose 18 or over.",
                "answer": OneOf(choices=(*_AGES, PREFER_NOT_TO_SAY)),
            },
        ),
        *with_route_variants(
            Question(
                name="guardian_name",
                short="Name of a parent or guardian",
                label="If the person is under 18: name of a parent or guardian",
                hint="Only if it is safe.",
                answer=ShortText(limit=100),
                routes=VICTIM,
                purpose="So that a parent can be asked, where that is safe.",
                about=Party.VICTIM,
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
                short="Contact of a parent or guardian",
                label="If the person is under 18: how to reach that parent or guardian",
                hint="Only if it is safe.",
                answer=ShortText(),
                routes=VICTIM,
                purpose="So that a parent can be asked, where that is safe.",
                about=Party.VICTIM,
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
                short="Agreement of the person harmed",
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
                        Choice(code="not_sure", label="I am not sure", flag=UNKNOWN),
                    )
                ),
                "missing": "",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_supporter",
                short="Supporter of the person harmed",
                label="Someone who supports them",
                hint="Their name and how to reach them. They have agreed to this, and are not connected with the person "
                "responsible. If that is you, write Me. Needed only if you choose contact through them.",
                answer=ShortText(),
                missing="Enter who supports them, or choose another way to make contact",
                required_if=Condition(question="contact_methods", any_of=frozenset({"supporter"})),
                purpose="So that the person harmed can have someone beside them.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.DETAIL, ways=frozenset({"supporter"})),
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
                "short": "Victim liaison officer or officer in the case",
                "safe_contact": None,
                "about": Party.VICTIM,
                "hint": "",
                "missing": "",
                "required_if": None,
            },
        ),
    ),
)
