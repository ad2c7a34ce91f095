"""The letter, the text of a referral's email: alerts, safe contact, the criteria, then every question with its answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from referral_function.asking.answer_types import codes
from referral_function.asking.answers import answer_text
from referral_function.asking.choices import VICTIM_LED_GROUPS
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions, questions_by_name, sections
from referral_function.deciding.criteria import CRITERIA, definition_version
from referral_function.deciding.criterion import Answers, Criterion, Note
from referral_function.sending.postcode_areas import postcode_hints

NOT_ANSWERED = "Not answered"
ROUTE_NAMES = {
    Route.MYSELF: "A person harmed refers themselves, or speaks for someone harmed",
    Route.PERSON_HARMED: "A professional refers a person harmed",
    Route.PERSON_RESPONSIBLE: "A professional refers a person who caused harm",
}
FLAGS = (  # question, code of the answer, alert
    *(("offence_group", code, f"{name}: take extra care") for code, name in VICTIM_LED_GROUPS.items()),
    ("victim_age_group", "under_18", "Under 18: the person harmed, or the relative of someone who died"),
    ("victim_age_group", "not_known", "Age of the person harmed not known"),
    ("contact_methods", "i_will_call", "DO NOT CONTACT: the person will call"),
    ("no_contact_order", "yes", "There is an order that forbids contact"),
    ("no_contact_order", "not_known", "Not known whether an order forbids contact"),
    ("multi_agency", "yes", "Several agencies work together here: see section “Keeping everyone safe”"),
    ("multi_agency", "not_known", "Not known whether several agencies work together here"),
    ("offender_whereabouts", "not_known", "Not known where the person responsible is"),
    ("offender_agrees", "not_asked", "The person responsible has not been asked yet: we ask"),
    ("interpreter", "not_known", "Not known whether an interpreter is needed"),
    ("interpreter", "spoken", "Interpreter needed: spoken language"),
    ("interpreter", "bsl", "Interpreter needed: British Sign Language"),
    ("interpreter", "other_sign", "Interpreter needed: another sign language"),
)
_ADDRESS_QUESTIONS = ("victim_address", "offence_location")

Rows = tuple[tuple[Question, tuple[str, ...]], ...]


def answer_sheet(route: Route, answers: Answers) -> Iterator[tuple[str, Rows]]:
    """Yield each section's title with its questions and the lines of each answer."""
    for section in sections(route):
        yield section.title, tuple((question, _answer_lines(question, answers)) for question in section.questions)


def london_time(moment: datetime) -> str:
    """Format a moment in London time, such as `14 May 2027, 3:04 pm BST`."""
    local = moment.astimezone(ZoneInfo("Europe/London"))
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{local.day} {local:%B %Y}, {local.hour % 12 or 12}:{local:%M} {half} {local:%Z}"


def write_letter(referral: Referral, *, reference: str, received_at: datetime) -> str:
    """Write the letter as plain text, with one line feed at each line end."""
    route, answers = referral.route, referral.answers
    parts = [
        ("Look at first", ["\n".join(_alerts(referral)) or "Nothing to flag"]),
        ("How to make contact safely", list(safe_contact(questions(route), referral))),
        ("Criteria", ["\n".join(_criterion_line(criterion, referral) for criterion in CRITERIA)]),
    ]
    if hints := list(postcode_hints(" | ".join(_named_answers(referral, _ADDRESS_QUESTIONS)))):
        parts.append(("Places (a hint, never a rule)", ["\n".join(hints)]))
    for number, (title, rows) in enumerate(answer_sheet(route, answers), start=1):
        parts.append((f"{number}. {title}", [_question_text(question, lines) for question, lines in rows]))
    closing = (
        f"Form version {definition_version()}. "
        "If you already have a referral with this reference, this is the same one."
    )
    parts.append(("End of the referral", [closing]))
    head = f"Reference: {reference}\nRoute: {ROUTE_NAMES[route]}\nReceived: {london_time(received_at)}"
    return "\n\n\n".join((head, *("\n\n".join((f"--- {title} ---", *texts)) for title, texts in parts))) + "\n"


def _answer_lines(question: Question, answers: Answers) -> tuple[str, ...]:
    return answer_text(question, answers[question.name]) if question.name in answers else ()


def _named_answers(referral: Referral, names: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the answers to these questions, where the route asks them."""
    asked = questions_by_name(referral.route)
    for name in names:
        if name in asked:
            yield from _answer_lines(asked[name], referral.answers)


def _question_text(question: Question, lines: tuple[str, ...]) -> str:
    return f"[ {question.label} ]\n" + ("\n".join(lines) or NOT_ANSWERED)


def _alerts(referral: Referral) -> Iterator[str]:
    for criterion in CRITERIA:
        if note := _note(criterion, referral):
            yield f"- {note}"
    for question, code, flag in FLAGS:
        if code in codes(referral.answers.get(question)):
            yield f"- {flag}"


def safe_contact(asked: Iterable[Question], referral: Referral) -> Iterator[str]:
    """Write each answer that tells how to contact the person referred; voicemail is forbidden unless it is a yes."""
    for question in asked:
        if question.safe_contact is None or question.safe_contact.party is not referral.route.referred:
            continue
        if question.name == "voicemail_ok":
            allowed = referral.answers.get(question.name) == "yes"
            yield "[ Voicemail ]\n" + ("You may leave a message" if allowed else "DO NOT leave a message")
        else:
            yield _question_text(question, _answer_lines(question, referral.answers))


def _criterion_line(criterion: Criterion, referral: Referral) -> str:
    if not criterion.questions:
        return f"- {criterion.name}: met. {criterion.statement}"
    if not criterion.applies(referral.route, referral.answers):
        return f"- {criterion.name}: does not apply"
    note, through = _note(criterion, referral), "; ".join(_named_answers(referral, criterion.questions))
    return f"- {criterion.name}: met" + (note and f", with a note ({note})") + (through and f", through: {through}")


def _note(criterion: Criterion, referral: Referral) -> str:
    outcome = criterion.outcome(referral.route, referral.answers)
    return outcome.effect.flag if outcome and isinstance(outcome.effect, Note) else ""
