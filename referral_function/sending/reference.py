"""References: short codes that a person can say on the phone, `RJ-XXXX-XXXC`, where C is a check symbol.

27 symbols without vowels (which could form words) and without look-alikes. Weights 1, 2, 1, 2, … and a sum of 0 modulo
27 detect every single wrong symbol and every swap of two neighbours.
"""

import re
from collections.abc import Callable

SYMBOLS = "23456789BCDFGHJKMNPQRSTVWXZ"
PATTERN = re.compile(rf"\bRJ-[{SYMBOLS}]{{4}}-[{SYMBOLS}]{{4}}\b")


def new_reference(randbelow: Callable[[int], int]) -> str:
    """Generate a reference; `randbelow` is `secrets.randbelow`."""
    drawn = [randbelow(len(SYMBOLS)) for _ in range(7)]
    rest = -_checksum(drawn) % len(SYMBOLS)
    last = next(value for value in range(len(SYMBOLS)) if value * 2 % len(SYMBOLS) == rest)
    return _format("".join(SYMBOLS[value] for value in [*drawn, last]))


def is_reference(reference: str) -> bool:
    """Whether this is a reference in its full form, with the right check symbol."""
    return parse(reference) == reference


def parse(text: str) -> str | None:
    """Return the reference in its full form, whatever the case, spaces and dashes of the text; None if it is no reference."""
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", text).upper()
    if not re.fullmatch(rf"RJ[{SYMBOLS}]{{8}}", bare):
        return None
    return _format(bare[2:]) if _checksum([SYMBOLS.index(symbol) for symbol in bare[2:]]) == 0 else None


def spell_out(reference: str) -> str:
    """Spell a reference for a screen reader, symbol by symbol, with a pause at each dash."""
    return ", ".join(" ".join(part) for part in reference.split("-"))


def _checksum(values: list[int]) -> int:
    return sum(value * (1 + place % 2) for place, value in enumerate(values)) % len(SYMBOLS)


def _format(symbols: str) -> str:
    return f"RJ-{symbols[:4]}-{symbols[4:]}"
