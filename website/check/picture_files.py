"""Rules for the files below docs/: no GPS data, no large files, and only formats that browsers show."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from website.check.media import AUDIO, CAPTIONS, VIDEO, check_media_file
from website.content.pages import Finding

SHOWN: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
_NOT_SHOWN: Final = frozenset(
    {".heic", ".heif", ".tif", ".tiff", ".bmp", ".raw", ".psd", ".gif", ".jfif", ".jpe", ".pjpeg"}
)
_GENERATED: Final = frozenset({".docx", ".odt", ".pdf"})
"""The forms on paper, the leaflet and the card, which the build writes into docs/downloads/."""
_ACTIVE_SVG: Final = re.compile(
    r"<script|<foreignObject|<metadata|\son\w+\s*=|javascript:|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)
MAX_BYTES: Final = 5_000_000  # as it comes from a camera; the build writes smaller ones
MIN_WIDTH: Final = 600  # pixels: less looks blurred across a page


def check_picture_files(root: Path) -> Iterator[Finding]:
    """Check every file below docs/ that is not a page."""
    for path in sorted((root / "docs").rglob("*")):
        name = path.relative_to(root).as_posix()
        ending = path.suffix.lower()
        if not path.is_file() or ending == ".md" or path.name.startswith("."):
            continue
        if ending in _NOT_SHOWN:
            yield _finding(name, f"{ending} files have no place here. Save the picture as JPEG or PNG, and use that.")
        elif ending in SHOWN:
            yield from _check_photo(path, name)
        elif ending == ".svg":
            if _ACTIVE_SVG.search(path.read_text(encoding="utf-8", errors="replace")):
                yield _finding(name, "this drawing holds a script or leads elsewhere. Save it as PNG, and use that.")
        elif ending in {*VIDEO, *AUDIO, CAPTIONS}:
            yield from check_media_file(path, name)
        elif not (ending in _GENERATED and name.startswith("docs/downloads/")):
            yield _finding(name, "only pages and pictures (JPEG, PNG, WebP, SVG) can be put here. Take this file out.")


def _check_photo(path: Path, name: str) -> Iterator[Finding]:
    try:
        with Image.open(path) as picture:
            gps, width = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo), picture.width
            xmp = f"{picture.info.get('xmp', '')}{picture.info.get('XML:com.adobe.xmp', '')}"
            picture.load()  # a truncated file opens, and fails here
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        yield _finding(name, "this is not a picture that can be read. Save it again as JPEG or PNG.")
        return
    if gps or "GPSL" in xmp:
        yield _finding(
            name,
            "this photo says where it was taken. Take a screenshot of it and use that, "
            "or remove its location (Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info).",
        )
    if (size := path.stat().st_size) > MAX_BYTES:
        yield _finding(name, f"this file has {size / 1e6:.0f} MB. Save the picture smaller: 2,000 pixels are enough.")
    if width < MIN_WIDTH:
        sentence = f"this picture is {width} pixels wide and may look blurred. Use a larger one if there is one."
        yield Finding(path=name, line=0, sentence=sentence, advice=True)


def _finding(name: str, sentence: str) -> Finding:
    return Finding(path=name, line=0, sentence=sentence)
