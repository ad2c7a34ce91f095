"""The bill of materials of the running form: every library with its version and hashes, as CycloneDX 1.6.

It says what an attacker would like to know, so it is written beside the site's instructions for servers, not into it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_PINNED: Final = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:[^\n]*\\\n(?:[ ]+--hash=sha256:[0-9a-f]{64}[^\n]*\n?)+)",
    re.MULTILINE,
)
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")


def components(locked: str) -> list[dict[str, object]]:
    """Read every pinned library of a lock file."""
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{found[1].lower()}@{found[2]}",
            "name": found[1].lower(),
            "version": found[2],
            "purl": f"pkg:pypi/{found[1].lower()}@{found[2]}",
            "properties": [{"name": "sha256", "value": each} for each in sorted(_HASH.findall(found[0]))],
        }
        for found in _PINNED.finditer(locked)
    ]


def write_bill(root: Path, folder: Path) -> None:
    """Write `sbom.json` from the lock file of the function; the same lock file gives the same bytes."""
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "referral-function", "name": "referral-function"}},
        "components": components((root / "requirements" / "function.txt").read_text("utf-8")),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.json").write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
