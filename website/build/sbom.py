"""The SBOM of the running form (CycloneDX 1.6): every library with its version and hashes.

It helps an attacker too, so it is written beside the files for servers and never into the site.
"""

import json
import re
from pathlib import Path
from typing import Final

_PINNED: Final = re.compile(r"^([\w.-]+)(?:\[.*\])?==([^\s;]+).*((?:\n +--hash=.*)+)", re.MULTILINE)
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")


def components(lock_file: str) -> list[dict[str, object]]:
    """Return a component for each pinned library of a lock file."""
    found: list[dict[str, object]] = []
    for name, version, hashes in _PINNED.findall(lock_file):
        purl = f"pkg:pypi/{name}@{version}"
        properties = [{"name": "sha256", "value": each} for each in sorted(_HASH.findall(hashes))]
        library = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        found.append({**library, "properties": properties})
    return found


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
