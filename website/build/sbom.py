"""The SBOM of the running form (CycloneDX 1.6): every library with its version and hashes.

It helps an attacker too, so it is written beside the files for servers and never into the site.
"""

import json
import re
from pathlib import Path
from typing import Final

_PINNED: Final = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:[^\n]*\\\n(?:[ ]+--hash=sha256:[0-9a-f]{64}[^\n]*\n?)+)",
    re.MULTILINE,
)
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")


def components(lock_file: str) -> list[dict[str, object]]:
    """Return a component for each pinned library of a lock file."""
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{found[1].lower()}@{found[2]}",
            "name": found[1].lower(),
            "version": found[2],
            "purl": f"pkg:pypi/{found[1].lower()}@{found[2]}",
            "properties": [{"name": "sha256", "value": each} for each in sorted(_HASH.findall(found[0]))],
        }
        for found in _PINNED.finditer(lock_file)
    ]


def write_sbom(root: Path, folder: Path) -> None:
    """Write `sbom.json` from the function's lock file; reproducible byte for byte."""
    sbom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "referral-function", "name": "referral-function"}},
        "components": components((root / "requirements" / "function.txt").read_text("utf-8")),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.json").write_text(json.dumps(sbom, indent=1) + "\n", encoding="utf-8")
