"""A hint about places: in which councils the postcodes of a referral lie. It blocks nobody and asks no network.

Source: `outcodes.csv`, the outward codes in and around Kent & Medway with their councils.
"""

import csv
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)(\s{0,2}[0-9][A-Z]{2})?\b")
_COUNTY = re.compile(r"\(([^)]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeArea:
    """What is known of an outward code: `in`, `out` or `straddles`, and its councils, a county in brackets."""

    reading: str
    councils: str

    def words(self) -> str:
        """Say where the outward code lies."""
        match self.reading:
            case "in":
                return f"{self.councils.replace('; ', ', ')}, in the area"
            case "out":
                return f"{self.councils.replace('; ', ', ')}, outside the area"
            case _:
                others = sorted(set(_COUNTY.findall(self.councils)), key=lambda county: (county == "London", county))
                return f"straddles {', '.join(['Kent', *others[:-1]])} and {others[-1]}"


@functools.cache
def read_postcode_areas() -> Mapping[str, PostcodeArea]:
    """Read the table of outward codes that is part of the package, once."""
    with Path(__file__).with_name("outcodes.csv").open(encoding="utf-8") as table:
        return {
            row["outcode"]: PostcodeArea(reading=row["reading"], councils=row["councils"])
            for row in csv.DictReader(table)
        }


def postcode_hints(text: str, places: Mapping[str, PostcodeArea]) -> Iterator[str]:
    """Find the postcodes in a text and say where each lies, such as `CT1: Canterbury, in the area`."""
    found = dict.fromkeys(
        outcode
        for outcode, inward in _POSTCODE.findall(text.upper())
        # A lone code of one letter is more often a road, such as A2 or M20.
        if inward or outcode in places or outcode[1].isalpha()
    )
    for outcode in found:
        place = places.get(outcode)
        yield f"{outcode}: {place.words() if place else 'not in our table of Kent & Medway'}"
