"""Generated files that the pages use, written before MkDocs runs and kept out of the repository.

`python -m website.build.assets`, a part of the set-up, writes them for `mkdocs serve` and `mkdocs build`.
"""

from pathlib import Path
from typing import Final

from referral_function.papers.office import write_if_changed, write_papers
from website.build.font_subset import subset_heading_font
from website.build.leaflet import leaflet_words, make_card, make_leaflet
from website.build.social_card import social_card
from website.content.pages import LEAFLET_PAGE, LEAFLETS
from website.content.service_config import ServiceConfig

GENERATED: Final = "site_overrides/assets/generated"
DOWNLOADS: Final = "docs/downloads"


def write_assets(root: Path) -> None:
    """Write the heading font if it is missing, the social card, and the forms on paper."""
    folder = root / GENERATED
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "heading.woff2").exists():
        write_if_changed(folder / "heading.woff2", subset_heading_font())
    service = ServiceConfig.read(root).service
    name = (service["short_name"], service["name_line_2"])
    write_if_changed(folder / "social.png", social_card(name, "Free, and only if both people choose it"))
    write_paper_forms(root)


def write_paper_forms(root: Path) -> None:
    """Write the forms, the leaflet and the card below the pages, so that a link to one that is missing fails the build."""
    config = ServiceConfig.read(root)
    write_papers(root / DOWNLOADS, config.service)
    words = leaflet_words((root / LEAFLET_PAGE).read_text(encoding="utf-8"))
    for name, make in zip(LEAFLETS, (make_leaflet, make_card), strict=True):
        write_if_changed(root / DOWNLOADS / name, make(words, config.service, config.site_url))


if __name__ == "__main__":
    write_assets(Path(__file__).resolve().parents[2])
