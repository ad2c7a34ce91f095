"""What is asked only of somebody who wants to be called or written to first."""

from referral_function.asking.answer_types import Choice, Flag, LongText, OneOf, ShortText, Weight
from referral_function.asking.questions import ContactUse, Party, Question, Route, SafeContact, Sensitivity

_ROUTES = frozenset({Route.CONTACT_ME})

ABOUT_YOU = (
    Question(
        name="known_as",
        short="Name to use",
        label="What should we call you?",
        hint="It does not have to be your real name.",
        answer=ShortText(limit=100),
        routes=_ROUTES,
        missing="Enter what we should call you",
        purpose="So that we know who to ask for.",
        safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.NAME),
        sensitivity=Sensitivity.IDENTIFIES,
    ),
    Question(
        name="i_am",
        short="Who asks",
        label="Which of these fits you?",
        answer=OneOf(
            choices=(
                Choice(code="harmed", label="I was harmed"),
                Choice(
                    code="caused_harm",
                    label="I caused harm",
                    flag=Flag(weight=Weight.OTHER, text="The person who asks caused harm"),
                ),
                Choice(code="close_to_someone_harmed", label="Someone close to me was harmed"),
                Choice(code="other", label="Something else"),
            )
        ),
        routes=_ROUTES,
        purpose="So that the right person calls.",
        about=Party.VICTIM,
        sensitivity=Sensitivity.OFFENCE,
    ),
)
MESSAGE = Question(
    name="message",
    short="Message",
    label="Anything you want us to know before we call",
    hint="You do not have to say anything.",
    answer=LongText(),
    routes=_ROUTES,
    purpose="So that you need not explain it twice.",
    sensitivity=Sensitivity.OFFENCE,
)
