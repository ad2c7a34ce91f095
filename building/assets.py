"""The files that the pages use and nobody draws by hand: made before MkDocs runs, kept out of the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from building.typeface import heading_font

GENERATED: Final = Path("site_overrides/assets/generated")


def make_assets(root: Path) -> None:
    """Write what is missing below `root`. What is there already is left: the contents never change."""
    folder = root / GENERATED
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("heading.woff2", heading_font),):
        if not (folder / name).exists():
            (folder / name).write_bytes(make())
