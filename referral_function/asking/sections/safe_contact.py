"""How to contact the person harmed, or whoever asks us to contact them, safely."""

from referral_function.asking.answer_types import AnyOf, Choice, LongText, ShortText, TextFormat, Way
from referral_function.asking.choices import YES_NO_NOT_KNOWN, YES_NO_NOT_SURE
from referral_function.asking.conditions import Condition
from referral_function.asking.questions import (
    EVERYONE,
    PERSON_RESPONSIBLE,
    ContactUse,
    Party,
    Question,
    SafeContact,
    Sensitivity,
)

_ASKED = EVERYONE - PERSON_RESPONSIBLE
_NO_PHONE = "You gave a phone number but did not choose phone or text. We will not use it."
_METHODS = (
    Choice(code="phone", label="Phone", way=Way(by="call to", never="call", unused=_NO_PHONE)),
    Choice(code="text", label="Text", way=Way(by="text to", never="text", unused=_NO_PHONE)),
    Choice(
        code="email",
        label="Email",
        way=Way(
            by="email to",
            never="email",
            unused="You gave an email address but did not choose email. We will not use it.",
        ),
    ),
    Choice(
        code="post",
        label="Post",
        way=Way(by="post to", never="write", unused="You gave an address but did not choose post. We will not use it."),
    ),
)
_SUPPORTER = Way(
    by="message through",
    unused="You did not choose contact through this person. We will not make contact through them.",
)
_CAUTIONS = "A text can show on a locked screen."


def _chosen(*methods: str) -> Condition:
    return Condition(question="contact_methods", any_of=frozenset(methods))


def _detail_of(*methods: str, use: ContactUse = ContactUse.DETAIL) -> SafeContact:
    return SafeContact(party=Party.VICTIM, use=use, ways=frozenset(methods))


QUESTIONS = (
    Question(
        name="contact_methods",
        short="Safe ways of contact",
        label="How is it safe to contact you?",
        hint="We use only the ways you choose.",
        answer=AnyOf(
            choices=(
                *_METHODS,
                Choice(code="supporter", label="Through the person who supports me", way=_SUPPORTER),
                Choice(code="i_will_call", label="Do not contact me. I will call you.", way=Way()),
            ),
            exclusive=frozenset({"i_will_call"}),
        ),
        routes=_ASKED,
        missing="Choose how it is safe to contact you",
        purpose="We use only the ways that are safe.",
        safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.WAYS),
        variants={
            "person_harmed": {
                "label": "How is it safe to contact them?",
                "hint": "Choose all that are safe.",
                "answer": AnyOf(
                    choices=(
                        *_METHODS,
                        Choice(code="supporter", label="Through the person who supports them", way=_SUPPORTER),
                    ),
                    exclusive=frozenset(),
                ),
                "missing": "Choose how it is safe to contact them",
            }
        },
    ),
    Question(
        name="victim_phone",
        short="Phone",
        label="Your phone number",
        answer=ShortText(text_format=TextFormat.PHONE),
        routes=_ASKED,
        missing="Enter a phone number, or choose another way to make contact",
        needed_if=_chosen("phone", "text"),
        purpose="So that we can call or text, if that is safe.",
        safe_contact=_detail_of("phone", "text"),
        sensitivity=Sensitivity.CONTACT,
        variants={"person_harmed": {"label": "Their phone number", "short": "Phone of the person harmed"}},
    ),
    Question(
        name="voicemail_ok",
        short="Voicemail",
        label="May we leave a message?",
        answer=YES_NO_NOT_SURE,
        routes=_ASKED,
        needed_if=_chosen("phone"),
        purpose="Somebody else may hear a message. We leave one only if the answer is Yes.",
        safe_contact=_detail_of("phone", use=ContactUse.VOICEMAIL),
        variants={"person_harmed": {"answer": YES_NO_NOT_KNOWN, "missing": "Choose whether we may leave a message"}},
    ),
    Question(
        name="victim_email",
        short="Email",
        label="Your email address",
        answer=ShortText(text_format=TextFormat.EMAIL),
        routes=_ASKED,
        missing="Enter an email address, or choose another way to make contact",
        needed_if=_chosen("email"),
        purpose="So that we can write, if that is safe.",
        safe_contact=_detail_of("email"),
        sensitivity=Sensitivity.CONTACT,
        variants={"person_harmed": {"label": "Their email address", "short": "Email of the person harmed"}},
    ),
    Question(
        name="victim_address",
        short="Address",
        label="Your address and postcode",
        answer=LongText(),
        routes=_ASKED,
        missing="Enter an address, or choose another way to make contact",
        needed_if=_chosen("post"),
        purpose="So that we can send a letter, if that is safe.",
        may_hold_postcode=True,
        safe_contact=_detail_of("post"),
        sensitivity=Sensitivity.CONTACT,
        variants={"person_harmed": {"label": "Their address and postcode", "short": "Address of the person harmed"}},
    ),
)

TIMES_AND_CAUTIONS = (
    Question(
        name="safe_times",
        short="Safe days and times",
        label="Safe days and times",
        answer=ShortText(),
        routes=_ASKED,
        purpose="So that we make contact when nobody else is there.",
        safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.TIMES),
    ),
    Question(
        name="contact_cautions",
        short="Cautions",
        label="What should we be careful about?",
        hint="For example: the person lives with you, sees your phone or post, or we must not say who we are. "
        + _CAUTIONS,
        answer=LongText(),
        routes=_ASKED,
        purpose="So that our contact puts nobody in danger.",
        safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.CAUTIONS),
        sensitivity=Sensitivity.CONTACT,
        variants={
            "contact_me": {"hint": _CAUTIONS},
            "person_harmed": {
                "hint": "For example: the person who caused harm lives with them, sees their phone or post, or we must not "
                f"say who we are. {_CAUTIONS}"
            },
        },
    ),
)
