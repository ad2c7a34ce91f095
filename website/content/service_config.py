"""What mkdocs.yml says about the service, with the number of each line, for sentences that name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types

if TYPE_CHECKING:
    from pathlib import Path

PLACE: Final = "mkdocs.yml"
LISTS: Final = ("elsewhere", "not_people", "districts", "blanks")
MAPS: Final = ("service", "redirects", "offences", "contacts")


class _Loader(yaml.SafeLoader):  # type: ignore[misc] # it ships no types
    """Reads mkdocs.yml; what stands behind a tag such as !ENV is nobody's to edit here."""


_Loader.add_multi_constructor("!", lambda _loader, _tag, _node: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """All of `extra`, and where in the file each part of it stands."""

    extra: dict[str, Any]
    pages: tuple[str, ...]
    """The pages that the list of pages names."""
    _tree: yaml.Node

    @classmethod
    def read(cls, root: Path) -> About:
        """Read mkdocs.yml in `root`.

        Raises `yaml.YAMLError`, `ValueError` for letters or days that are none, and `KeyError` or `TypeError` where a
        whole part is missing.
        """
        text = (root / PLACE).read_text(encoding="utf-8-sig")
        said = yaml.load(text, _Loader)  # noqa: S506 # a safe loader, with one tag more
        tree = yaml.compose(text, _Loader)
        extra = said["extra"]
        extra |= {part: extra[part] or [] for part in LISTS} | {part: extra[part] or {} for part in MAPS}
        return cls(extra=extra, pages=tuple(_named(said["nav"])), _tree=tree)

    def line(self, *way: str | int) -> int:
        """Give the line on which a part stands, such as `extra`, `elsewhere`, 2, `checked_on`; the nearest if it is missing."""
        node = self._tree
        found = 1
        for step in way:
            if isinstance(node, yaml.MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == step), None)
            else:
                pair = (node.value[step], node.value[step]) if isinstance(step, int) else None
            if pair is None:
                break
            key, node = pair
            found = key.start_mark.line + 1
        return found

    def line_of_page(self, page: str) -> int:
        """Give the line of the list of pages that names a page."""
        return next((node.start_mark.line + 1 for node in _scalars(self._tree) if node.value == page), self.line("nav"))


def _named(part: Any) -> list[str]:  # noqa: ANN401 # a list of pages nests as it likes
    match part:
        case str():
            return [part]
        case list():
            return [page for one in part for page in _named(one)]
        case dict():
            return [page for one in part.values() for page in _named(one)]
        case _:
            return []


def _scalars(node: yaml.Node) -> list[yaml.ScalarNode]:
    match node:
        case yaml.ScalarNode():
            return [node]
        case yaml.SequenceNode():
            return [found for one in node.value for found in _scalars(one)]
        case _:
            return [found for pair in node.value for one in pair for found in _scalars(one)]
