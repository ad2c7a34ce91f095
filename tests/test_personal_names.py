"""The rule that finds names in anonymous stories: what is known of the field passes, and no full name does."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.name_lists import FULL_NAMES, HARMLESS, HARMLESS_SENTENCES, NAMES_IN_SENTENCES
from website.check.personal_names import Names

NAMES: Final = Names(["Kent", "Medway", "River Medway"], frozenset())
LEAST_PASSED: Final = 0.95


def phrases(text: str) -> list[str]:
    """Part a list."""
    return re.split(r"[|\n]", text.strip())


@pytest.mark.parametrize("sentence", ["Then she met the {} there.", "{} helped.", "## The {}"])
def test_known_phrases_pass(sentence: str) -> None:
    """At least 95 of 100 phrases of the field pass, wherever they stand in a sentence."""
    listed = phrases(HARMLESS)
    assert len(set(listed)) == 200
    passed = [phrase for phrase in listed if not list(NAMES.full_names(sentence.format(phrase)))]
    assert len(passed) >= LEAST_PASSED * len(listed), set(listed) - set(passed)


@pytest.mark.parametrize("sentence", ["Then she met {} there.", "{} came.", "A letter for Kev from {}’s sister."])
def test_every_full_name_is_found(sentence: str) -> None:
    """Every full name is found, wherever it stands in a sentence."""
    listed = phrases(FULL_NAMES)
    assert len(set(listed)) == 100
    assert [name for name in listed if not list(NAMES.full_names(sentence.format(name)))] == []


def test_sentences_of_stories_pass() -> None:
    """At least 95 of 100 sentences with bodies, roles, courts, days, languages and places pass."""
    listed = HARMLESS_SENTENCES.strip().splitlines()
    assert len(set(listed)) == 130
    passed = [sentence for sentence in listed if not list(NAMES.full_names(sentence))]
    assert len(passed) >= LEAST_PASSED * len(listed), set(listed) - set(passed)


def test_every_full_name_in_a_sentence_is_found() -> None:
    """A name is found behind a title, before a possessive or a word for kin, and with particles of any language."""
    listed = [line.split("|") for line in NAMES_IN_SENTENCES.strip().splitlines()]
    assert len(listed) == 100
    assert [name for sentence, name in listed if not list(NAMES.full_names(sentence.format(name)))] == []


def test_a_name_is_quoted_as_it_stands() -> None:
    """The finding has the whole name, without the ending of a possessive or the word behind it."""
    for words in ("It was Rhiannon ap Gruffydd's car.", "We called Rhiannon ap Gruffydd Mum."):
        assert list(NAMES.full_names(words)) == ["Rhiannon ap Gruffydd"]


def test_a_greeting_is_no_name() -> None:
    """A first name behind a greeting may stand; a full one may not."""
    assert list(NAMES.full_names("Hi Jo, hello Amir. Hello Amir!")) == []
    assert list(NAMES.full_names("Hi Jo Brown")) == ["Jo Brown"]


def test_a_name_beside_what_is_known_is_found() -> None:
    """A body, a role or a rank before a name does not hide it."""
    for words in ("Family Liaison Officer Sarah Jones", "Kent Police, Sarah Jones", "On Boxing Day Sarah Jones"):
        assert list(NAMES.full_names(words)) == ["Sarah Jones"], words


def test_a_place_is_no_cover_for_a_surname() -> None:
    """A district that is allowed lets nobody with that surname through."""
    assert list(Names(["Ashford"], frozenset()).full_names("Then Sarah Ashford came.")) == ["Sarah Ashford"]
