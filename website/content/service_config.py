"""The data of the service, read from service.yml with the line numbers that findings name, and the site's navigation."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types
from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped] # the same

from website.content.pages import UNREADABLE, Finding

SERVICE_FILE: Final = "service.yml"
SITE_FILE: Final = "mkdocs.yml"
LISTS: Final = (
    "other_services",
    "allowed_names",
    "districts",
    "required_details",
    "optional_details",
    "to_confirm",
    "languages",
)
MAPS: Final = ("service", "redirects", "contacts")
_UNREADABLE_FILE: Final = "this file cannot be read from here on. Undo the last change to it."


class ConfigError(Exception):
    """A configuration file cannot be read; `finding` says where."""

    def __init__(self, path: str, line: int, sentence: str) -> None:
        self.finding = Finding(path=path, line=line, sentence=sentence)
        super().__init__(str(self.finding))


class _Loader(yaml.CSafeLoader):  # type: ignore[misc] # it ships no types
    """A safe loader, five times as fast as the one in Python, that knows the tag `!ENV`, for SITE_URL alone."""


def _site_url(loader: _Loader, node: yaml.Node) -> Any:  # noqa: ANN401 - as YAML gives it
    """Read `!ENV [SITE_URL, default]`; any other variable of whoever builds would stand on the pages."""
    if not isinstance(node, yaml.SequenceNode) or [each.value for each in node.value[:-1]] != ["SITE_URL"]:
        raise yaml.constructor.ConstructorError(problem_mark=node.start_mark)
    return construct_env_tag(loader, node)


_Loader.add_constructor("!ENV", _site_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """Everything below `extra` in service.yml, and what mkdocs.yml says about address and navigation."""

    extra: dict[str, Any]
    site_url: str
    pages: tuple[str, ...]
    """The pages in the navigation, relative to docs/."""
    sections: tuple[str, ...]
    """The titles of the parts of the navigation."""
    _service_tree: yaml.Node
    _site_tree: yaml.Node

    @classmethod
    def read(cls, root: Path) -> "ServiceConfig":
        """Read both files in `root`. Raises `ConfigError`."""
        service, service_tree = read_yaml(root, SERVICE_FILE)
        site, site_tree = read_yaml(root, SITE_FILE)
        try:
            extra = service["extra"]
            extra |= {part: extra[part] or [] for part in LISTS} | {part: extra[part] or {} for part in MAPS}
        except (KeyError, TypeError) as error:
            raise ConfigError(SERVICE_FILE, 1, _UNREADABLE_FILE) from error
        return cls(
            extra=extra,
            site_url=site.get("site_url") or "",
            pages=tuple(_pages(site.get("nav"))),
            sections=tuple(
                str(title)
                for entry in site.get("nav") or ()
                if isinstance(entry, dict)
                for title, pages in entry.items()
                if isinstance(pages, list)
            ),
            _service_tree=service_tree,
            _site_tree=site_tree,
        )

    @property
    def service(self) -> dict[str, Any]:
        """The service as forms show it: its data, with `phone_href`, a link to its telephone number."""
        return with_phone_href(self.extra["service"])

    def line_of(self, *keys: str | int) -> int:
        """Return the line of a part of `extra`, such as `other_services`, 2, `checked_on`; of its parent if it is missing."""
        node, line = self._service_tree, 1
        for key in ("extra", *keys):
            if isinstance(node, yaml.MappingNode):
                pair = next(((name, value) for name, value in node.value if name.value == key), None)
            else:
                pair = (node.value[key], node.value[key]) if isinstance(key, int) else None
            if pair is None:
                break
            name, node = pair
            line = name.start_mark.line + 1
        return line

    def line_of_page(self, page: str) -> int:
        """Return the line of mkdocs.yml on which the navigation lists a page."""
        return next(int(node.start_mark.line) + 1 for node in _nodes(self._site_tree) if node.value == page)

    def write_json(self, site: Path) -> None:
        """Write `service.json` into the built site, from which the form reads the data."""
        data = {
            "service": self.service,
            "other_services": [with_phone_href(other) for other in self.extra["other_services"]],
            "redirects": self.extra["redirects"],
        }
        text = json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n"
        (site / "service.json").write_text(text, encoding="utf-8")


def national_number(number: str) -> str:
    """Normalise a telephone number to digits that begin with 0."""
    digits = re.sub(r"[^\d+]", "", number)
    return "0" + digits.removeprefix("+44").lstrip("0") if digits.startswith("+44") else digits


def with_phone_href(entry: dict[str, Any]) -> dict[str, Any]:
    """Add `phone_href`, a link in the international form; a short number such as 116 123 has none."""
    digits = national_number(str(entry.get("phone") or ""))
    international = f"+44{digits[1:]}" if digits.startswith("0") else digits
    return {**entry, "phone_href": f"tel:{international}"} if digits else entry


def read_yaml(root: Path, name: str) -> tuple[dict[str, Any], yaml.Node]:
    """Read one file, with the tree that knows its lines. Raises `ConfigError`."""
    try:
        text = (root / name).read_text(encoding="utf-8-sig")
        data, tree = yaml.load(text, _Loader), yaml.compose(text, _Loader)  # noqa: S506 # it is a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError(name, mark.line + 1 if mark else 1, _UNREADABLE_FILE) from error
    except ValueError as error:
        raise ConfigError(name, 1, f"{UNREADABLE} Undo the last change to this file.") from error
    if not isinstance(data, dict):
        raise ConfigError(name, 1, _UNREADABLE_FILE)
    for mapping in (node for node in _nodes(tree) if isinstance(node, yaml.MappingNode)):
        keys: set[str] = set()
        for key, _value in mapping.value:
            if key.value in keys:
                sentence = f"“{key.value}” stands here twice, and only the last counts. Take one out."
                raise ConfigError(name, key.start_mark.line + 1, sentence)
            keys.add(key.value)
    return data, tree


def _nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from _nodes(part)


def _pages(navigation: object) -> Iterator[str]:
    if isinstance(navigation, str):
        yield navigation
    elif isinstance(navigation, list | dict):
        for entry in navigation.values() if isinstance(navigation, dict) else navigation:
            yield from _pages(entry)
