"""The reference: what a person says on the phone."""

import secrets
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from referral_function.sending.reference import PATTERN, SYMBOLS, is_reference, new_reference, parse, spell_out

REFERENCES = [new_reference(secrets.randbelow) for _ in range(20)]


def test_a_new_reference_has_the_form_that_is_published() -> None:
    """A new reference matches RJ-XXXX-XXXC and passes its own check."""
    for reference in (new_reference(secrets.randbelow) for _ in range(100)):
        assert PATTERN.fullmatch(reference)
        assert is_reference(reference)


def test_references_come_from_the_randomness_that_is_given() -> None:
    """The same drawn numbers give the same reference, and 27 symbols are drawn from."""
    asked: list[int] = []

    def always_three(below: int) -> int:
        asked.append(below)
        return 3

    assert new_reference(always_three) == new_reference(lambda _: 3)
    assert asked == [27] * 7


def test_every_single_wrong_symbol_is_caught() -> None:
    """No reference with one symbol changed passes the check."""
    for reference, place in product(REFERENCES, [3, 4, 5, 6, 8, 9, 10, 11]):
        for symbol in set(SYMBOLS) - {reference[place]}:
            assert not is_reference(reference[:place] + symbol + reference[place + 1 :])


def test_every_swap_of_two_neighbours_is_caught() -> None:
    """No reference with two different neighbours swapped passes the check."""
    for reference, place in product(REFERENCES, range(7)):
        bare = reference[3:].replace("-", "")
        swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
        assert (swapped == bare) == is_reference(f"RJ-{swapped[:4]}-{swapped[4:]}")


def test_every_pair_of_neighbours_in_every_place_is_caught_when_swapped() -> None:
    """The weights tell every two different symbols apart, in every place: all 27 x 26 x 7 swaps."""
    for first in range(27):
        for second in set(range(27)) - {first}:
            for place in range(7):
                left, right = 1 + place % 2, 1 + (place + 1) % 2
                assert (first * left + second * right - second * left - first * right) % 27 != 0


@given(st.sampled_from(REFERENCES), st.sampled_from(["", " ", "-", " - ", "–"]), st.booleans())
def test_case_spaces_and_dashes_do_not_matter(reference: str, between: str, lower: bool) -> None:  # noqa: FBT001
    """However a reference is typed, it is the same reference."""
    typed = between.join(reference.replace("-", ""))
    assert parse(typed.lower() if lower else typed) == reference


@given(st.text(max_size=14))
def test_no_other_text_is_taken_for_a_reference(text: str) -> None:
    """A text is a reference only if what is left of it has the form and the check symbol."""
    found = parse(text)
    assert found is None or is_reference(found)


def test_no_vowel_and_no_look_alike_is_used() -> None:
    """No word can come about by accident, and nothing is read as something else."""
    assert not set(SYMBOLS) & set("AEIOUY01L")


def test_a_reference_is_spelled_symbol_by_symbol() -> None:
    """A screen reader hears single symbols, with a pause at each dash."""
    assert spell_out("RJ-4X7K-9PQM") == "R J, 4 X 7 K, 9 P Q M"
