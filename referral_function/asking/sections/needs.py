"""What would help: an interpreter, and everything else that makes taking part easier."""

from referral_function.asking.answer_types import Choice, Flag, LongText, OneOf, ShortText, Weight
from referral_function.asking.choices import NOT_KNOWN, NOT_SURE
from referral_function.asking.questions import EVERYONE, ContactUse, Party, Question, SafeContact, Sensitivity


def _interpreter(kind: str) -> Flag:
    return Flag(weight=Weight.INTERPRETER, text=f"Interpreter needed: {kind}")


_INTERPRETERS = (
    Choice(code="none", label="No"),
    Choice(code="spoken", label="Spoken language", flag=_interpreter("spoken language")),
    Choice(code="bsl", label="British Sign Language", flag=_interpreter("British Sign Language")),
    Choice(code="other_sign", label="Another sign language", flag=_interpreter("another sign language")),
)
_VICTIM_LANGUAGE = SafeContact(party=Party.VICTIM, use=ContactUse.LANGUAGE)
_OFFENDER_LANGUAGE = SafeContact(party=Party.OFFENDER, use=ContactUse.LANGUAGE)

INTERPRETER = (
    Question(
        name="interpreter",
        short="Interpreter",
        label="Do you need an interpreter?",
        answer=OneOf(choices=(*_INTERPRETERS, NOT_SURE)),
        routes=EVERYONE,
        purpose="So that everyone can speak in their own language.",
        safe_contact=_VICTIM_LANGUAGE,
        variants={
            "professional": {
                "label": "Does the person need an interpreter?",
                "answer": OneOf(choices=(*_INTERPRETERS, NOT_KNOWN)),
            },
            "person_responsible": {"safe_contact": _OFFENDER_LANGUAGE},
        },
    ),
    Question(
        name="language",
        short="Language or dialect",
        label="Language or dialect",
        hint="Say if you need a woman or a man, or someone from outside the local community.",
        answer=ShortText(),
        routes=EVERYONE,
        purpose="So that we find the right interpreter.",
        safe_contact=_VICTIM_LANGUAGE,
        sensitivity=Sensitivity.SPECIAL,
        variants={"person_responsible": {"safe_contact": _OFFENDER_LANGUAGE}},
    ),
)
NEEDS = (
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
    Question(
        name="hopes",
        short="Hopes",
        label="What does the person hope for?",
        answer=LongText(),
        purpose="So that we begin with what matters to the person.",
        variants={"own": {"label": "What do you hope for?"}},
    ),
)
