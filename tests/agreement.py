"""Generated referrals, and whether the plain text, the HTML text and the record of their messages agree with them.

`make agreement` (ARGS="--referrals 100000 --seed 1") counts the differences.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from jsonschema import Draft202012Validator

from referral_function.asking.answer_types import (
    AnyOf,
    DateParts,
    LongText,
    OneOf,
    PartialDate,
    ShortText,
)
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import Referral, questions
from referral_function.sending.letter import SUBJECT_WORDS
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_html import letter_html
from referral_function.sending.letter_reader import read_answers, read_letter
from referral_function.sending.letter_text import DANGER, HEADINGS, letter_text
from referral_function.sending.message import Body, wire_message
from referral_function.sending.record import make_record, record_schema, write_record

if TYPE_CHECKING:
    from referral_function.asking.answer_types import Answer

RECEIVED: Final = datetime(2027, 5, 14, 14, 4, tzinfo=UTC)
REFERENCE: Final = "RJ-2345-6789"
SCHEMA: Final = Draft202012Validator(record_schema())
PIECES: Final = (
    *("WHO:", DANGER, "\n", "\n\n", " ", "  ", "\t", "Name to use: x", "  Name: y", " (3 lines): ", "call or text to "),
    *("Not answered: x.", " (Al)", "Al", ". Age of the person harmed: Under 18.", "CRITERIA:", "No.", "x" * 50),
    *("é", "\u2028", "\u202e", "\u0645", "\U0001fac2", "</td><h1>", "<br>", "&lt;", "&amp;amp;", '"', "'", "=20", "="),
    *("--=_alternatives", "--=_attached--", "Bcc: x@example.org", " (not chosen: do not use): ", "Bereaved: "),
)


def generated(chance: random.Random) -> Referral:
    """Make a referral: hostile texts, any choices, and what the form would require of the ways of contact."""
    route = chance.choice(list(Route))
    likely = chance.choice((0.2, 0.5, 0.95))
    answers: dict[str, Answer] = {}
    for question in questions(route):
        if (question.is_name and not question.needed_if) or chance.random() < likely or question.is_required(answers):
            answers[question.name] = _answer(question, chance)
    for question in questions(route):
        if question.is_required(answers) and question.needed_if:
            answers.setdefault(question.name, _answer(question, chance))
    return Referral(route=route, answers=answers)


def _answer(question: Question, chance: random.Random) -> Answer:
    match question.answer:
        case ShortText(limit=limit):
            return _text(chance, limit).replace("\n", " ")
        case LongText(limit=limit):
            return _text(chance, limit)
        case OneOf(choices=choices):
            return chance.choice(choices).code
        case AnyOf(choices=choices, exclusive=exclusive):
            some = tuple(each.code for each in choices if each.code not in exclusive and chance.random() < 0.5)
            return some or (chance.choice(choices).code,)
        case DateParts():
            return PartialDate(day=chance.choice((None, 3)), month=chance.choice((None, 5)), year=1985)


def _text(chance: random.Random, limit: int) -> str:
    text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))[:limit]
    return text if text.strip() else "x"


class HtmlRows(HTMLParser):
    """Reads the HTML face: each part by its heading, and its rows, as the plain face writes them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[str, str, str]] = []  # part, label, text
        self.tags: list[str] = []
        self._part, self._label, self._text = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a line break is a line feed."""
        self.tags.append(f"{tag} {' '.join(f'{name}={value}' for name, value in attrs)}".strip())
        self._text = self._text + "\n" if tag == "br" else self._text if tag == "a" else ""
        self._label = "" if tag in ("tr", "li", "p") else self._label

    def handle_data(self, data: str) -> None:
        """Collect the text of an element."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Take what the element says."""
        if tag in ("h2", "h3"):
            self._part = self._text
        elif tag == "th":
            self._label = self._text
        elif tag in ("td", "li", "p"):
            self.rows.append((self._part, self._label, self._text))

    def answers(self, route: Route) -> dict[str, Answer]:
        """Return the answers; rows are read as the rows of the plain face are."""
        lines, part = [], ""
        for heading, label, text in self.rows:
            if heading != part:
                part = heading
                lines += [name for name in HEADINGS if name == f"{heading.upper()}:"] or [HEADINGS[0]] * (
                    part != "Contact"
                )
            count = text.count("\n") + 1
            lines += f"{label}{f' ({count} lines)' if count > 1 else ''}{': ' if label else ''}{text}".split("\n")
        return read_answers(route, lines)


def wire_of_referral(referral: Referral) -> bytes:
    """Make the message of a referral, with its record."""
    letter = write_letter(referral, reference=REFERENCE, received_at=RECEIVED)
    record = make_record(referral, reference=REFERENCE, received_at=RECEIVED)
    body = Body(
        plain=letter_text(letter),
        html=letter_html(letter),
        record=write_record(record),
        subject_word=SUBJECT_WORDS[referral.route],
    )
    return message_of(body)


def message_of(body: Body) -> bytes:
    """Make the message of a body."""
    return wire_message(
        reference=REFERENCE,
        token="0" * 32,
        body=body,
        sender="a@example.org",
        inbox="b@example.org",
        accepted_at=RECEIVED,
    )


def part(message: EmailMessage, kind: str) -> str:
    """Return the plain or the HTML face of a message."""
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def differences_of(message: EmailMessage, referral: Referral) -> list[str]:
    """Name every face of a message that does not agree with the referral."""
    plain = read_letter(part(message, "plain"))
    html = HtmlRows()
    html.feed(part(message, "html"))
    records = [json.loads(attachment.get_content()) for attachment in message.iter_attachments()]
    said = {
        "plain": plain.referral.canonical(),
        "HTML": Referral(route=referral.route, answers=html.answers(referral.route)).canonical(),
    }
    for record in records:
        of_referral = {"route": record["route"], "answers": record["answers"]}
        said["record"] = json.dumps(of_referral, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    wrong = [name for name, answers in said.items() if answers != referral.canonical()]
    wrong += ["changed"] if plain.changed else []
    return wrong + [str(error.message) for record in records for error in SCHEMA.iter_errors(record)]


def main() -> int:
    """Count the referrals whose faces do not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--referrals", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - invented texts
    wrong = 0
    for _ in range(arguments.referrals):
        referral = generated(chance)
        message = message_from_bytes(wire_of_referral(referral), EmailMessage, policy=policy.default)
        if found := differences_of(message, referral):
            wrong += 1
            sys.stderr.write(f"{found}: {referral}\n")
    sys.stdout.write(
        f"{arguments.referrals} referrals, {wrong} with a difference between plain, HTML, record and referral\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
