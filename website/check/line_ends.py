"""Rule for how the file of a page begins and ends: the editor writes each in one way, so a new title would change other lines."""

from collections.abc import Iterator
from pathlib import Path

from website.content.pages import Finding, Page


def check_line_ends(page: Page, root: Path) -> Iterator[Finding]:
    """Advise against a byte order mark, line ends of Windows, and an end that is not one line end."""
    content = (root / page.path).read_bytes()
    advice = ""
    if content.startswith(b"\xef\xbb\xbf"):
        advice = "the file begins with a mark that nobody sees. Save it as UTF-8 without BOM"
    elif b"\r" in content:
        advice = "the lines end as on Windows. Save the file with the line ends “LF”"
    elif not content.endswith(b"\n") or content[-2:].isspace():
        advice = "the file does not end right behind its last word. Leave one line end there"
    if advice:
        sentence = f"{advice}, or change the page once in the editor, which mends it."
        yield page.finding(len(page.lines), sentence, advice=True)
