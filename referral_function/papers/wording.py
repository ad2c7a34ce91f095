"""The sentences of the paper form beside its questions: before you start, what we do with it, how to send it safely.

A placeholder such as `{phone}` is filled from `extra.service` of `service.yml`; a sentence whose value is empty there is
left out.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from referral_function.asking.questions import OWN, PROFESSIONAL, Route

_EMERGENCY = "This form is not for emergencies. If you are in danger, call 999."
_QUESTIONS = "Questions? Call {phone}. {phone_cost}"
_RELAY = "{relay_uk}"
_LOOK_FIRST = "Read the criteria and answer part 1 first. If you think that we cannot help, please do not fill in the rest: call us."
_TELL_THEM = (
    "Tell the person who we are, what you send us, why, and where our privacy notice is: on our website. "
    "If it is not safe to give them the notice, say so on the form."
)

HOW_TO_FILL_IN = (
    "Tick the boxes that fit, and write in the spaces for answers. If a space is too small, add a sheet of paper. "
    "Questions marked “optional” can be left out."
)
IN_WORD = "On a computer, click a box to tick it."
IN_ODT = "On a computer, type an X in place of a box."
TITLES: Mapping[Route, str] = {
    Route.MYSELF: "Ask for yourself",
    Route.MY_CHILD: "Ask for your child",
    Route.SOMEONE_WHO_DIED: "Ask about someone who died",
    Route.MY_BUSINESS: "Ask for your business",
    Route.CONTACT_ME: "Ask us to contact you",
    Route.PERSON_HARMED: "Refer a person who was harmed",
    Route.PERSON_RESPONSIBLE: "Refer a person who caused harm",
}
_OWN_BEFORE_YOU_START = (
    _EMERGENCY,
    "We may have to tell someone if a child or anyone else is not safe.",
    "We do not contact the person who caused harm until we have talked with you and you agree. We contact you only in the ways you choose.",
    "Someone you trust can help you fill this in, or we can do it with you by phone: {phone}. {phone_cost} Do not use anyone connected with the person who caused harm.",
    _RELAY,
    "Keep this form where nobody else will find it. A file that you save stays on the computer or phone.",
)
BEFORE_YOU_START: Mapping[Route, tuple[str, ...]] = {
    **dict.fromkeys(OWN, _OWN_BEFORE_YOU_START),
    Route.CONTACT_ME: (),
    Route.PERSON_HARMED: (
        _EMERGENCY,
        "This form is for professionals who support a person harmed by a crime.",
        "Talk to the person alone, when it is safe. They must know about this referral and agree to it.",
        "Do not give or send them this form unless they say that is safe.",
        "Do not contact the person responsible about this. We do that, and only after we have spoken with the person harmed.",
        _TELL_THEM,
        _LOOK_FIRST,
        _QUESTIONS,
        _RELAY,
    ),
    Route.PERSON_RESPONSIBLE: (
        _EMERGENCY,
        "This form is for professionals who work with a person responsible for a crime.",
        "Do not contact the person harmed about this.",
        "After domestic violence, sexual violence or sexual abuse of a child, we can take a referral only if the person harmed has asked for it.",
        "Do not give the address, phone number or email of the person harmed anywhere on this form.",
        "Use one form for each person you refer.",
        _TELL_THEM,
        _LOOK_FIRST,
        _QUESTIONS,
        _RELAY,
    ),
}

_CONFIDENTIAL = (
    "What you tell us is confidential. If someone is at risk of serious harm we may have to tell others, and we tell you "
    "first if that is safe."
)
HANDLING: Mapping[Route, tuple[str, ...]] = {
    **dict.fromkeys(OWN, (_CONFIDENTIAL, "An agency that supports you is told about outcomes.")),
    Route.CONTACT_ME: (_CONFIDENTIAL,),
    **dict.fromkeys(PROFESSIONAL, (_CONFIDENTIAL, "An agency that supports the person is told about outcomes.")),
}

_NOT_ORDINARY = (
    "Do not send it from an ordinary mailbox unless that mailbox is secure: other people may read it on the way, and "
    "it normally cannot reach that address."
)
_BY_POST = "By post, in a sealed envelope marked “Confidential”: {postal_address}."
ONLINE = "Or use the form on our website: what you send there reaches us encrypted."
_PROFESSIONAL_SENDING = (
    "Send it from a secure (CJSM) email account to: {email}",
    _NOT_ORDINARY,
    "No secure account? Call {phone}, and we agree a safe way with you.",
    _BY_POST,
    ONLINE,
    "Keep only the copies that your organisation’s rules ask for.",
)
_OWN_SENDING = (
    "Call us before you send it: {phone}. {phone_cost} We agree a safe way with you, or fill it in with you by phone.",
    _BY_POST,
    "Someone who supports you in their work, such as a victims’ service, can send it for you from a secure (CJSM) email account to: {email}",
    _NOT_ORDINARY,
    ONLINE,
)
SENDING: Mapping[Route, tuple[str, ...]] = {
    **dict.fromkeys(OWN, _OWN_SENDING),
    Route.CONTACT_ME: (),
    **dict.fromkeys(PROFESSIONAL, _PROFESSIONAL_SENDING),
}


def fill_in(sentences: Iterable[str], service: Mapping[str, Any]) -> tuple[str, ...]:
    """Fill the placeholders; leave out each sentence with an empty value."""
    values = {**service, "phone": service["phone"].replace(" ", "\N{NO-BREAK SPACE}")}
    return tuple(
        sentence.format_map(values)
        for sentence in sentences
        if all(service.get(name) for name in re.findall(r"{(\w+)}", sentence))
    )
