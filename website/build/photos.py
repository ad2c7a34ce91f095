"""Photos as they travel: as small as the page needs, as WebP with a fallback, and with nothing in them but the picture."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from PIL import Image, ImageCms, ImageOps

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS: Final = (720, 1440)  # pixels: the widest column of a page, and the same on a fine screen
QUALITY: Final = 78
MADE_SMALL: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
_IMAGE: Final = re.compile(r"<img\b[^>]*?\ssrc=\"([^\":]+)\"[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo of the built site in all its sizes, by the names of its files."""

    fallback: str
    sizes: tuple[tuple[str, int], ...]
    width: int
    height: int


def make_photos_small(site: Path) -> None:
    """Put small photos into every page, and take the ones that came from the camera out of the site."""
    made: dict[Path, Photo] = {}
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        small = _IMAGE.sub(partial(_in_its_sizes, page.parent, site, made), html)
        if small != html:
            page.write_text(small, encoding="utf-8", newline="\n")
    for path in made:
        path.unlink()


def _in_its_sizes(folder: Path, site: Path, made: dict[Path, Photo], found: re.Match[str]) -> str:
    address = found[1]
    path = ((site if address.startswith("/") else folder) / unquote(address).lstrip("/")).resolve()
    if path.suffix.lower() not in MADE_SMALL or not path.is_file():
        return found[0]
    if path not in made:
        made[path] = small_ones(path)
    photo = made[path]
    before = address.rpartition("/")[0]
    sources = ", ".join(f"{before}/{escape(name)} {width}w" for name, width in photo.sizes)
    image = found[0].replace(f'"{address}"', f'"{before}/{escape(photo.fallback)}"').rstrip("/> ")
    image += f' width="{photo.width}" height="{photo.height}" loading="lazy" decoding="async">'
    return (
        f'<picture><source type="image/webp" srcset="{sources}" sizes="(min-width: 45em) 45em, 100vw">{image}</picture>'
    )


def small_ones(path: Path) -> Photo:
    """Write a photo beside itself in each size that it is large enough for; no place, no date and no camera is left in it."""
    with Image.open(path) as opened:
        picture = _upright(opened)
    has_holes = picture.mode == "RGBA"
    stem = path.name.replace(".", "-")
    sizes = []
    for wanted in WIDTHS:
        width = min(wanted, picture.width)
        smaller = picture.resize(
            (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS
        )
        name = f"{stem}-{width}.webp"
        smaller.save(path.with_name(name), "WEBP", quality=QUALITY, method=6)
        sizes.append((name, width))
        if wanted == WIDTHS[0]:
            fallback = f"{stem}-{width}{'.png' if has_holes else '.jpg'}"
            smaller.save(path.with_name(fallback), quality=QUALITY, optimize=True)
            shown = smaller.size
    return Photo(fallback=fallback, sizes=tuple(dict.fromkeys(sizes)), width=shown[0], height=shown[1])


def _upright(opened: Image.Image) -> Image.Image:
    """Turn a photo as its camera was held, in the colours of the web; what else the file says is left behind."""
    profile = opened.info.get("icc_profile")
    picture = ImageOps.exif_transpose(opened)
    if profile and picture.mode in {"RGB", "RGBA"}:
        try:
            theirs = ImageCms.getOpenProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, theirs, ImageCms.createProfile("sRGB")) or picture
        except ImageCms.PyCMSError:
            pass
    if (
        picture.mode not in {"RGB", "RGBA"} or picture.has_transparency_data
    ):  # else a picture with few colours turns black
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean
