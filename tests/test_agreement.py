"""The faces of a message agree: its plain text, its HTML text and its record say what was answered."""

from __future__ import annotations

import random
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_function.asking.questions import Route
from tests.agreement import differences_of, generated, wire_of_referral
from tests.examples import a_referral
from tests.letter_cases import CASES, referral


def message_of(wire: bytes) -> EmailMessage:
    """Read a message as a mail program does."""
    return message_from_bytes(wire, EmailMessage, policy=policy.default)


@pytest.mark.parametrize("name", CASES)
def test_every_face_of_a_message_says_what_was_answered(name: str) -> None:
    """Plain text, HTML text and record of each kept letter, read back, are the referral; the record fits its schema."""
    answered = referral(*CASES[name])
    assert differences_of(message_of(wire_of_referral(answered)), answered) == []


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_generated_referrals_agree_with_their_messages(seed: int) -> None:
    """The same holds for any choices and for texts that look like parts of a letter."""
    answered = generated(random.Random(seed))  # noqa: S311 - invented texts
    assert differences_of(message_of(wire_of_referral(answered)), answered) == []


@pytest.mark.parametrize(
    ("old", "new", "faces", "schema"),
    [
        (b"  Hopes: To be", b"  Hopes: to be", ["plain", "changed"], False),
        (b"Al (Alex", b"Ali (Alex", ["plain", "changed"], False),
        (b"Nothing to flag.", b"Nothing to see.", ["changed"], False),
        (b"18 or over.", b"Under 18.", ["plain", "changed"], False),
        (b">To be heard.<", b">To be herd.<", ["HTML"], False),
        (b"text to <a", b"call to <a", ["HTML"], False),
        (b' "hopes": "To be heard."', b' "hopes": "To be herd."', ["record"], False),
        (b' "offender_adult": "yes"', b' "offender_adult": "non"', ["record"], True),
    ],
)
def test_a_face_that_says_something_else_is_found(
    old: bytes,
    new: bytes,
    faces: list[str],
    schema: bool,  # noqa: FBT001
) -> None:
    """The control: one changed word in one face is found, there and in no other."""
    answered = referral(Route.MYSELF, a_referral(Route.MYSELF, contact_methods=["text"]))
    wire = wire_of_referral(answered)
    assert old in wire
    found = differences_of(message_of(wire.replace(old, new, 1)), answered)
    assert [said for said in found if said in {"plain", "HTML", "record", "changed"}] == faces
    assert (len(found) > len(faces)) is schema
