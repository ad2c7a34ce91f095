"""Rules for picture files: nothing that says where a photo was taken, nothing that is too heavy, nothing that no browser shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, UnidentifiedImageError

from website.content.pages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
NOT_SHOWN: Final = frozenset(
    {".heic", ".heif", ".tif", ".tiff", ".bmp", ".raw", ".psd", ".gif", ".jfif", ".jpe", ".pjpeg"}
)
MADE: Final = frozenset({".docx", ".odt"})
"""What the build itself puts into docs/downloads/."""
_ALIVE: Final = re.compile(
    r"<script|<foreignObject|<metadata|\son\w+\s*=|javascript:|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)
HEAVIEST: Final = 5_000_000  # bytes, as it comes from a camera; the build makes it small
SMALLEST: Final = 600  # pixels: less looks blurred across a page


def look_at_pictures(root: Path) -> Iterator[Finding]:
    """Look at every picture below docs/."""
    for path in sorted((root / "docs").rglob("*")):
        place = path.relative_to(root).as_posix()
        ending = path.suffix.lower()
        if not path.is_file() or ending == ".md" or path.name.startswith("."):
            continue
        if ending in NOT_SHOWN:
            yield _finding(place, f"{ending} files have no place here. Save the picture as JPEG or PNG, and use that.")
        elif ending in SHOWN:
            yield from _look_at(path, place)
        elif ending == ".svg":
            if _ALIVE.search(path.read_text(encoding="utf-8", errors="replace")):
                yield _finding(place, "this drawing holds a script or leads elsewhere. Save it as PNG, and use that.")
        elif not (ending in MADE and place.startswith("docs/downloads/")):
            yield _finding(place, "only pages and pictures (JPEG, PNG, WebP, SVG) can be put here. Take this file out.")


def _look_at(path: Path, place: str) -> Iterator[Finding]:
    try:
        with Image.open(path) as picture:
            gps, width = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo), picture.width
            also = f"{picture.info.get('xmp', '')}{picture.info.get('XML:com.adobe.xmp', '')}"
            picture.load()  # a file that was cut short opens, and breaks here
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        yield _finding(place, "this is not a picture that can be read. Save it again as JPEG or PNG.")
        return
    if gps or "GPSL" in also:
        yield _finding(
            place,
            "this photo says where it was taken. Take a screenshot of it and use that, "
            "or remove its location (Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info).",
        )
    if (heavy := path.stat().st_size) > HEAVIEST:
        yield _finding(place, f"this file has {heavy / 1e6:.0f} MB. Save the picture smaller: 2,000 pixels are enough.")
    if width < SMALLEST:
        sentence = f"this picture is {width} pixels wide and may look blurred. Use a larger one if there is one."
        yield Finding(place=place, line=0, sentence=sentence, advice=True)


def _finding(place: str, sentence: str) -> Finding:
    return Finding(place=place, line=0, sentence=sentence)
