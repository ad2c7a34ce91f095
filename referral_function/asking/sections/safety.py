"""The last three sections: keeping everyone safe, what would help, and the wish about contact."""

from referral_function.asking.answer_types import Choice, Flag, LongText, OneOf, ShortText, Tick, Weight
from referral_function.asking.choices import NO, NOT_KNOWN, NOT_SURE
from referral_function.asking.questions import (
    MYSELF,
    PROFESSIONAL,
    Party,
    Question,
    Route,
    SafeContact,
    Section,
    Sensitivity,
    Use,
    with_route_variants,
)

_DANGER = Choice(code="yes", label="Yes", danger=True)
_DANGER_NOT_KNOWN = OneOf(choices=(_DANGER, NO, NOT_KNOWN))


def _interpreter(kind: str) -> Flag:
    return Flag(weight=Weight.INTERPRETER, text=f"Interpreter needed: {kind}")


_INTERPRETERS = (
    Choice(code="none", label="No"),
    Choice(code="spoken", label="Yes, for a spoken language", flag=_interpreter("spoken language")),
    Choice(code="bsl", label="Yes, for British Sign Language", flag=_interpreter("British Sign Language")),
    Choice(code="other_sign", label="Yes, for another sign language", flag=_interpreter("another sign language")),
)
_VICTIM_LANGUAGE = SafeContact(party=Party.VICTIM, use=Use.LANGUAGE)
_OFFENDER_LANGUAGE = SafeContact(party=Party.OFFENDER, use=Use.LANGUAGE)

SAFETY = Section(
    title="Keeping everyone safe",
    route_titles={Route.MYSELF: "Keeping you safe"},
    questions=(
        *with_route_variants(
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
            ),
            myself={"label": "Is there anything that worries you about your safety?", "hint": "", "missing": ""},
        ),
        *with_route_variants(
            Question(
                name="no_contact_order",
                short="Order that forbids contact",
                label="Is there an order that forbids contact?",
                hint="For example a restraining order, a licence condition or an injunction.",
                answer=_DANGER_NOT_KNOWN,
                missing="Choose whether there is an order that forbids contact",
                purpose="So that nothing we do breaks an order of a court.",
                sensitivity=Sensitivity.OFFENCE,
            ),
            myself={
                "label": "Is there a court order that says they must not contact you?",
                "hint": "",
                "answer": OneOf(choices=(_DANGER, NO, NOT_SURE)),
                "missing": "",
            },
        ),
        *with_route_variants(
            Question(
                name="multi_agency",
                short="Known to MARAC",
                label="Is the person harmed known to MARAC?",
                answer=_DANGER_NOT_KNOWN,
                routes=PROFESSIONAL,
                missing="Choose whether the person harmed is known to MARAC",
                purpose="So that we work with the others who keep people safe.",
                sensitivity=Sensitivity.OFFENCE,
            ),
            person_responsible={
                "label": "Is the person responsible managed under MAPPA?",
                "short": "Managed under MAPPA",
                "hint": "Do not mention MARAC anywhere on this form.",
                "missing": "Choose whether the person responsible is managed under MAPPA",
            },
        ),
    ),
)

HELP = Section(
    title="What would help",
    questions=(
        *with_route_variants(
            Question(
                name="interpreter",
                short="Interpreter",
                label="Does the person need an interpreter?",
                answer=OneOf(choices=(*_INTERPRETERS, NOT_KNOWN)),
                purpose="So that everyone can speak in their own language.",
                safe_contact=_VICTIM_LANGUAGE,
            ),
            myself={
                "label": "Do you need an interpreter?",
                "answer": OneOf(choices=(*_INTERPRETERS, NOT_SURE)),
            },
            person_responsible={"safe_contact": _OFFENDER_LANGUAGE},
        ),
        *with_route_variants(
            Question(
                name="language",
                short="Language or dialect",
                label="Language or dialect",
                hint="Say if you need a woman or a man, or someone from outside the local community.",
                answer=ShortText(),
                purpose="So that we find the right interpreter.",
                safe_contact=_VICTIM_LANGUAGE,
                sensitivity=Sensitivity.SPECIAL,
            ),
            person_responsible={"safe_contact": _OFFENDER_LANGUAGE},
        ),
        Question(
            name="communication_needs",
            short="Communication needs",
            label="What would make talking, reading or writing easier?",
            hint="For example large print, short conversations, or easy words.",
            answer=LongText(),
            purpose="So that we communicate in a way that works.",
            sensitivity=Sensitivity.SPECIAL,
        ),
        Question(
            name="access_needs",
            short="Access needs",
            label="What would make a meeting place easier to use?",
            hint="For example step-free access, a quiet room, or breaks.",
            answer=LongText(),
            purpose="So that we choose a place that works.",
            sensitivity=Sensitivity.SPECIAL,
        ),
        *with_route_variants(
            Question(
                name="hopes",
                short="Hopes",
                label="What does the person hope for?",
                answer=LongText(),
                purpose="So that we begin with what matters to the person.",
            ),
            myself={"label": "What do you hope for?"},
        ),
    ),
)

CONSENT = Section(
    title="Before you send",
    questions=(
        Question(
            name="contact_wish",
            short="Contact only in the way chosen",
            label="How we contact you",
            answer=Tick(
                statement="I want the service to contact me only in the way I have chosen, or to wait for my call."
            ),
            routes=MYSELF,
            missing="Tick the box to say that we may contact you in the way you have chosen, or wait for your call",
            purpose="So that we act only on your wish.",
        ),
    ),
)
