"""Refuses what could run code, or read other files, where the site is built: whoever may change a page may not do that.

`mkdocs.yml` and `service.yml` take the keys below and no other; the tags of YAML are refused when they are read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from website.content.pages import Finding
from website.content.service_config import SERVICE_FILE, SITE_FILE, read_yaml

EXTENSIONS: Final = ["admonition", "attr_list", "md_in_html", "sane_lists", "tables", "toc"]
_PINNED: Final[dict[str, Any]] = {
    "INHERIT": f"./{SERVICE_FILE}",
    "theme": {"name": "material", "custom_dir": "site_overrides", "font": False, "features": []},
    "plugins": [],
    "markdown_extensions": [*EXTENSIONS[:-1], {EXTENSIONS[-1]: {"permalink": False}}],
}
_ALLOWED: Final = {
    SITE_FILE: {"site_url", "validation", "nav", "not_in_nav", "extra"},
    SERVICE_FILE: {"extra", "site_name", "site_description"},
}
_SOURCES: Final = ("docs", "site_overrides", SITE_FILE, SERVICE_FILE)


def check_build_settings(root: Path) -> Iterator[Finding]:
    """Check that nothing is a symbolic link and that no setting is new or changed. Raises `ConfigError`."""
    links = [path for name in _SOURCES for path in (root / name, *(root / name).rglob("*")) if path.is_symlink()]
    for path in sorted(links):
        sentence = "this only leads to another file, of the computer that builds the site. Put the file itself here."
        yield Finding(path=path.relative_to(root).as_posix(), line=0, sentence=sentence)
    for name, allowed in _ALLOWED.items() if not links else ():
        settings, tree = read_yaml(root, name)
        lines = {key.value: key.start_mark.line + 1 for key, _value in tree.value}
        for key, value in settings.items():
            if key not in allowed and (name != SITE_FILE or key not in _PINNED or value != _PINNED[key]):
                sentence = (
                    f"“{key}” as it is here could run a program where the site is built. "
                    "Undo the change, or ask somebody technical."
                )
                yield Finding(path=name, line=lines.get(key, 1), sentence=sentence)
