"""The templates of this package, compiled once and kept beside the compiled modules.

Compiling them takes longer than everything else in the first answer of a process, and on a serverless host nearly every
referral meets a first answer.
"""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from referral_function.asking.questions import AnswerType

_COMPILED = Path(__file__).parent / "__pycache__"
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Compiled(FileSystemBytecodeCache):
    """Reads what was compiled; writes where it may, and does without where it may not."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def templates(*, kind: Callable[[AnswerType], str], **known: object) -> Environment:
    """Give the templates; `kind` names the macro of a kind of answer, `known` is what every template may use."""
    jinja = Environment(
        loader=PackageLoader("referral_function"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_Compiled(str(_COMPILED), "template-%s.bytecode"),
    )
    jinja.filters |= {"kind": kind, "printable": printable}
    jinja.globals |= known
    return jinja


def compile_templates(jinja: Environment) -> None:
    """Compile every template now, so that no first answer has to."""
    _COMPILED.mkdir(exist_ok=True)
    for name in jinja.list_templates():
        jinja.get_template(name)


def printable(text: str) -> str:
    """Show what HTML cannot carry as a replacement character; the sentence beside it says what to do."""
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)
