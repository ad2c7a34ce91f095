"""Photos: what a camera writes stays at home, and a page gets no more than it shows."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING

import pytest
from PIL import ExifTags, Image, ImageCms

from tests.page_checks import check_page
from tests.project_copies import copy_content
from website.build.photos import optimise_photos, write_photo_sizes
from website.build.site import build

if TYPE_CHECKING:
    from pathlib import Path


@functools.cache
def photo(size: tuple[int, int] = (1800, 1500), mode: str = "RGB", kind: str = "JPEG") -> bytes:
    """Make a photo as a phone does: on its side, with place, time and camera, in the colours of its own screen."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "A camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    written = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(written, kind, exif=exif, icc_profile=profile)
    return written.getvalue()


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a site of one page and its photos."""
    tmp_path = tmp_path_factory.mktemp("small")
    (tmp_path / "a").mkdir()
    (tmp_path / "shot.jpg").write_bytes(photo())
    (tmp_path / "drawn.png").write_bytes(photo((400, 300), "RGBA", "PNG"))
    (tmp_path / "mark.svg").write_text("<svg/>", encoding="utf-8")
    images = '<img alt="A bridge" src="../shot.jpg" /><img alt="A door" src="/drawn.png"><img alt="" src="../mark.svg">'
    (tmp_path / "a" / "index.html").write_text(f'{images}<img src="https://other.example/a.jpg">', encoding="utf-8")
    optimise_photos(tmp_path)
    return tmp_path


def test_each_photo_is_small_and_says_nothing(small_site: Path) -> None:
    """A photo of 1,800 pixels travels as WebP in two sizes with a JPEG for old browsers, upright, without a word about itself."""
    names = {path.name for path in small_site.iterdir() if path.is_file()}
    assert names == {
        "shot-jpg-720.webp",
        "shot-jpg-1440.webp",
        "shot-jpg-720.jpg",
        "drawn-png-300.webp",
        "drawn-png-300.png",
        "mark.svg",
    }
    for name in names - {"mark.svg"}:
        with Image.open(small_site / name) as picture:
            assert not picture.getexif()
            assert "icc_profile" not in picture.info
            assert picture.height > picture.width
    assert (small_site / "shot-jpg-720.jpg").stat().st_size < len(photo()) / 2


def test_the_page_offers_them(small_site: Path) -> None:
    """The page names both sizes, the fallback and how large it is; drawings and pictures from elsewhere stay as they are."""
    html = (small_site / "a" / "index.html").read_text(encoding="utf-8")
    assert 'srcset="../shot-jpg-720.webp 720w, ../shot-jpg-1440.webp 1440w"' in html
    assert (
        '<img alt="A bridge" src="../shot-jpg-720.jpg" width="720" height="864" loading="lazy" decoding="async">'
        in html
    )
    assert 'srcset="/drawn-png-300.webp 300w"' in html
    assert '<img alt="" src="../mark.svg">' in html
    assert '<img src="https://other.example/a.jpg">' in html


def test_a_photo_on_a_page_of_the_site(tmp_path: Path) -> None:
    """A photo that an editor put into a story is on the built page in its small sizes, and the source is untouched."""
    project = tmp_path / "project"
    project.mkdir()
    copy_content(project)
    source = project / "docs/assets/pictures/bridge.jpg"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(taken := photo())
    page = next(path for path in sorted((project / "docs/case-studies").glob("*.md")) if path.stem != "index")
    with page.open("a", encoding="utf-8") as story:
        story.write("\n![A bridge](/assets/pictures/bridge.jpg)\n")
    build(project, tmp_path / "site")
    html = (tmp_path / "site/case-studies" / page.stem / "index.html").read_text(encoding="utf-8")
    check_page(html)
    assert 'src="../../assets/pictures/bridge-jpg-720.jpg"' in html
    pictures = {path.name for path in (tmp_path / "site/assets/pictures").iterdir()}
    assert pictures == {"bridge-jpg-720.jpg", "bridge-jpg-720.webp", "bridge-jpg-1440.webp"}
    assert source.read_bytes() == taken


@pytest.mark.parametrize("kind", ["few colours", "few colours, with holes", "a hole of one colour", "a line"])
def test_unusual_pictures_keep_their_colours(tmp_path: Path, kind: str) -> None:
    """A picture with a palette, one with see-through parts, and one of a single line look as they were drawn."""
    path = tmp_path / "drawn.png"
    red = Image.new("RGBA", (3000, 1) if kind == "a line" else (800, 100), "red")
    if "hole" in kind:
        red.paste((0, 0, 0, 0), (0, 0, 400, 100))
    if kind == "a hole of one colour":
        red.convert("RGB").save(path, transparency=(0, 0, 0))
    else:
        (red.quantize(16) if "few" in kind else red).save(path)
    for name, _width in (*write_photo_sizes(path).sizes, (write_photo_sizes(path).fallback, 0)):
        with Image.open(tmp_path / name) as small:
            seen = small.convert("RGBA")
            red_at, hole_at = (seen.getpixel((seen.width * part // 4, seen.height // 2)) for part in (3, 1))
            assert isinstance(red_at, tuple)
            assert isinstance(hole_at, tuple)
            assert red_at[0] > 200
            assert max(red_at[1:3]) < 60
            assert (hole_at[3] < 60) is ("hole" in kind)


def test_a_grey_picture_of_16_bits_keeps_its_greys(tmp_path: Path) -> None:
    """A scan with 65,536 greys is published with the same light and dark parts, not white."""
    row = b"\x00\x20" * 400 + b"\x00\xc0" * 400  # little-endian
    Image.frombytes("I;16", (800, 100), row * 100).save(tmp_path / "scan.png")
    with Image.open(tmp_path / write_photo_sizes(tmp_path / "scan.png").fallback) as small:
        colours = [colour for x in (100, 700) if isinstance(colour := small.convert("RGB").getpixel((x, 50)), tuple)]
    assert [colour[0] for colour in colours] == pytest.approx([0x20, 0xC0], abs=3)
