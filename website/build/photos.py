"""Photos as they are published: resized, as WebP with a fallback, without metadata."""

import io
import re
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from PIL import Image, ImageCms, ImageOps

WIDTHS: Final = (720, 1440)  # pixels: the widest column of a page, and the same on a high-density screen
QUALITY: Final = 78
FORMATS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
_IMAGE: Final = re.compile(r"<img\b[^>]*?\ssrc=\"([^\":]+)\"[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The file names and sizes of one published photo."""

    fallback: str
    sizes: tuple[tuple[str, int], ...]
    width: int
    height: int


def optimise_photos(site: Path) -> None:
    """Replace the photos in every page by resized ones and delete the originals from the built site."""
    photos: dict[Path, Photo] = {}
    for page in sorted(site.rglob("*.html")):
        html = _IMAGE.sub(partial(_picture_element, page.parent, site, photos), page.read_text(encoding="utf-8"))
        page.write_text(html, encoding="utf-8", newline="\n")
    for original in photos:
        original.unlink()


def _picture_element(folder: Path, site: Path, photos: dict[Path, Photo], found: re.Match[str]) -> str:
    src = found[1]
    path = ((site if src.startswith("/") else folder) / unquote(src).lstrip("/")).resolve()
    if path.suffix.lower() not in FORMATS or not path.is_file():
        return found[0]
    if path not in photos:
        photos[path] = write_photo_sizes(path)
    photo, parent = photos[path], src.rpartition("/")[0]
    sources = ", ".join(f"{parent}/{escape(name)} {width}w" for name, width in photo.sizes)
    image = found[0].replace(f'"{src}"', f'"{parent}/{escape(photo.fallback)}"').rstrip("/> ")
    image += f' width="{photo.width}" height="{photo.height}" loading="lazy" decoding="async">'
    return (
        f'<picture><source type="image/webp" srcset="{sources}" sizes="(min-width: 45em) 45em, 100vw">{image}</picture>'
    )


def write_photo_sizes(path: Path) -> Photo:
    """Write a photo beside the original in each width up to its own, without metadata."""
    with Image.open(path) as opened:
        picture = _normalised(opened)
    stem = path.name.replace(".", "-")
    sizes = []
    for widest in WIDTHS:
        width = min(widest, picture.width)
        height = max(1, round(picture.height * width / picture.width))
        resized = picture.resize((width, height), Image.Resampling.LANCZOS)
        name = f"{stem}-{width}.webp"
        resized.save(path.with_name(name), "WEBP", quality=QUALITY, method=6)
        sizes.append((name, width))
        if widest == WIDTHS[0]:
            fallback, shown = f"{stem}-{width}{'.png' if picture.mode == 'RGBA' else '.jpg'}", resized.size
            resized.save(path.with_name(fallback), quality=QUALITY, optimize=True)
    return Photo(fallback=fallback, sizes=tuple(dict.fromkeys(sizes)), width=shown[0], height=shown[1])


def _normalised(opened: Image.Image) -> Image.Image:
    """Return the pixels alone: upright, in sRGB, as RGB or RGBA."""
    profile = opened.info.get("icc_profile")
    picture = ImageOps.exif_transpose(opened)
    if profile and picture.mode in {"RGB", "RGBA"}:
        try:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
        except ImageCms.PyCMSError:
            pass
    if picture.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off at white
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    transparent = picture.has_transparency_data
    if transparent or picture.mode not in {"RGB", "RGBA"}:  # else a picture with a palette turns black
        picture = picture.convert("RGBA" if transparent else "RGB")
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean
