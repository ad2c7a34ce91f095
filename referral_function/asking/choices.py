"""Choices and codes that several questions, criteria and the letter share."""

from referral_function.asking.answer_types import Choice, Flag, OneOf, Weight

VICTIM_LED_GROUPS = {
    "domestic": "Domestic violence or abuse",
    "sexual": "Sexual violence",
    "child_sexual_non_recent": "Sexual abuse of a child",
}
"""Codes of `offence_group` whose cases must be victim led, with their short names. Source: the referral criteria."""

YES = Choice(code="yes", label="Yes")
NO = Choice(code="no", label="No")
UNKNOWN = Flag(weight=Weight.UNKNOWN)
NOT_KNOWN = Choice(code="not_known", label="Not known", flag=UNKNOWN)
NOT_SURE = Choice(code="not_known", label="I am not sure", flag=UNKNOWN)
PREFER_NOT_TO_SAY = Choice(code="prefer_not_to_say", label="Prefer not to say")

YES_NO = OneOf(choices=(YES, NO))
YES_NO_NOT_KNOWN = OneOf(choices=(YES, NO, NOT_KNOWN))
YES_NO_NOT_SURE = OneOf(choices=(YES, NO, NOT_SURE))

_ABUSE = {code: Flag(weight=Weight.ABUSE, text=f"{name}: take extra care") for code, name in VICTIM_LED_GROUPS.items()}
OFFENCE_GROUPS = (
    Choice(
        code="domestic",
        label="Domestic violence or abuse",
        hint="By or against a partner, ex-partner or family member, of any age, living together or not.",
        flag=_ABUSE["domestic"],
    ),
    Choice(code="sexual", label="Sexual violence", flag=_ABUSE["sexual"]),
    Choice(
        code="child_sexual_non_recent",
        label="Sexual abuse of a child, recent or not",
        flag=_ABUSE["child_sexual_non_recent"],
    ),
    Choice(code="none", label="None of these"),
)
PARENT_OR_GUARDIAN = Choice(
    code="parent_or_guardian",
    label="The parent or guardian of a child who was harmed",
    flag=Flag(weight=Weight.CHILD, text="A parent asks: hear from the child first"),
    speaks_for="Parent or guardian of",
)
BEREAVED_RELATIVE = Choice(
    code="bereaved_relative",
    label="A close relative of someone who died",
    flag=Flag(weight=Weight.BEREAVED),
    speaks_for="Bereaved: close relative of",
)
SPEAKS_FOR_BUSINESS = Choice(
    code="business", label="Someone who speaks for a business that was harmed", speaks_for="Speaks for"
)
PEOPLE_REFERRED = (
    Choice(code="person_harmed", label="The person who was harmed"),
    PARENT_OR_GUARDIAN,
    BEREAVED_RELATIVE,
    SPEAKS_FOR_BUSINESS,
)
