"""The heading typeface, cut down to the letters that English headings use."""

from __future__ import annotations

import io
import string
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fontTools import subset  # type: ignore[import-untyped] # it ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # the same

LETTERS: Final = string.ascii_letters + string.digits + " .,:;?!()'\"-/&%+" + "–—‘’“”…£" + "çéèêëñöü"
"""Every sign a heading can use. Another one is drawn from the reader's own typeface."""


def heading_font() -> bytes:
    """Make the heading typeface as WOFF2: the same bytes each time."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga"]
    options.hinting = False
    options.notdef_outline = False
    options.glyph_names = False
    options.legacy_cmap = False
    options.name_IDs = []
    options.drop_tables += ["DSIG", "GDEF", "STAT", "BASE"]
    font = TTFont(source(), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=LETTERS)
    cutter.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def source() -> Path:
    """Find the whole typeface (SIL Open Font Licence), as its package brings it."""
    package = find_spec("font_source_serif_pro")
    if package is None or package.origin is None:
        raise FileNotFoundError("The typeface is not installed: run `make site`, which installs it.")
    return Path(package.origin).parent / "files" / "SourceSerifPro-Semibold.ttf"
