"""`make record`: the record of processing, written from the questions themselves: who is asked what, why, and how it is classed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from referral_function.asking.questions import Question, Route, Sensitivity
from referral_function.asking.referral import questions

ROUTES: Final = {
    Route.MYSELF: "oneself",
    Route.PERSON_HARMED: "a person harmed",
    Route.PERSON_RESPONSIBLE: "a person responsible",
}
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
| Kept by the service | {_CONTROLLER} (`retention`) |
| Security | see `SECURITY.md` |

## What is asked, and why
"""


def row(name: str, asked: dict[Route, Question]) -> str:
    """Write one question: its class, on which ways in it is asked and where an answer is needed, and its purposes."""
    classes = {question.sensitivity for question in asked.values()}
    where = ", ".join(
        f"{ROUTES[route]}{'' if question.is_optional else ' (needed)'}" for route, question in asked.items()
    )
    why = " / ".join(dict.fromkeys(question.purpose for question in asked.values()))
    return f"| `{name}` | {', '.join(sorted(classes))} | {where} | {why} |"


def record() -> str:
    """Write the whole paper; questions of the same class stand together, the gravest first."""
    asked: dict[str, dict[Route, Question]] = {}
    for route in Route:
        for question in questions(route):
            asked.setdefault(question.name, {})[route] = question
    lines = [_HEAD]
    for kind in (
        Sensitivity.SPECIAL,
        Sensitivity.OFFENCE,
        Sensitivity.CONTACT,
        Sensitivity.IDENTIFIES,
        Sensitivity.PLAIN,
    ):
        rows = [row(name, on) for name, on in asked.items() if next(iter(on.values())).sensitivity is kind]
        lines += [
            f"### {kind[0].upper()}{kind[1:]}\n",
            "| Question | Class | Asked about | Why |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / "handbook" / "privacy" / "record-of-processing.md").write_text(
        record(), encoding="utf-8"
    )
