"""The person harmed, and who supports them."""

from referral_function.asking.answer_types import Choice, Flag, OneOf, ShortText, Weight
from referral_function.asking.choices import NOT_KNOWN, PREFER_NOT_TO_SAY, UNKNOWN, YES, YES_NO
from referral_function.asking.conditions import Condition, NoneAnswered
from referral_function.asking.questions import (
    EVERYONE,
    PERSON_HARMED,
    VICTIM,
    ContactUse,
    Party,
    Question,
    Route,
    SafeContact,
    Sensitivity,
)

_CHILD = frozenset({Route.MY_CHILD})
_ASKED_FOR_AGE = frozenset({Route.MYSELF}) | PERSON_HARMED


def _ages(under_18: str, unknown: Choice) -> OneOf:
    flag = Flag(weight=Weight.UNDER_18, text=f"Under 18: {under_18}")
    return OneOf(
        choices=(
            Choice(code="under_18", label="Under 18", flag=flag),
            Choice(code="adult", label="18 or over"),
            unknown,
        )
    )


_IF_UNDER_18 = Condition(question="victim_age_group", any_of=frozenset({"under_18"}))

NAME = Question(
    name="victim_name",
    short="Name",
    label="Your name",
    answer=ShortText(limit=100),
    missing="Enter your name",
    purpose="So that we know who to ask for.",
    about=Party.VICTIM,
    is_name=True,
    sensitivity=Sensitivity.IDENTIFIES,
    variants={
        "person_harmed": {
            "label": "Name of the person you refer",
            "short": "Name of the person referred",
            "missing": "Enter the name of the person you refer",
        },
        "person_responsible": {
            "label": "Name of the person harmed",
            "short": "Name of the person harmed",
            "missing": "Give one thing by which we can find the person harmed: their name, a crime reference number, or a victim "
            "liaison officer or officer in the case",
            "needed_if": NoneAnswered(questions=("victim_supporter", "crime_reference")),
            "purpose": "So that we can find the person harmed.",
        },
    },
)
QUESTIONS = (
    Question(
        name="victim_agrees",
        short="Agreement of the person harmed",
        label="Does the person know about this referral and agree to it?",
        answer=YES_NO,
        routes=_CHILD | PERSON_HARMED,
        missing="Choose whether the person knows about this referral and agrees",
        purpose="It is their choice whether to take part.",
        variants={
            "my_child": {
                "short": "Whether the child knows and wants this",
                "label": "Does your child know about this, and want it?",
                "answer": OneOf(
                    choices=(
                        YES,
                        Choice(code="not_yet", label="Not yet"),
                        Choice(code="not_sure", label="I am not sure", flag=UNKNOWN),
                    )
                ),
                "missing": "Choose whether your child knows about this and wants it",
            }
        },
    ),
    Question(
        name="victim_known_as",
        short="Name to use",
        label="Which name should we use when we call?",
        answer=ShortText(limit=100),
        routes=VICTIM,
        purpose="So that we use the right name, and one that is safe.",
        safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.NAME),
        sensitivity=Sensitivity.IDENTIFIES,
    ),
    Question(
        name="victim_age_group",
        short="Age of the person harmed",
        label="How old is the person who was harmed now?",
        hint="If someone died, answer about the relative you refer. For a business, choose “18 or over”.",
        answer=_ages("the person harmed, or the relative of someone who died", NOT_KNOWN),
        routes=_ASKED_FOR_AGE,
        missing="Choose how old the person who was harmed is",
        purpose="So that we take the right care with children. We help victims of any age.",
        about=Party.VICTIM,
        variants={
            "own": {
                "label": "How old are you?",
                "hint": "",
                "answer": _ages("the person harmed", PREFER_NOT_TO_SAY),
                "missing": "",
            }
        },
    ),
    Question(
        name="guardian_name",
        short="Name of a parent or guardian",
        label="Name of a parent or guardian",
        hint="Leave it out if that is not safe.",
        answer=ShortText(limit=100),
        routes=_ASKED_FOR_AGE,
        needed_if=_IF_UNDER_18,
        purpose="So that a parent can be asked, where that is safe.",
        about=Party.VICTIM,
        sensitivity=Sensitivity.IDENTIFIES,
    ),
    Question(
        name="guardian_contact",
        short="Contact of a parent or guardian",
        label="How can we reach that parent or guardian?",
        hint="Leave it out if that is not safe.",
        answer=ShortText(),
        routes=_ASKED_FOR_AGE,
        needed_if=_IF_UNDER_18,
        purpose="So that a parent can be asked, where that is safe.",
        about=Party.VICTIM,
        sensitivity=Sensitivity.CONTACT,
    ),
)

SUPPORTER = Question(
    name="victim_supporter",
    short="Supporter",
    label="Someone who supports you",
    hint="Their name and how to reach them. They have agreed to this, and are not connected with the person who "
    "caused harm.",
    answer=ShortText(),
    routes=EVERYONE,
    missing="Enter who supports you, or choose another way to make contact",
    needed_if=Condition(question="contact_methods", any_of=frozenset({"supporter"})),
    purpose="So that the person harmed can have someone beside them.",
    safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.DETAIL, ways=frozenset({"supporter"})),
    sensitivity=Sensitivity.IDENTIFIES,
    variants={
        "contact_me": {"hint": "Their name and how to reach them."},
        "person_harmed": {
            "label": "Someone who supports them",
            "short": "Supporter of the person harmed",
            "hint": "Their name and how to reach them. They have agreed to this, and are not connected with the person "
            "responsible. If that is you, write Me.",
            "missing": "Enter who supports them, or choose another way to make contact",
        },
        "person_responsible": {
            "label": "Victim liaison officer or officer in the case, if known",
            "short": "Victim liaison officer or officer in the case",
            "safe_contact": None,
            "about": Party.VICTIM,
            "hint": "",
            "missing": "",
            "needed_if": None,
        },
    },
)
