"""The files that the pages use and nobody draws by hand: made before MkDocs runs, kept out of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from website.build.font_subset import heading_font
from website.build.paper_forms import make_papers
from website.build.social_card import social_card
from website.content.service_data import Details

if TYPE_CHECKING:
    from pathlib import Path

GENERATED: Final = "site_overrides/assets/generated"


def make_assets(root: Path) -> None:
    """Write the typeface if it is missing, the card with today's name of the service, and the forms on paper."""
    folder = root / GENERATED
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "heading.woff2").exists():
        _write(folder / "heading.woff2", heading_font())
    service = Details.read(root).service
    card = social_card((service["short_name"], service["short_rest"]), "Free, and only if both people choose it")
    _write(folder / "social.png", card)
    make_papers(root)


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, and only if it is another than before: two builds may run at once."""
    if path.exists() and path.read_bytes() == content:
        return
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
