"""The letter: the content of a referral's email, in the order in which staff need it.

`letter_content` fills it; `letter_text` and `letter_html` are its two faces.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from referral_function.asking.answer_types import Choice, Weight
from referral_function.asking.answers import answer_text
from referral_function.asking.choices import UNKNOWN
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions, questions_by_name
from referral_function.deciding.criterion import Answers, Criterion, Note
from referral_function.deciding.decision import CRITERIA, definition_version
from referral_function.deciding.support_lines import IN_WORDS, fitting_support

ROUTE_NAMES = {
    Route.MYSELF: "A person harmed refers themselves",
    Route.MY_CHILD: "A parent or guardian asks for a child who was harmed",
    Route.SOMEONE_WHO_DIED: "A close relative asks about someone who died",
    Route.MY_BUSINESS: "Someone asks for a business that was harmed",
    Route.CONTACT_ME: "Someone asks us to contact them first",
    Route.PERSON_HARMED: "A professional refers a person harmed",
    Route.PERSON_RESPONSIBLE: "A professional refers a person who caused harm",
}
SUBJECT_WORDS = {
    Route.MYSELF: "self",
    Route.MY_CHILD: "child",
    Route.SOMEONE_WHO_DIED: "bereaved",
    Route.MY_BUSINESS: "business",
    Route.CONTACT_ME: "call-back",
    Route.PERSON_HARMED: "harmed",
    Route.PERSON_RESPONSIBLE: "responsible",
}
PERSON_WILL_CALL = "DO NOT CONTACT. The person will call."
UNUSED = " (not chosen: do not use)"
VOICEMAIL_SAID = " (answered: "
VOICEMAIL = {True: "you may leave a message", False: "DO NOT leave a message"}
NO_DANGER = "no danger was named. That does not mean that there is none."
NOT_ANSWERED = "Not answered"
ONLY_BY, OR_BY, ASK_FOR = "Contact ONLY by", "or by", "Ask for"


class Place(StrEnum):
    """The part of the letter in which an answer stands."""

    CONTACT = "Contact"
    DANGER = "Danger"
    WHO = "Who"
    SECTION = "Section"
    UNUSED = "Unused"  # in its section, marked: the detail of a way of contact that was not chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the letter; `typed` text is the referrer's own and stands exactly as typed, after the words `before`."""

    text: str
    label: str = ""
    before: str = ""
    typed: bool = False
    link: str = ""  # the scheme of a link: `tel` or `mailto`


Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRows:
    """One section of the form: the parts of the letter that show some of its answers, its rows, what was not answered."""

    title: str
    see: tuple[Place, ...]
    rows: Rows
    not_answered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The content of the email."""

    reference: str
    route: Route
    received: str
    contact: Rows
    danger: Rows
    who: Rows
    look_at_first: Rows
    criteria: Rows
    sections: tuple[SectionRows, ...]


def london_time(moment: datetime) -> str:
    """Format a moment in London time, such as `14 May 2027, 3:04 pm BST`."""
    local = moment.astimezone(ZoneInfo("Europe/London"))
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{local.day} {local:%B %Y}, {local.hour % 12 or 12}:{local:%M} {half} {local:%Z}"


def closing(checksum: str = "") -> str:
    """Write the closing line: the version of the form, and in the plain face a checksum of the lines above it."""
    version = f"Form version {definition_version()}" + (f", checksum {checksum}" if checksum else "")
    return f"{version}. If you already have a referral with this reference, this is the same one."


def criteria_rows(route: Route, answers: Answers) -> Iterator[Row]:
    """Write a row for each criterion of the route."""
    criteria = [criterion for criterion in CRITERIA if route in criterion.routes]
    for criterion in criteria:
        yield Row(label=criterion.name, text=_criterion_text(criterion, route, answers))
    if not criteria:
        yield Row(text="Nothing was checked: first contact.")


def _criterion_text(criterion: Criterion, route: Route, answers: Answers) -> str:
    if not criterion.applies(route, answers):
        return "does not apply"
    asked = questions_by_name(route).keys() & criterion.questions
    if asked and answers.keys().isdisjoint(asked):
        return "not answered: ask"
    outcome = criterion.outcome(route, answers)
    return f"met, with: {outcome.flag}" if isinstance(outcome, Note) else "met"


def look_at_first(
    referral: Referral, picked: Mapping[str, tuple[Choice, ...]], speaker: tuple[Choice, Row] | None
) -> Iterator[Row]:
    """Write a row for each flag of an answer and each note of a criterion, by weight.

    `picked` are the chosen options by question, `speaker` how somebody speaks for another.
    """
    flags: list[tuple[Weight, Row]] = []
    for question in questions(referral.route):
        if question.flag and question.name in referral.answers:
            text = "; ".join(answer_text(question, referral.answers[question.name]))
            flags.append((question.flag.weight, Row(text=text, before=question.flag.text, typed=True)))
    chosen = [choice for choices in picked.values() for choice in choices]
    for choice in dict.fromkeys((*chosen, *([speaker[0]] if speaker else []))):
        if choice.flag and choice.flag is not UNKNOWN:
            row = speaker[1] if speaker and choice is speaker[0] and not choice.flag.text else None
            flags.append((choice.flag.weight, row or Row(text=f"{choice.flag.text or choice.label}.")))
    outcomes = [each.outcome(referral.route, referral.answers) for each in CRITERIA]
    notes = [each for each in outcomes if isinstance(each, Note) and each.weight is not Weight.UNKNOWN]
    flags += [(note.weight, Row(text=f"{note.flag}.")) for note in notes]
    yield from dict.fromkeys(row for _weight, row in sorted(flags, key=lambda pair: pair[0]))
    if unknown := [each.short for each in questions(referral.route) if _is_unknown(each, referral, picked)]:
        yield Row(label="Not known", text=", ".join(unknown))
    elif not flags:
        yield Row(text="Nothing to flag.")
    if shown := [IN_WORDS[helps] for helps in fitting_support(referral.route, referral.answers)]:
        yield Row(label="Support lines shown", text=", ".join(shown))


def _is_unknown(question: Question, referral: Referral, picked: Mapping[str, tuple[Choice, ...]]) -> bool:
    """Whether it was answered so, or a criterion of people who refer themselves turns on it and it was left out."""
    if question.name in referral.answers:
        return any(choice.flag is UNKNOWN for choice in picked[question.name])
    return referral.route.is_own and any(question.name in criterion.questions for criterion in CRITERIA)
