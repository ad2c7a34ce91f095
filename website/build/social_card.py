"""The social card: the picture that is shown when someone shares a link."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from website.build.font_subset import font_file

SIZE: Final = (1200, 630)
DEEP, PALE, SAND, WHITE = "#103f3c", "#a7cfc7", "#e9c9a4", "#ffffff"
SCALE: Final = 2  # drawn larger and reduced, for smooth edges


def social_card(name: tuple[str, str], promise: str) -> bytes:
    """Return the card as PNG: the mark, the name in two lines, and one sentence."""
    picture = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), DEEP)
    pen = ImageDraw.Draw(picture)
    for left, colour in ((90, PALE), (210, SAND)):
        pen.ellipse([edge * SCALE for edge in (left, 90, left + 190, 280)], outline=colour, width=26 * SCALE)
    for line, top, height, colour in ((name[0], 320, 84, WHITE), (name[1], 416, 56, WHITE), (promise, 514, 36, PALE)):
        font = ImageFont.truetype(str(font_file()), height * SCALE)
        pen.text((90 * SCALE, top * SCALE), line, font=font, fill=colour)
    small = picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)
    output = io.BytesIO()
    small.save(output, "PNG", optimize=True)
    return output.getvalue()
