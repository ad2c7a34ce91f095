"""The Jinja environment of the web templates, with a bytecode cache beside the compiled modules.

Compiling the templates takes longer than the rest of a process's first answer, and on a serverless host nearly every
referral is a first answer: so publishing compiles them once.
"""

import contextlib
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from referral_function.asking.text import UNREADABLE
from referral_function.deciding.decision import definition_version
from referral_function.papers.paper import paper_form
from referral_function.web.security_headers import CLEAR_CACHE_PATH
from referral_function.web.wording import noun

_BYTECODE_FOLDER = Path(__file__).parent / "__pycache__"


class BytecodeCache(FileSystemBytecodeCache):
    """Jinja's cache, which does without where it cannot write, and does not depend on the folder of the package."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - a release is moved after it is built
        """Return a key from the template's name alone."""
        return super().get_cache_key(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the bytecode, where that is possible."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def make_environment(service_data: Mapping[str, Any]) -> Environment:
    """Make the Jinja environment; `service_data` is the content of the site's `service.json`."""
    jinja = Environment(
        loader=PackageLoader("referral_function.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=BytecodeCache(str(_BYTECODE_FOLDER), "template-%s.bytecode"),
    )
    service, by_id = service_data["service"], {each["id"]: each for each in service_data["other_services"]}

    def other_services(ids: Sequence[str]) -> list[Mapping[str, Any]]:
        return [by_id[each] for each in ids if each in by_id]

    def support_lines(helps: Sequence[str]) -> list[Mapping[str, Any]]:
        """List the support lines of the data that help one of these, each once, in this order."""
        found = (each for one in helps for each in by_id.values() if one in (each.get("helps") or ()))
        return list({each["id"]: each for each in found}.values())

    jinja.filters["printable"] = printable
    jinja.globals |= {
        "service": service,
        "clear_cache_path": CLEAR_CACHE_PATH,
        "elsewhere": other_services,
        "support_lines": support_lines,
        "noun": noun,
        "version": definition_version,
        "paper": functools.cache(lambda route: paper_form(route, service)),
    }
    return jinja


def compile_templates(jinja: Environment) -> None:
    """Compile every template into the bytecode cache."""
    _BYTECODE_FOLDER.mkdir(exist_ok=True)
    for name in jinja.list_templates():
        jinja.get_template(name)


def printable(text: str) -> str:
    """Replace each control character, which HTML cannot carry, by U+FFFD; the form has an error where it does so."""
    return UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)
