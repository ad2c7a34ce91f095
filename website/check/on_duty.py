"""Rule for the guide on duty: each row of "Whom to ring" is filled in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from website.content.pages import Finding

GUIDE: Final = "handbook/runbooks/on-duty.md"
_BLANK: Final = re.compile(r"\| (.+?) \| .+ \|\s*\|")


def check_on_duty(root: Path) -> Iterator[Finding]:
    """Report each row without a number; copies of the project for its pages alone have no guide."""
    path = root / GUIDE
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.exists() else (), 1):
        if blank := _BLANK.fullmatch(line):
            sentence = f"still to be filled in by the service: how to reach {blank[1]}, at night too."
            yield Finding(path=GUIDE, line=number, sentence=sentence, advice=True)
