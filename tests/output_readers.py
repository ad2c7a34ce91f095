"""Parsers of every output of the form: page, review, letter, print, Word and ODT."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import docx
import docx.text.paragraph
import html5lib

from referral_function.asking.answer_types import AnyOf, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

    from referral_function.asking.questions import Question, Section
    from referral_function.deciding.criterion import Criterion

VERSION: Final = re.compile(r"[Ff]orm version (\d+\.\d+\.\d+-[0-9a-f]{8})")
_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as an output shows it; hint and choices are empty where it shows none."""

    part: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The content of one output: questions and criteria in order, and the version of the form."""

    asked: tuple[Asked, ...]
    criteria: tuple[str, ...] = ()
    version: str = ""


def defined(sections: Iterable[Section], criteria: Iterable[Criterion], *, whole: bool, named: bool = False) -> Face:
    """Return the expected content: with hints and choices if `whole`; short labels and names of criteria if `named`."""
    asked = []
    for number, section in enumerate(sections, start=1):
        for question in section.questions:
            full = Asked(
                part=f"{number}. {section.title}",
                label=question.short if named else question.label,
                hint=question.hint,
                choices=_offered(question),
            )
            asked.append(full if whole else replace(full, hint="", choices=()))
    return Face(asked=tuple(asked), criteria=tuple(each.name if named else each.statement for each in criteria))


def _offered(question: Question) -> tuple[str, ...]:
    match question.answer:
        case OneOf(choices=choices) | AnyOf(choices=choices):
            return tuple(_one_line(f"{choice.label} {choice.hint}") for choice in choices)
        case _:
            return ()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def differences(found: Face, wanted: Face) -> list[str]:
    """Return what is missing, what is extra, and whether the order differs."""
    said = []
    for kind, have, want in (
        ("question", found.asked, wanted.asked),
        ("criterion", found.criteria, wanted.criteria),
    ):
        said += [f"{kind} forgotten: {each}" for each in want if each not in have]
        said += [f"{kind} of its own: {each}" for each in have if each not in want]
        if not said and have != want:
            said.append(f"{kind}s in another order, or twice")
    return said


def _has(element: Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


def _text(element: Element, *, without: str = "") -> str:
    """Return the text of an element, without parts of one class."""

    def parts(each: Element) -> Iterator[str]:
        if not (without and _has(each, without)):
            yield each.text or ""
            for child in each:
                yield from parts(child)
                yield child.tail or ""

    return _one_line("".join(parts(element)))


def on_screen(html: str) -> Face:
    """Parse the form page."""
    page: Element = html5lib.parse(html, namespaceHTMLElements=False)
    asked, criteria = [], []
    for section in page.iter("section"):
        for question in (each for each in section.iter("div") if _has(each, "question")):
            hints = [_text(each) for each in question.iter("p") if _has(each, "hint")]
            asked.append(
                Asked(
                    part=_text(next(section.iter("h2"))),
                    label=_text(
                        next(each for each in question.iter() if _has(each, "question-label")), without="optional"
                    ),
                    hint=" ".join(hints).removesuffix("Up to 4,000 characters.").strip(),
                    choices=tuple(_text(each) for each in question.iter("label") if _has(each, "choice")),
                )
            )
    for paper in (each for each in page.iter("div") if _has(each, "paper")):
        after_heading = False
        for line in paper:
            after_heading = after_heading or _has(line, "subtitle")
            criteria += [_one_line(line.get("data-text") or "")] if after_heading and _has(line, "item") else []
    return Face(asked=tuple(asked), criteria=tuple(criteria), version=_version(_text(page)))


def on_review(html: str) -> Face:
    """Parse the review page of a form in which nothing was answered."""
    page: Element = html5lib.parse(html, namespaceHTMLElements=False)
    asked = [
        Asked(part=_text(next(section.iter("h2"))), label=label)
        for section in page.iter("section")
        for each in section.iter("details")
        for label in _text(each[1]).removeprefix("“").removesuffix("”").split("”, “")
    ]
    return Face(asked=tuple(asked), version=_version(_text(page)))


def in_letter(text: str) -> Face:
    """Read a plain letter in which nothing was answered: its sections, and the criteria by their names."""
    criteria = text.partition("CRITERIA:\n")[2].partition("\n\n")[0].splitlines()
    asked = [
        Asked(part=f"{section[1]}{section[2].removesuffix('.')}", label=label)
        for section in re.finditer(r"^  ([0-9]+\. )(.+?[.?]) Not answered: (.+)\.$", text, re.MULTILINE)
        for label in section[3].split(", ")
    ]
    return Face(
        asked=tuple(asked),
        criteria=tuple(line.strip().partition(":")[0] for line in criteria if "Nothing was checked" not in line),
        version=_version(text),
    )


def in_html_letter(html: str) -> Face:
    """Read the HTML face of such a letter."""
    page: Element = html5lib.parse(html, namespaceHTMLElements=False)
    asked, criteria, part = [], [], ""
    for element in page.iter():
        text = _text(element)
        if element.tag in {"h2", "h3"}:
            part = text
        elif element.tag == "th" and part == "Criteria":
            criteria.append(text)
        elif element.tag == "p" and text.startswith("Not answered: "):
            labels = text.removeprefix("Not answered: ").removesuffix(".").split(", ")
            asked += [Asked(part=part, label=label) for label in labels]
    return Face(asked=tuple(asked), criteria=tuple(criteria), version=_version(_text(page)))


def in_word(content: bytes) -> Face:
    """Parse the Word file with python-docx."""
    document = docx.Document(io.BytesIO(content))
    asked, criteria, part, in_criteria = [], [], "", False
    for block in document.iter_inner_content():
        if isinstance(block, docx.text.paragraph.Paragraph):
            style = block.style.name if block.style else ""
            if style == "Heading 1":
                part, in_criteria = block.text, block.text == "Referral criteria"
            elif style == "List Bullet" and in_criteria:
                criteria.append(block.text)
            continue
        for row in list(block.rows)[1:]:
            question, answer = row.cells
            label, *hints = [each.text for each in question.paragraphs]
            choices = [each.text for each in answer.paragraphs if each.style and each.style.name == "Choice"]
            asked.append(_on_paper(part, label, hints, choices))
    foot = " ".join(each.text for each in document.sections[0].footer.paragraphs)
    return Face(asked=tuple(asked), criteria=tuple(criteria), version=_version(foot))


def in_odt(content: bytes) -> Face:
    """Parse the XML of the ODT file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = ET.fromstring(archive.read("content.xml")).find(f".//{_ODF % ('office', 'text')}")  # noqa: S314 - our own
        foot = _odf_text(ET.fromstring(archive.read("styles.xml")))  # noqa: S314 - the same
    assert body is not None
    asked, criteria, part = [], [], ""
    for block in body:
        if block.tag == _ODF % ("text", "h") and block.get(_ODF % ("text", "outline-level")) == "1":
            part = _odf_text(block)
        elif part == "Referral criteria" and block.tag == _ODF % ("text", "list"):
            criteria += [_odf_text(each) for each in block]
        for row in block.findall(_ODF % ("table", "table-row")):
            question, answer = row
            label, *hints = [_odf_text(each) for each in question]
            styled = [(each.get(_ODF % ("text", "style-name")), _odf_text(each)) for each in answer]
            choices = [text.removeprefix("☐") for style, text in styled if style == "Choice"]
            asked.append(_on_paper(part, label, hints, choices))
    return Face(asked=tuple(asked), criteria=tuple(criteria), version=_version(foot))


def _odf_text(element: Element) -> str:
    spaces = {_ODF % ("text", name) for name in ("tab", "line-break", "s")}

    def parts(each: Element) -> Iterator[str]:
        yield " " if each.tag in spaces else each.text or ""
        for child in each:
            yield from parts(child)
            yield child.tail or ""

    return _one_line("".join(parts(element)))


def _on_paper(part: str, label: str, hints: list[str], choices: list[str]) -> Asked:
    """Return a question without what paper adds: optional, when to answer, how many boxes to tick."""
    own = ("Tick one box.",)
    return Asked(
        part=part,
        label=label.removesuffix(" (optional)"),
        hint=" ".join(hint for hint in hints if not hint.startswith(own)),
        choices=tuple(_one_line(choice) for choice in choices),
    )


def _version(text: str) -> str:
    found = VERSION.search(text)
    return found[1] if found else ""
