"""The templates of this package, compiled once and kept beside the compiled modules.

Compiling them takes longer than everything else in the first answer of a process, and on a serverless host nearly every
referral meets a first answer.
"""

import contextlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

_COMPILED = Path(__file__).parent / "__pycache__"
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Compiled(FileSystemBytecodeCache):
    """Reads what was compiled; writes where it may, and does without where it may not."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - see the next line
        """Name what was compiled by the template alone: a release is built in one folder and runs in another."""
        return super().get_cache_key(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if that can be written."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def templates(**known: object) -> Environment:
    """Give the templates; `known` is what every one of them may use."""
    jinja = Environment(
        loader=PackageLoader("referral_function.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=Compiled(str(_COMPILED), "template-%s.bytecode"),
    )
    jinja.filters["printable"] = printable
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
