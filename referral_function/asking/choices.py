"""Choices and codes that several questions, criteria and the letter share."""

from referral_function.asking.answer_types import Choice, OneOf

VICTIM_LED_GROUPS = {
    "domestic": "Domestic violence or abuse",
    "sexual": "Sexual violence",
    "child_sexual_non_recent": "Sexual abuse of a child",
}
"""Codes of `offence_group` whose cases must be victim led, with their short names. Source: the referral criteria."""

YES = Choice(code="yes", label="Yes")
NO = Choice(code="no", label="No")
NOT_KNOWN = Choice(code="not_known", label="Not known")
NOT_SURE = Choice(code="not_known", label="I am not sure")
PREFER_NOT_TO_SAY = Choice(code="prefer_not_to_say", label="Prefer not to say")

YES_NO = OneOf(choices=(YES, NO))
YES_NO_NOT_KNOWN = OneOf(choices=(YES, NO, NOT_KNOWN))
YES_NO_NOT_SURE = OneOf(choices=(YES, NO, NOT_SURE))
