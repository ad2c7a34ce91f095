"""The criteria under the published heading “What must be there for Restorative Justice to go ahead?”."""

from referral_function.asking.answer_types import Weight
from referral_function.asking.questions import PERSON_HARMED, PERSON_RESPONSIBLE, VICTIM, Route
from referral_function.deciding.criterion import Criterion, Note, Signpost, answers

_CAN_CHANGE = "Restorative Justice itself can go ahead only if they accept responsibility or are found guilty, and this can change."

PREREQUISITES: tuple[Criterion, ...] = (
    Criterion(
        code="victim_identified",
        name="Whether it is known who was harmed",
        statement="There is an identifiable victim.",
        questions=("victim_identified",),
        routes=PERSON_RESPONSIBLE,
        outcomes=(
            Signpost(
                when=answers(victim_identified="no"),
                heading="We do not know yet who was harmed",
                sentence="Restorative Justice cannot go ahead without an identifiable victim.",
                instead="Call us if you would like to talk it through.",
            ),
        ),
    ),
    Criterion(
        code="offender_identified",
        name="Whether it is known who caused harm",
        statement="There is an identified person who caused the harm, or a charged offender.",
        questions=("offender_identified",),
        routes=VICTIM,
        outcomes=(
            Signpost(
                when=answers(offender_identified="no"),
                heading="We do not know yet who did it",
                sentence="Restorative Justice can go ahead only when someone has been identified.",
                instead="If that changes, even years later, come back. You can call us at any time to talk it through.",
                other_services=("support_line",),
            ),
            Note(
                when=answers(offender_identified="not_sure"),
                flag="Not sure whether the person responsible has been identified",
                weight=Weight.UNKNOWN,
            ),
        ),
    ),
    Criterion(
        code="responsibility",
        name="Responsibility",
        statement="There is an admission of responsibility, or a guilty plea or finding of guilt if the case is going "
        "through the courts.",
        questions=("responsibility",),
        outcomes=(
            Signpost(
                when=answers(responsibility="denies"),
                routes=PERSON_RESPONSIBLE,
                heading="They do not accept responsibility",
                sentence=f"We cannot take this referral yet. {_CAN_CHANGE}",
                instead="Call us if you would like to talk it through.",
                also=((answers(court_stage="investigation awaiting_trial"), "Refer again when the case has ended."),),
            ),
            Note(
                when=answers(responsibility="denies"),
                routes=VICTIM,
                flag="Denies, not found guilty: talk only to the person harmed for now",
                sentence=f"We can talk now. {_CAN_CHANGE}",
            ),
            Note(
                when=answers(responsibility="not_known"),
                flag="Not known whether responsibility is accepted",
                weight=Weight.UNKNOWN,
            ),
        ),
    ),
    Criterion(
        code="victim_choice",
        name="Choice of the person harmed",
        statement="Restorative Justice is focused on the person harmed: it is their choice whether to take part.",
        questions=("victim_agrees",),
        routes=VICTIM,
        outcomes=(
            Signpost(
                when=answers(victim_agrees="no"),
                routes=PERSON_HARMED,
                heading="The person harmed has not agreed",
                sentence="It is the choice of the person harmed whether to take part.",
                instead="Please talk to the person first, alone and when it is safe. If they would like to know more, they can call us, "
                "or you can refer again when they agree.",
            ),
            Note(
                when=answers(victim_agrees="not_yet not_sure"),
                routes=frozenset({Route.MY_CHILD}),
                flag="A parent asks, and the child does not know or may not want this yet",
                weight=Weight.CHILD,
            ),
            Note(
                when=answers(victim_age_group="under_18"),
                routes=frozenset({Route.MYSELF}),
                flag="Written by a child: speak to them before any parent",
                weight=Weight.CHILD,
            ),
        ),
    ),
    Criterion(
        code="offender_choice",
        name="Choice of the person who caused harm",
        statement="The person who caused harm has to agree too.",
        questions=("offender_agrees",),
        routes=PERSON_RESPONSIBLE,
        outcomes=(
            Signpost(
                when=answers(offender_agrees="no"),
                heading="The person who caused harm does not agree",
                sentence="Both people must agree to take part.",
                instead="Refer again if this changes. Call us if you would like to talk it through.",
            ),
        ),
    ),
)
