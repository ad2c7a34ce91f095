"""Postcode areas: a hint for staff about the councils in which a referral's postcodes lie; it decides nothing.

Source: `outcodes.csv`, the outward codes in and around the area with their councils.
"""

import csv
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from referral_function.asking.area import AREA, COUNTY

# Royal Mail: eight areas of one letter; no C, I, K, M, O or V in an inward part, so no hour is one.
_POSTCODE = re.compile(
    r"\b([A-Z]{2}[0-9][0-9A-Z]?|[BEGLMNSW][0-9][0-9A-Z]?)"
    r"(\s{0,2}(?!1ST|2ND|3RD|[04-9]TH)[0-9][ABD-HJLNP-UW-Z]{2})?\b"
)
_COUNTY = re.compile(r"\(([^)]+)\)")


def _describe(coverage: str, councils: str) -> str:
    """Describe the area of an outward code: `in`, `out` or `straddles`, and its councils, with a county in brackets."""
    if coverage == "straddles":
        others = sorted(set(_COUNTY.findall(councils)), key=lambda county: (county == "London", county))
        return f"straddles {', '.join([COUNTY, *others[:-1]])} and {others[-1]}"
    return f"{councils.replace('; ', ', ')}, {'in' if coverage == 'in' else 'outside'} the area"


@functools.cache
def _areas() -> Mapping[str, tuple[str, str]]:
    """Read coverage and councils by outward code, from the package's table."""
    with Path(__file__).with_name("outcodes.csv").open(encoding="utf-8") as table:
        return {row["outcode"]: (row["coverage"], row["councils"]) for row in csv.DictReader(table)}


def postcode_hints(text: str) -> Iterator[str]:
    """Yield the area of each postcode in a text, such as `CT1: Canterbury, in the area`."""
    areas = _areas()
    found = dict.fromkeys(
        outcode
        for outcode, inward in _POSTCODE.findall(text.upper())
        # An outward code of one letter alone is more often a road, such as A2 or M20.
        if inward or outcode in areas or outcode[1].isalpha()
    )
    for outcode in found:
        area = _describe(*areas[outcode]) if outcode in areas else f"not in our table of {AREA}"
        yield f"{outcode}: {area}"
