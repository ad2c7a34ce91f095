"""No answer can make us think for long: the work of reading one grows no faster than the answer."""

import ast
import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined] # how Python itself reads a pattern
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

import referral_function
from referral_function.asking.answer_types import LongText, ShortText
from referral_function.asking.answers import InvalidAnswer, parse
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.security.test_limits import TODAY
from tests.security.tracing import tracing

PACKAGE = Path(referral_function.__file__).parent
_MAYBE = {"compile", "fullmatch", "match", "search", "sub", "findall", "split", "finditer"}


def patterns(source: str) -> Iterator[str]:
    """Find the text of every pattern that a module gives to `re`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[first, *_]) if name in _MAYBE:
                yield from _texts(first)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() | bytes() as text):
            yield text.decode("latin-1") if isinstance(text, bytes) else text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
        case _:
            yield from ()


def dangers(pattern: str) -> list[str]:
    """Name what could make a pattern try again and again: an endless repeat inside an endless repeat, overlapping ones."""
    found: list[str] = []
    _look(parser.parse(pattern), [], found)
    return found


def _look(parsed: Any, inside: list[Any], found: list[str]) -> None:
    for operation, argument in parsed:
        if operation in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            _low, high, body = argument
            endless = high is sre.MAXREPEAT
            if endless and inside and not _begins_apart(inside[-1]):
                found.append("an endless repeat in an endless repeat")
            _look(body, [*inside, body] if endless else inside, found)
        elif operation is sre.SUBPATTERN:
            _look(argument[-1], inside, found)
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                _look(branch, inside, found)


def _begins_apart(body: Any) -> bool:
    """Say whether a repeated group begins with one fixed sign that its own repeats exclude, such as `@[^@]+`."""
    items = list(body)
    while len(items) == 1 and items[0][0] is sre.SUBPATTERN:
        items = list(items[0][1][-1])
    if items[0][0] is not sre.LITERAL:
        return False
    first = chr(items[0][1])
    return not any(
        re.match(_only(each), first)
        for operation, argument in items[1:]
        if operation is sre.MAX_REPEAT
        for each in [argument[2]]
    )


def _only(body: Any) -> str:
    [(operation, argument)] = list(body)
    if operation is sre.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    if operation is not sre.IN:
        return "."
    names = {sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w"}
    text = ""
    for kind, value in argument:
        if kind is sre.NEGATE:
            text += "^"
        elif kind is sre.LITERAL:
            text += re.escape(chr(value))
        elif kind is sre.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        else:
            text += names[value]
    return f"[{text}]"


ALL = [
    (path.relative_to(PACKAGE).as_posix(), each)
    for path in sorted(PACKAGE.rglob("*.py"))
    for each in patterns(path.read_text("utf-8"))
]


@pytest.mark.asvs("1.3.12")
@pytest.mark.parametrize(("file", "pattern"), ALL, ids=lambda each: ascii(each)[:40])
def test_no_pattern_can_explode(file: str, pattern: str) -> None:
    """No pattern of ours repeats endlessly what already repeats endlessly."""
    assert dangers(pattern) == [], file


def test_a_pattern_that_explodes_is_seen() -> None:
    """The controls: the well-known bad patterns are named, harmless ones are not, and ours were found."""
    for bad in (r"(a+)+$", r"(a*)*b", r"([a-z]+)*@", r"(\s*x*)*", r"(?:\.[a.]+)+", r"(x+x+)+y", r"(.*)*"):
        assert dangers(bad), bad
    for good in (r"a+b*", r"(\.[^.]+)+", r"(ab)+", "[^@]+@[^@.]+"):
        assert dangers(good) == [], good
    assert len(ALL) > 20


class _Steps:
    """Counts the lines that run."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, work: Callable[[], object]) -> int:
        """Run something and return how many lines of ours ran."""
        with tracing(self._call):
            work()
        return self.count

    def _call(self, _frame: FrameType, _event: str, _argument: object) -> Any:
        self.count += 1
        return self._call


@pytest.mark.asvs("1.3.12", "15.2.2")
@pytest.mark.parametrize(
    "text", ["x", "\n", "@", ".", "0", " ", "a@a.", "0 (", "\U0001fac2", "\x07", "\u200b", "\x1e"], ids=ascii
)
def test_reading_an_answer_grows_no_faster_than_the_answer(text: str) -> None:
    """Ten times the text takes at most ten times the steps to read, for every question that takes text."""

    def read(question: Any, size: int) -> int:
        def work() -> None:
            with contextlib.suppress(InvalidAnswer):
                parse(question, [text * size + "!"], TODAY)

        return _Steps().of(work)

    for route in Route:
        for question in questions(route):
            if isinstance(question.answer, ShortText | LongText):
                assert read(question, 5_000) <= 10 * read(question, 500) + 100, question.name
