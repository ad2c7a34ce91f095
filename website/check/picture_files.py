"""Rules for the files below docs/: no GPS data, no large files, and only formats that browsers show."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from website.check.media import AUDIO, CAPTIONS, VIDEO, check_media_file
from website.content.pages import Finding

SHOWN: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
_NOT_SHOWN: Final = frozenset(
    {".heic", ".heif", ".tif", ".tiff", ".bmp", ".raw", ".psd", ".gif", ".jfif", ".jpe", ".pjpeg"}
)
_FORMS: Final = frozenset({".docx", ".odt"})
"""The forms on paper; git ignores them, and an earlier build may have left some."""
_ACTIVE_SVG: Final = re.compile(
    r"<script|<foreignObject|<metadata|\son\w+\s*=|javascript:|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)
FILE_NAME: Final = re.compile(r"[a-z0-9._/-]+")
MAX_BYTES: Final = 5_000_000  # as it comes from a camera; the build writes smaller ones
MIN_WIDTH: Final = 600  # pixels: less looks blurred across a page


def check_file_names(root: Path) -> Iterator[Finding]:
    """Check that every file below docs/ has a name that makes an address: hosts differ on capitals, and links end at a blank."""
    for path in sorted((root / "docs").rglob("*")):
        if not FILE_NAME.fullmatch(path.name) and not path.name.startswith("."):
            plain = re.sub(r"[^a-z0-9.]+", "-", path.name.lower()).strip("-")
            sentence = f"the name “{path.name}” makes an address that breaks. Write small letters, digits and - alone, such as {plain}."
            yield _finding(path.relative_to(root).as_posix(), sentence)


def check_picture_files(root: Path, generated: Collection[str]) -> Iterator[Finding]:
    """Check every file below docs/ that is neither a page nor `generated` by the build."""
    for path in sorted((root / "docs").rglob("*")):
        name = path.relative_to(root).as_posix()
        ending = path.suffix.lower()
        if not path.is_file() or ending == ".md" or path.name.startswith(".") or name in generated:
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
        elif ending == ".pdf" and not name.startswith("docs/downloads/"):
            yield _finding(name, "the place of a PDF is docs/downloads/. Put it there, and lead to it from a page.")
        elif ending != ".pdf" and not (ending in _FORMS and name.startswith("docs/downloads/")):
            yield _finding(
                name, "only pages, pictures (JPEG, PNG, WebP, SVG) and PDF can be put here. Take this file out."
            )


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
