"""The shape of the service's data: types and required values, checked before every other rule."""

from collections.abc import Iterator
from typing import Any, Final

from referral_function.deciding.support_lines import Helps
from website.content.pages import Finding
from website.content.service_config import LISTS, MAPS, SERVICE_FILE, ServiceConfig

REQUIRED: Final = ("name", "short_name", "name_line_2", "area", "phone", "phone_cost", "email", "confidentiality_note")
_REQUIRED_OF_OTHERS: Final = ("id", "name", "who")


def check_config_shape(config: ServiceConfig) -> Iterator[Finding]:
    """Check that each part is a list or a map as before; if so, that required values are there."""
    broken = [(part,) for part in MAPS if not isinstance(config.extra[part], dict)]
    broken += [(part,) for part in LISTS if not isinstance(config.extra[part], list)]
    wrong = ((keys, f"“{keys[0]}” is no longer a list. Undo the last change to it.") for keys in broken)
    for keys, sentence in wrong if broken else _missing_values(config.extra):
        yield Finding(path=SERVICE_FILE, line=config.line_of(*keys), sentence=sentence)


def _missing_values(extra: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the keys that lead to each missing value, with a sentence."""
    for key in REQUIRED:
        if not _is_text(extra["service"].get(key)):
            yield ("service", key), f"“{key}” is empty. Fill it in: every page uses it."
    for number, name in enumerate(extra["allowed_names"]):
        if not _is_text(name):
            sentence = f"number {number + 1} of “Allowed names” is empty. Write the name, or take it out."
            yield ("allowed_names", number), sentence
    for number, entry in enumerate(extra["other_services"]):
        other = entry if isinstance(entry, dict) else {}
        name = other.get("name") or f"number {number + 1} of those who help elsewhere"
        for key, sentence in _missing_of_other(other, name):
            yield ("other_services", number, key), sentence
    for old, new in extra["redirects"].items():
        if not (_is_text(old) and _is_text(new)):
            sentence = f"the old address {old} leads to no page. Write both, such as “/old-page: /contact/”."
            yield ("redirects", str(old)), sentence


def _missing_of_other(other: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """Yield the key of each missing value of another service, with a sentence."""
    for key in _REQUIRED_OF_OTHERS:
        if not _is_text(other.get(key)):
            yield key, f"“{key}” of {name} is missing. Fill it in."
    if not (_is_text(other.get("phone")) or _is_text(other.get("url"))):
        yield "name", f"{name} has no telephone number and no website. Fill in one of them, or nobody can turn to it."
    helps = other.get("helps") or []
    if not (isinstance(helps, list) and set(map(str, helps)) <= set(Helps)):
        yield "helps", f"“helps” of {name} is a list of {', '.join(Helps)}. Choose from these."


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""
