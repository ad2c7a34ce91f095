"""How to report a weakness: `/.well-known/security.txt` (RFC 9116), which has to be renewed within a year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MONTHS = 11  # from the first day of this month: never more than a year, and at least ten months from any build


def write_security_txt(site: Path, address: str, today: date) -> None:
    """Write it; a site that is built again at least every ten months never shows one that has expired."""
    years, month = divmod(today.month - 1 + _MONTHS, 12)
    lines = [
        f"Contact: {address}contact/",
        f"Expires: {date(today.year + years, month + 1, 1).isoformat()}T00:00:00Z",
        f"Canonical: {address}.well-known/security.txt",
        "Preferred-Languages: en",
        "# Never put a referral, a reference or anything about a person into a report.",
    ]
    folder = site / ".well-known"
    folder.mkdir(exist_ok=True)
    (folder / "security.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
