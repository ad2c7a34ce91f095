"""The picture that is shown when someone shares a link: the mark, the name, and that it is free."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from website.build.font_subset import source

SIZE: Final = (1200, 630)
DEEP, PALE, SAND, WHITE = "#103f3c", "#a7cfc7", "#e9c9a4", "#ffffff"
FINE: Final = 2  # drawn twice as large and made smaller, so that the rings have smooth edges


def social_card(name: tuple[str, str], promise: str) -> bytes:
    """Draw the card as PNG: the name in two lines, and one sentence below."""
    picture = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), DEEP)
    pen = ImageDraw.Draw(picture)
    for left, colour in ((90, PALE), (210, SAND)):
        pen.ellipse([edge * FINE for edge in (left, 90, left + 190, 280)], outline=colour, width=26 * FINE)
    for line, top, height, colour in ((name[0], 320, 84, WHITE), (name[1], 416, 56, WHITE), (promise, 514, 36, PALE)):
        pen.text((90 * FINE, top * FINE), line, font=ImageFont.truetype(str(source()), height * FINE), fill=colour)
    small = picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()
