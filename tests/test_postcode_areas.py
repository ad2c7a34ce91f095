"""The councils in which postcodes lie."""

import pytest

from referral_function.sending.postcode_areas import postcode_hints


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("1 Invented Road, Canterbury CT1 2AB", ["CT1: Canterbury, in the area"]),
        ("ct1", ["CT1: Canterbury, in the area"]),
        ("CT3", ["CT3: Canterbury, Dover, Thanet, in the area"]),
        ("TN35", ["TN35: Rother (East Sussex), Hastings (East Sussex), outside the area"]),
        ("TN16", ["TN16: straddles Kent, Surrey and London"]),
        ("TN5 6AB", ["TN5: straddles Kent and East Sussex"]),
        ("DA6 7XX and DA6 8XX", ["DA6: Bexley (London), outside the area"]),
        ("RH1 1AA", ["RH1: not in our table of Kent & Medway"]),
        ("Redhill RH1", ["RH1: not in our table of Kent & Medway"]),
        ("E1 6AN", ["E1: not in our table of Kent & Medway"]),
        ("W1A 1AA", ["W1A: not in our table of Kent & Medway"]),
        ("CT1 1ST", ["CT1: Canterbury, in the area"]),
        ("on the A2 near the M20", []),
        ("A2 1st exit, Faversham", []),
        ("M20 2nd exit", []),
        ("A2 2nd Avenue", []),
        ("m2 3RD slip road", []),
        ("D4 3rd floor", []),
        ("Flat E4 4th floor", []),
        ("M20 8pm", []),
        ("M2 5 am", []),
        ("by the M20, 9AM", []),
        ("N1 7th", []),
        ("Ramsgate", []),
    ],
)
def test_places_are_a_hint(text: str, hints: list[str]) -> None:
    """Postcodes are looked up in the table, or said to be not there; roads are none, with an ordinal or an hour neither."""
    assert list(postcode_hints(text)) == hints
