"""The answers that the published criteria turn on: section 1 of a professional, later and optional for people harmed."""

from referral_function.asking.answer_types import AnyOf, Choice, OneOf
from referral_function.asking.area import AREA, IN_THE_AREA
from referral_function.asking.choices import (
    NOT_KNOWN,
    NOT_SURE,
    OFFENCE_GROUPS,
    PREFER_NOT_TO_SAY,
    UNKNOWN,
    VICTIM_LED_GROUPS,
    YES_NO,
    YES_NO_NOT_KNOWN,
    YES_NO_NOT_SURE,
)
from referral_function.asking.conditions import Condition
from referral_function.asking.questions import PERSON_RESPONSIBLE, PROFESSIONAL, VICTIM, Question, Sensitivity

_RESPONSIBILITY = (
    Choice(code="admitted", label="Admitted"),
    Choice(code="pleaded_guilty", label="Pleaded guilty"),
    Choice(code="found_guilty", label="Found guilty"),
    Choice(code="denies", label="Denies it and has not been found guilty"),
)

_PLACES = (
    Choice(code="offender_address", label="The address of the person who caused harm"),
    Choice(code="offence_location", label="Where it happened"),
    Choice(code="none", label=f"None of these is {IN_THE_AREA}"),
)
_STAGES = (
    Choice(code="not_reported", label="Not reported to the police", danger=True),
    Choice(code="investigation", label="The police are investigating"),
    Choice(code="no_further_action", label="The police took no further action"),
    Choice(code="out_of_court", label="Dealt with out of court", hint="Such as a caution or a community resolution."),
    Choice(code="awaiting_trial", label="Waiting for a trial"),
    Choice(code="awaiting_sentence", label="Waiting for a sentence"),
    Choice(code="sentenced", label="Sentenced"),
    Choice(code="finished", label="The sentence has ended"),
    Choice(code="not_guilty", label="Found not guilty"),
)


def _area(*choices: Choice) -> AnyOf:
    return AnyOf(choices=choices, exclusive=frozenset({"none"}))


def _own_area(address: str) -> AnyOf:
    return _area(Choice(code="victim_address", label=address), *_PLACES, NOT_SURE)


OFFENCE_GROUP = Question(
    name="offence_group",
    short="Kind of abuse",
    label="Was it any of these?",
    hint="Choose all that apply.",
    answer=AnyOf(choices=(*OFFENCE_GROUPS, NOT_KNOWN), exclusive=frozenset({"none", "not_known"})),
    missing="Choose what kind of harm it was, or None of these",
    purpose="These cases must be led by the person harmed, and we take extra care with them.",
    sensitivity=Sensitivity.OFFENCE,
    variants={
        "own": {
            "hint": "Choose all that apply. We ask so that we take extra care. Your answer does not stop you.",
            "answer": AnyOf(
                choices=(*OFFENCE_GROUPS, PREFER_NOT_TO_SAY), exclusive=frozenset({"none", "prefer_not_to_say"})
            ),
            "missing": "",
            "purpose": "So that we take extra care.",
        }
    },
)

CRITERIA = (
    Question(
        name="victim_led",
        short="Asked for by the person harmed",
        label="Has the person harmed asked for this, by their own choice?",
        answer=YES_NO_NOT_KNOWN,
        routes=PROFESSIONAL,
        missing="Choose whether this request comes from the person harmed",
        needed_if=Condition(question="offence_group", any_of=frozenset({*VICTIM_LED_GROUPS, "not_known"})),
        purpose="In these cases only the person harmed can ask for Restorative Justice.",
        variants={
            "person_responsible": {
                "hint": "Answer “Yes” only if their support worker, victim liaison officer or the officer in the case told you. "
                "If you heard it from the person responsible or their family, choose “Not known”."
            }
        },
    ),
    Question(
        name="victim_identified",
        short="Person harmed is known",
        label="Is it known who was harmed?",
        hint="A business, or a relative of someone who died, counts.",
        answer=YES_NO,
        routes=PERSON_RESPONSIBLE,
        missing="Choose whether it is known who was harmed",
        purpose="Restorative Justice needs an identifiable victim.",
    ),
    Question(
        name="offender_identified",
        short="Person responsible is known",
        label="Do you, the police or anyone else know who did it?",
        hint="You do not need to know their name.",
        answer=OneOf(choices=(*YES_NO.choices, Choice(code="not_sure", label="I am not sure", flag=UNKNOWN))),
        routes=VICTIM,
        missing="Choose whether anyone knows who did it",
        purpose="Restorative Justice needs someone who has been identified or charged.",
        variants={"own": {"missing": ""}},
    ),
    Question(
        name="offender_adult",
        short="Person responsible is 18 or over",
        label="Is the person who caused harm 18 or over now?",
        hint="They may have been younger when it happened. "
        "If there was more than one, answer about one who is 18 or over.",
        answer=YES_NO_NOT_KNOWN,
        missing="Choose whether the person who caused harm is 18 or over",
        purpose="We work with people who caused harm and are 18 or over; other services work with younger people.",
        variants={"own": {"answer": YES_NO_NOT_SURE, "missing": ""}},
    ),
    Question(
        name="responsibility",
        short="Responsibility",
        label="Has the person who caused harm accepted responsibility?",
        hint="If a court found them guilty, choose “Found guilty”, even if they still deny it. "
        "Choose “Admitted” if they accept some of it, or took a caution.",
        answer=OneOf(choices=(*_RESPONSIBILITY, NOT_KNOWN)),
        missing="Choose whether the person who caused harm has accepted responsibility",
        purpose="Restorative Justice needs an admission, a guilty plea or a finding of guilt.",
        sensitivity=Sensitivity.OFFENCE,
        variants={"own": {"answer": OneOf(choices=(*_RESPONSIBILITY, NOT_SURE)), "missing": ""}},
    ),
    Question(
        name="area_link",
        short=f"Link to {AREA}",
        label=f"Which of these are {IN_THE_AREA}?",
        hint="Choose all that apply. In prison and not sure which address counts? Choose “Not known”.",
        answer=_area(
            Choice(
                code="victim_address",
                label="The address of the person harmed",
                hint="Or of the bereaved relative, or of the business.",
            ),
            *_PLACES,
            NOT_KNOWN,
        ),
        missing=f"Choose what is {IN_THE_AREA}",
        purpose=f"We cover {AREA}; if nothing is there, another service can help.",
        variants={
            "own": {
                "hint": "Choose all that apply. If they are in prison and you are not sure which address counts, "
                "choose “I am not sure”.",
                "answer": _own_area("Your address"),
                "missing": "",
            },
            "my_child": {"answer": _own_area("Your child’s address or yours")},
            "my_business": {"answer": _own_area("The address of the business")},
        },
    ),
    Question(
        name="court_stage",
        short="Stage of the case",
        label="Where is the case now?",
        answer=OneOf(choices=(*_STAGES, NOT_KNOWN)),
        missing="Choose where the case is now",
        purpose="If a case is going through court we may wait until it has come to a conclusion.",
        sensitivity=Sensitivity.OFFENCE,
        variants={"own": {"answer": OneOf(choices=(*_STAGES, NOT_SURE)), "missing": ""}},
    ),
)
