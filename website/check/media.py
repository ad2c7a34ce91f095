"""Rules for a film, a recording or a film in British Sign Language: a file of our own, captions, and its words as text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from website.content.pages import Finding, Page

VIDEO: Final = frozenset({".mp4", ".webm"})
AUDIO: Final = frozenset({".mp3", ".m4a"})
CAPTIONS: Final = ".vtt"
MAX_BYTES: Final = 40_000_000  # some minutes; a code host takes no file above 100 MB
_FILE: Final = re.compile(r"/?(assets/(?:[\w-]+/)*[\w.-]+)", re.ASCII)
_GPS: Final = (b"\xa9xyz", b"com.apple.quicktime.location")
"""Where a phone writes the place in which a film was taken."""


def check_media(page: Page, root: Path) -> Iterator[Finding]:
    """Check the fields of the front matter that put a film or a recording on a page."""
    fields = {key: str(value) for key, value in page.front_matter.items() if str(key).startswith("media_") and value}
    if not fields:
        return
    film = _file(root, fields.get("media_file", ""), VIDEO | AUDIO)
    if film is None:
        sentence = "the film or recording is not a file of this website. Upload an MP4, WebM, MP3 or M4A file, and name it here."
        yield page.finding(page.line_of("media_file"), sentence)
    for key, what in (("media_title", "title"), ("media_transcript", "transcript: everything that is said, as text")):
        if key not in fields:
            yield page.finding(page.line_of("media_file"), f"the film or recording has no {what}. Add “{key}”.")
    if film is not None and film.suffix in VIDEO:
        captions = _file(root, fields.get("media_captions", ""), frozenset({CAPTIONS}))
        if captions is None or not captions.read_text(encoding="utf-8", errors="replace").startswith("WEBVTT"):
            sentence = "the film has no captions. Upload a WebVTT file (its name ends in .vtt), and name it as “media_captions”."
            yield page.finding(page.line_of("media_file"), sentence)
    elif film is not None and "media_captions" in fields:
        sentence = "a recording without pictures has no captions: its words stand in the transcript. Take the line out."
        yield page.finding(page.line_of("media_captions"), sentence)


def check_media_file(path: Path, name: str) -> Iterator[Finding]:
    """Check the weight of a film or recording, and that it does not say where it was taken."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        sentence = (
            f"this file has {len(content) // 1_000_000} MB. Save it smaller, at most {MAX_BYTES // 1_000_000} MB."
        )
        yield Finding(path=name, line=0, sentence=sentence)
    if any(mark in content for mark in _GPS):
        sentence = "this film says where it was taken. Save it again without its location."
        yield Finding(path=name, line=0, sentence=sentence)


def _file(root: Path, value: str, endings: frozenset[str]) -> Path | None:
    """Return the file below docs/ that a field names, if it is there and of one of the kinds."""
    found = _FILE.fullmatch(value)
    path = root / "docs" / found[1] if found else None
    return path if path and path.is_file() and path.suffix in endings and ".." not in path.parts else None
