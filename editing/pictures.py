"""Rules for picture files: nothing that says where a photo was taken, nothing that is too heavy, nothing that no browser shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, UnidentifiedImageError

from editing.pages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"})
NOT_SHOWN: Final = frozenset({".heic", ".heif", ".tif", ".tiff", ".bmp", ".raw", ".psd"})
HEAVIEST: Final = 5_000_000  # bytes, as it comes from a camera; the build makes it small
SMALLEST: Final = 600  # pixels: less looks blurred across a page


def look_at_pictures(root: Path) -> Iterator[Finding]:
    """Look at every picture below docs/."""
    for path in sorted((root / "docs").rglob("*")):
        place = path.relative_to(root).as_posix()
        if path.suffix.lower() in NOT_SHOWN:
            yield _finding(place, f"browsers cannot show {path.suffix} files. Save the picture as JPEG, and use that.")
        elif path.suffix.lower() in SHOWN:
            yield from _look_at(path, place)
        elif path.suffix.lower() == ".svg" and "<script" in path.read_text(encoding="utf-8", errors="replace").lower():
            yield _finding(place, "this drawing holds a script. Use another one, or save it as PNG.")


def _look_at(path: Path, place: str) -> Iterator[Finding]:
    try:
        with Image.open(path) as picture:
            gps, width = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo), picture.width
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        yield _finding(place, "this is not a picture that can be read. Save it again as JPEG or PNG.")
        return
    if gps:
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
