"""The content check reads the rendered page: what other programs write as Markdown is named where it stays as it was typed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from website.check.check import check
from website.content.generated_sections import update_generated_sections
from website.content.pages import Page, read_page
from website.content.rendering import render

SMALL: Final = Path(__file__).resolve().parent / "small_site"
PAGE: Final = "docs/questions.md"
LIST: Final = "Leave one above its first line"
BULLET: Final = "Begin each line of the list with - and a blank, with an empty line above the first."
NESTED: Final = "a list inside a list begins with four blanks: with fewer, the outer list goes on here. Add blanks."
CODE: Final = "is shown as program code. Take out the four blanks before it, or the ``` above it."
KEPT: Final = "the \\ in “{}” is not kept by the editor. Take it out, or say it in other words."
HEADING: Final = "makes a heading of the line above it. Leave an empty line between the two."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the small site."""
    copy = tmp_path / "project"
    shutil.copytree(SMALL, copy)
    update_generated_sections(copy / "docs")
    return copy


def findings(project: Path, words: str) -> list[str]:
    """Return what has to be mended when `words` stand at the end of a page, without the name of the page."""
    page = project / PAGE
    before = page.read_text(encoding="utf-8").rstrip()
    page.write_text(f"{before}\n\n{words}\n", encoding="utf-8")
    first = before.count("\n") + 3
    found = [one for one in check(project, date(2026, 11, 24)) if not one.advice]
    return [f"{one.line - first + 1}: {one.sentence}" for one in found]


