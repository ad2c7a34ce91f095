"""How to contact the person harmed safely."""

from referral_function.asking.answer_types import AnyOf, Choice, LongText, ShortText, TextFormat, Way
from referral_function.asking.choices import YES_NO_NOT_KNOWN, YES_NO_NOT_SURE
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

_NO_PHONE = "You gave a phone number but did not choose phone or text. We will not use it."
_METHODS = (
    Choice(code="phone", label="Phone call", way=Way(by="call to", never="call", unused=_NO_PHONE)),
    Choice(code="text", label="Text message", way=Way(by="text to", never="text", unused=_NO_PHONE)),
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

SECTION = Section(
    title="How to contact them safely",
    route_titles={Route.MYSELF: "How to contact you safely"},
    questions=(
        *with_route_variants(
            Question(
                name="contact_methods",
                short="Safe ways of contact",
                label="How is it safe to contact them?",
                hint="Choose all that are safe.",
                answer=AnyOf(
                    choices=(
                        *_METHODS,
                        Choice(code="supporter", label="Through the person who supports them", way=_SUPPORTER),
                    ),
                    exclusive=frozenset(),
                ),
                routes=VICTIM,
                missing="Choose how it is safe to contact them",
                purpose="We use only the ways that are safe for the person harmed.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.WAYS),
            ),
            myself={
                "label": "How is it safe to contact you?",
                "answer": AnyOf(
                    choices=(
                        *_METHODS,
                        Choice(code="supporter", label="Through the person who supports me", way=_SUPPORTER),
                        Choice(code="i_will_call", label="Do not contact me. I will call you.", way=Way()),
                    ),
                    exclusive=frozenset({"i_will_call"}),
                ),
                "missing": "Choose how it is safe to contact you",
            },
        ),
        *with_route_variants(
            Question(
                name="victim_phone",
                short="Phone of the person harmed",
                label="If you chose phone or text: their phone number",
                answer=ShortText(text_format=TextFormat.PHONE),
                routes=VICTIM,
                missing="Enter a phone number, or choose another way to make contact",
                required_if=Condition(question="contact_methods", any_of=frozenset({"phone", "text"})),
                purpose="So that we can call or text, if that is safe.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.DETAIL, ways=frozenset({"phone", "text"})),
                sensitivity=Sensitivity.CONTACT,
            ),
            myself={"label": "If you chose phone or text: your phone number"},
        ),
        *with_route_variants(
            Question(
                name="voicemail_ok",
                short="Voicemail",
                label="If you chose phone: may we leave a message?",
                answer=YES_NO_NOT_KNOWN,
                routes=VICTIM,
                missing="Choose whether we may leave a message",
                required_if=Condition(question="contact_methods", any_of=frozenset({"phone"})),
                purpose="Somebody else may hear a message. We leave one only if the answer is Yes.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.VOICEMAIL, ways=frozenset({"phone"})),
            ),
            myself={"answer": YES_NO_NOT_SURE},
        ),
        *with_route_variants(
            Question(
                name="victim_email",
                short="Email of the person harmed",
                label="If you chose email: their email address",
                answer=ShortText(text_format=TextFormat.EMAIL),
                routes=VICTIM,
                missing="Enter an email address, or choose another way to make contact",
                required_if=Condition(question="contact_methods", any_of=frozenset({"email"})),
                purpose="So that we can write, if that is safe.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.DETAIL, ways=frozenset({"email"})),
                sensitivity=Sensitivity.CONTACT,
            ),
            myself={"label": "If you chose email: your email address"},
        ),
        *with_route_variants(
            Question(
                name="victim_address",
                short="Address of the person harmed",
                label="If you chose post: their address and postcode",
                answer=LongText(),
                routes=VICTIM,
                missing="Enter an address, or choose another way to make contact",
                required_if=Condition(question="contact_methods", any_of=frozenset({"post"})),
                purpose="So that we can send a letter, if that is safe.",
                place=True,
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.DETAIL, ways=frozenset({"post"})),
                sensitivity=Sensitivity.CONTACT,
            ),
            myself={"label": "If you chose post: your address and postcode"},
        ),
        Question(
            name="safe_times",
            short="Safe days and times",
            label="Days and times that are safe",
            answer=ShortText(),
            routes=VICTIM,
            purpose="So that we make contact when nobody else is there.",
            safe_contact=SafeContact(party=Party.VICTIM, use=Use.TIMES),
        ),
        *with_route_variants(
            Question(
                name="contact_cautions",
                short="Cautions",
                label="What should we be careful about when we make contact?",
                hint="For example: the person who caused harm lives with them, sees their phone or post, or we must not "
                f"say who we are. {_CAUTIONS}",
                answer=LongText(),
                routes=VICTIM,
                purpose="So that our contact puts nobody in danger.",
                safe_contact=SafeContact(party=Party.VICTIM, use=Use.CAUTIONS),
                sensitivity=Sensitivity.CONTACT,
            ),
            myself={
                "hint": "For example: the person lives with you, sees your phone or post, or we must not say who we are. "
                + _CAUTIONS
            },
        ),
    ),
)
