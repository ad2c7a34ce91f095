"""Choices that many questions share."""

from referral_function.asking.questions import Choice, OneOf

YES = Choice(code="yes", label="Yes")
NO = Choice(code="no", label="No")
NOT_KNOWN = Choice(code="not_known", label="Not known")
NOT_SURE = Choice(code="not_known", label="I am not sure")
PREFER_NOT_TO_SAY = Choice(code="prefer_not_to_say", label="Prefer not to say")

YES_NO = OneOf(choices=(YES, NO))
YES_NO_NOT_KNOWN = OneOf(choices=(YES, NO, NOT_KNOWN))
YES_NO_NOT_SURE = OneOf(choices=(YES, NO, NOT_SURE))
