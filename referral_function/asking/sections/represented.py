"""The child, the relative who died or the business for whom the person harmed speaks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from referral_function.asking.answer_types import Choice, OneOf, ShortText
from referral_function.asking.choices import BEREAVED_RELATIVE, PARENT_OR_GUARDIAN, PEOPLE_REFERRED, SPEAKS_FOR_BUSINESS
from referral_function.asking.conditions import Condition
from referral_function.asking.questions import PERSON_HARMED, VICTIM, Party, Question, Route, Sensitivity

SPEAKERS: Final[Mapping[Route, Choice]] = {
    Route.MY_CHILD: PARENT_OR_GUARDIAN,
    Route.SOMEONE_WHO_DIED: BEREAVED_RELATIVE,
    Route.MY_BUSINESS: SPEAKS_FOR_BUSINESS,
}
"""Who speaks for another, on the routes whose name says it; a professional is asked `relationship` instead."""

_CHILD = frozenset({Route.MY_CHILD})
_PARENTS = tuple(
    replace(PARENT_OR_GUARDIAN, code=code, label=label, speaks_for=f"{label} of")
    for code, label in (("mother", "Mother"), ("father", "Father"), ("other", "Step-parent, carer or guardian"))
)
_RELATIVES = tuple(
    replace(BEREAVED_RELATIVE, code=code, label=label, speaks_for=f"Bereaved: {label.lower()} of")
    for code, label in (
        ("mother", "Mother"),
        ("father", "Father"),
        ("sister", "Sister"),
        ("brother", "Brother"),
        ("partner", "Wife, husband or partner"),
        ("child", "Son or daughter"),
        ("other", "Another relative"),
    )
)

RELATIONSHIP = Question(
    name="relationship",
    short="Who is referred",
    label="Who is the person you refer?",
    answer=OneOf(choices=PEOPLE_REFERRED),
    routes=PERSON_HARMED,
    missing="Choose who the person you refer is",
    purpose="So that we know who to talk with, and who it is about.",
    about=Party.VICTIM,
)
QUESTIONS = (
    Question(
        name="represented_name",
        short="Name of the person or business spoken for",
        label="Name of the child, the relative who died or the business",
        answer=ShortText(limit=100),
        routes=VICTIM - {Route.MYSELF},
        missing="Enter the name of the child, the relative who died or the business",
        purpose="So that we know who was harmed when someone speaks for them.",
        about=Party.REPRESENTED,
        is_name=True,
        sensitivity=Sensitivity.IDENTIFIES,
        variants={
            "my_child": {
                "short": "Name of the child",
                "label": "Your child’s name",
                "missing": "Enter your child’s name",
            },
            "someone_who_died": {
                "short": "Name of the person who died",
                "label": "Name of the person who died",
                "missing": "Enter the name of the person who died",
            },
            "my_business": {
                "short": "Name of the business",
                "label": "Name of the business",
                "missing": "Enter the name of the business",
            },
            "person_harmed": {
                "needed_if": Condition(
                    question="relationship", any_of=frozenset({"parent_or_guardian", "bereaved_relative", "business"})
                )
            },
        },
    ),
    Question(
        name="kinship",
        short="Relationship to the person who died",
        label="Who are you to the person who died?",
        answer=OneOf(choices=_RELATIVES),
        routes=_CHILD | {Route.SOMEONE_WHO_DIED},
        purpose="So that we know who we talk with, and who else in the family may want to be asked.",
        about=Party.REPRESENTED,
        variants={
            "my_child": {
                "short": "Relationship to the child",
                "label": "Who are you to your child?",
                "answer": OneOf(choices=_PARENTS),
            }
        },
    ),
    Question(
        name="represented_age",
        short="Age of the child",
        label="How old is your child?",
        answer=ShortText(limit=100),
        routes=_CHILD,
        purpose="So that we take the right care with children. We help victims of any age.",
        about=Party.REPRESENTED,
    ),
)
