"""The heading font, subset to the characters of English headings."""

import io
import string
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fontTools import subset  # type: ignore[import-untyped] # it ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # the same

CHARACTERS: Final = string.ascii_letters + string.digits + " .,:;?!()'\"-/&%+" + "–—‘’“”…£" + "çéèêëñöü"
"""Any other character falls back to the reader's own font."""


def subset_heading_font() -> bytes:
    """Return the subset as WOFF2; reproducible byte for byte."""
    options = subset.Options(layout_features=["kern", "liga"], hinting=False, name_IDs=[])
    options.drop_tables += ["GDEF", "STAT", "BASE"]
    font, output = TTFont(font_file(), recalcTimestamp=False), io.BytesIO()
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(output)
    return output.getvalue()


def font_file() -> Path:
    """Return the path of the complete font (SIL Open Font Licence) in its package."""
    package = find_spec("font_source_serif_pro")
    if package is None or package.origin is None:
        raise FileNotFoundError("The typeface is not installed: run `make site`, which installs it.")
    return Path(package.origin).parent / "files" / "SourceSerifPro-Semibold.ttf"
