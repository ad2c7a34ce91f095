"""`make record`: write the record of processing (UK GDPR, Article 30) from the questions of the form."""

from pathlib import Path
from typing import Final

from referral_function.asking.questions import Question, Route, Sensitivity
from referral_function.asking.referral import questions

RECORD: Final = Path("handbook") / "privacy" / "record-of-processing.md"
_ROUTES: Final = {
    Route.MYSELF: "oneself",
    Route.MY_CHILD: "one’s child",
    Route.SOMEONE_WHO_DIED: "someone who died",
    Route.MY_BUSINESS: "one’s business",
    Route.CONTACT_ME: "first contact",
    Route.PERSON_HARMED: "a person harmed",
    Route.PERSON_RESPONSIBLE: "a person responsible",
}
_CLASSES: Final = (
    Sensitivity.SPECIAL,
    Sensitivity.OFFENCE,
    Sensitivity.CONTACT,
    Sensitivity.IDENTIFIES,
    Sensitivity.PLAIN,
)
"""The most sensitive first."""
_CONTROLLER: Final = "**for the controller to fill in**"
_HEAD: Final = f"""# Record of processing

Written by `make record` from the questions in `referral_function/asking/sections/`; a test sees that it is fresh.
It is the part of the record under UK GDPR, Article 30, that the website can know.

| | |
|---|---|
| Controller, contact, data protection officer | {_CONTROLLER} (`controller`, `controller_contact`) |
| Purpose | to see whether Restorative Justice can be offered, and to make contact safely |
| Lawful basis; condition for Articles 9 and 10 | {_CONTROLLER} (`lawful_basis`, `schedule_1_condition`) |
| People | persons harmed, their families and supporters; persons responsible; professionals who refer |
| Recipients | the service, by email to its secure inbox; nobody else through the website |
| Transfers outside the UK | none by the program; the host and the relay have to be in the UK |
| Kept by the website | sealed until the relay has taken it, minutes as a rule; then a reference, a keyed hash and times for 30 days |
| Kept in case the email comes back | only where `keep_days` is set: a copy that the private key of the service's manager opens, for that many days; one that came back until it is sent again or settled |
| Figures | how many referrals of each route, kind of organisation, outcome and kind of abuse came in a month; reasons why people were sent elsewhere; no row per person; erased after 7 years |
| Kept by the service | {_CONTROLLER} (`retention`) |
| Security | see `SECURITY.md` |

## What is asked, and why
"""


def record_of_processing() -> str:
    """Return the record; questions are grouped by the class of data."""
    asked: dict[str, dict[Route, Question]] = {}
    for route in Route:
        for question in questions(route):
            asked.setdefault(question.name, {})[route] = question
    lines = [_HEAD]
    for kind in _CLASSES:
        rows = [_row(name, on) for name, on in asked.items() if next(iter(on.values())).sensitivity is kind]
        table_head = ["| What | Question | Class | Asked about | Why |", "|---|---|---|---|---|"]
        lines += [f"### {kind[0].upper()}{kind[1:]}\n", *table_head, *rows, ""]
    return "\n".join(lines)


def _row(name: str, asked: dict[Route, Question]) -> str:
    classes = {question.sensitivity for question in asked.values()}
    where = ", ".join(
        f"{_ROUTES[route]}{'' if question.is_optional else ' (needed)'}" for route, question in asked.items()
    )
    why = " / ".join(dict.fromkeys(question.purpose for question in asked.values()))
    short = " / ".join(dict.fromkeys(question.short for question in asked.values()))
    return f"| {short} | `{name}` | {', '.join(sorted(classes))} | {where} | {why} |"


if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / RECORD).write_text(record_of_processing(), encoding="utf-8")