RAW: Final = {
    "a list glued to the line above": ("Bring:\n- a friend\n- a drink", 2, LIST),
    "a numbered list glued to the line above": ("Do this:\n1. Call.\n2. Wait.", 2, LIST),
    "a table glued to the line above": (
        "Times:\n| Day | Hour |\n|---|---|\n| Monday | 9 |",
        2,
        "a table is shown as it was typed.",
    ),
    "a table without its second line": ("| Day | Hour |\n| Monday | 9 |", 1, "a table is shown as it was typed."),
    "a nested list with two blanks": ("1. Call.\n  - by day\n  - by night\n2. Wait.", 2, NESTED),
    "a nested list with three blanks": ("1. Call.\n   - by day\n2. Wait.", 2, NESTED),
    "round bullets": ("• a friend\n• a drink", 1, BULLET),
    "dots": ("· a friend\n· a drink", 1, BULLET),
    "bullets from Word": ("\uf0b7 a friend\n\uf0b7 a drink", 1, BULLET),
    "numbers with a bracket": ("1) Call.\n2) Wait.", 1, "Write 1. and a blank"),
    "struck text": ("It is ~~not~~ free.", 1, "nothing is struck out here"),
    "a backslash before a sign": (
        "It takes \\~20 minutes.",
        1,
        "the \\ in “\\~” is shown as it was typed. Take it out.",
    ),
    "a backslash before a star": ("It is \\*free\\*.", 1, KEPT.format("\\*")),
    "a backslash before a line that is no list": ("\\- no list", 1, KEPT.format("\\-")),
    "a backslash in a table": ("| Day | Hour |\n|---|---|\n| Monday | 9 \\| 10 |", 3, KEPT.format("\\|")),
    "a backslash at the end of a line": (
        "Call us.\\\nIt is free.",
        1,
        "the \\ in “\\” is shown as it was typed. Take it out.",
    ),
    "two blanks at the end of a line": (
        "Call us.  \nIt is free.",
        1,
        "two blanks at the end of this line break it, which the editor does not keep. Begin a new paragraph instead.",
    ),
    "a box to tick": ("- [x] called\n- [ ] waited", 1, "there are no boxes to tick here"),
    "a part that opens": ('??? note "More"\n    Words.', 1, "Write a heading, such as ## Words"),
    "a tab": ('=== "First"\n    Words.', 1, "Write a heading, such as ## Words"),
    "an icon": ("Call us :material-phone: today.", 1, "“:material-phone:” is shown as it was typed"),
    "a smile": ("We are here :smile:.", 1, "“:smile:” is shown as it was typed"),
    "a class": ("Some words. { .lead }", 1, "“{ .lead }” is shown as it was typed. Take it out."),
    "an address": ("Look at https://example.org/help for more.", 1, "“https://example.org/help” cannot be clicked."),
    "an address without a scheme": ("Look at www.example.org.", 1, "“www.example.org” cannot be clicked."),
    "a heading by dashes": ("Some words\n---", 2, HEADING),
    "a heading by equals signs": ("Some words\n===", 2, HEADING),
    "an empty box": ('!!! note "Please note"\nWords of the box.', 1, "the box has no words."),
    "an indented line": ("Some words.\n\n    And more.", 3, CODE),
    "a code fence": ("```\nWords.\n```", 2, CODE),
    "a footnote": ("Some words.[^1]", 1, "there are no footnotes here"),
    "bold letters with a blank": ("Some ** words ** here.", 1, "Bold words have ** right before them"),
    "marked words": ("Some ==words== here.", 1, "“==words==” is shown as it was typed. Take the signs out."),
    "columns that move": ("| Day | Hour |\n|:---|---:|\n| Monday | 9 |", 2, "Take each : out."),
    "a link that says nothing": ("Read it [here](questions.md).", 1, "the link “here” does not say where it leads."),
    "a link that says more": ("[Read more](questions.md)", 1, "the link “Read more” does not say where it leads."),
    "a link that says this page": (
        "See [this page](questions.md).",
        1,
        "the link “this page” does not say where it leads.",
    ),
    "a link that says link": ("[Link](questions.md)", 1, "the link “Link” does not say where it leads."),
    "a hashtag": ("#RestorativeJustice is our week.", 1, "is a heading here. Write a blank behind the #"),
    "a heading without a blank": ("##Who decides?", 1, "is a heading here. Write a blank behind the #"),
    "a footnote from Word": ("Bring somebody.[1]", 1, "there are no footnotes here"),
    "when and where": ("When: Monday\nWhere: the town hall\nCost: none", 2, "goes on right behind the one above it"),
    "times": ("10:30 Doors open\n10:45 Welcome\n2pm Tea", 2, "goes on right behind the one above it"),
    "the end of an email": ("Kind regards,\nSue", 1, "It is left over from an email: take it out."),
    "the end of an email from a phone": ("Sent from my iPhone", 1, "It is left over from an email: take it out."),
    "a website without https": ("[Their page](facebook.com/rj)", 1, "facebook.com/rj needs https:// in front."),
    "a picture out of an email": ("![A door](cid:image001.png@01DA)", 1, "is somewhere else, and browsers"),
    "a picture in its address": (
        f"![A door](data:image/png;base64,{'A' * 999})",
        1,
        f"the picture data:image/png;base64,{'A' * 38} is somewhere else",
    ),
    "a link that is an address": (
        "[https://why-me.org/](https://why-me.org/)",
        1,
        "is an address, which screen readers spell out.",
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_what_stays_raw_is_named_once(project: Path, name: str) -> None:
    """Each has one sentence, on its own line, and nothing else is said."""
    words, line, sentence = RAW[name]
    found = findings(project, words)
    if name == "a box to tick":  # one for each box
        found = found[:1]
    assert [one.startswith(f"{line}: ") and sentence in one for one in found] == [True], found


def test_a_picture_with_a_blank_in_its_name_needs_words(project: Path) -> None:
    """Its description is asked for, too."""
    assert "has no description" in "".join(findings(project, "![](assets/pictures/Team photo.jpg)"))


def test_a_list_keeps_its_kind_and_its_numbers(project: Path) -> None:
    """Steps below a bullet list, and steps that go on behind other words, are numbered as they were written."""
    page = project / PAGE
    page.write_text(page.read_text(encoding="utf-8") + "\n- a\n- b\n\n1. c\n2. d\n\nWords.\n\n3. e\n", encoding="utf-8")
    read = read_page(project, page)
    assert isinstance(read, Page)
    rendered = render(project, [read], frozenset()).pages[PAGE]
    lists = [block.tag for block in rendered.blocks if block.tag in {"ul", "ol"}]
    assert list(dict.fromkeys(lists)) == ["ul", "ol"]
    assert ("start", "3") in rendered.attributes


FINE: Final = """Bring:\x20\x20

- a friend
- a drink, or ~20 minutes

1. Call.

    - by day
    - by night

2. Wait, as on 1 May: **bold
words**, *others*, `code`, 5 * 3 and a_b.

| Day | Hour |
|-----|------|
| Monday | 9 to 5 (or 10:30) |

!!! note "Please note"

    Words of the box.

Read [how to refer](refer/index.md) {{phone}}. The end: it is free.

---

The line above parts two pages."""


def test_what_is_rendered_is_not_named(project: Path) -> None:
    """The control: the same things, written as this website renders them, are let stand."""
    assert findings(project, FINE) == []


def test_the_same_words_again_are_named_on_their_own_line(project: Path) -> None:
    """Two paragraphs with the same slip are two findings, each on its line."""
    found = findings(project, "It is ~~not~~ free.\n\nIt is ~~not~~ long.")
    assert [one.partition(":")[0] for one in found] == ["1", "3"]
