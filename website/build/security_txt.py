"""Writes `/.well-known/security.txt` (RFC 9116): how to report a vulnerability."""

from datetime import date, timedelta
from pathlib import Path

_VALID = timedelta(days=340)  # from the first day of the month: never more than the year that the RFC allows


def write_security_txt(site: Path, site_url: str, today: date) -> None:
    """Write the file; it is valid for at least ten months after the build."""
    expires = (today.replace(day=1) + _VALID).replace(day=1)
    lines = [
        f"Contact: {site_url}contact/",
        f"Expires: {expires}T00:00:00Z",
        f"Canonical: {site_url}.well-known/security.txt",
        "Preferred-Languages: en",
        "# Never put a referral, a reference or anything about a person into a report.",
    ]
    folder = site / ".well-known"
    folder.mkdir(exist_ok=True)
    (folder / "security.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
