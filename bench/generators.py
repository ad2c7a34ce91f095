"""The site generators that are measured: ours, and each peer with the same Markdown, as its own guide sets it up."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.places import FOLDER, MODULES, NODE, ROOT, SAME_SITE, VENV, npm_peers, python_peers

OUR_SITE, MATERIAL, ZENSICAL, HUGO, STARLIGHT = "this site", "Material", "Zensical", "Hugo", "Starlight"
_TEXT: Final = (
    "Restorative Justice brings together people harmed by crime and the people responsible, if both of them choose it. "
    "It is voluntary, it is confidential, and nobody has to decide at once. A facilitator talks with each person first. "
)
_MKDOCS: Final = "site_name: Generated pages\nsite_url: https://www.example.org/\ntheme:\n  name: material\n"
_HUGO: Final = 'baseURL = "https://www.example.org/"\ntitle = "Generated pages"\n'
_LAYOUT: Final = (
    '<!doctype html><html lang="en"><head><title>{{ .Title }}</title></head><body><nav>{{ range .Site.RegularPages }}'
    '{{ if eq .Section $.Section }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}</nav>'
    "<main>{{ .Content }}</main></body></html>\n"
)
_ASTRO: Final = (
    "import { defineConfig } from 'astro/config'\nimport starlight from '@astrojs/starlight'\n"
    "export default defineConfig({ site: 'https://www.example.org', integrations: [starlight({ title: 'Generated pages' })] })\n"
)
_CONTENT: Final = (
    "import { defineCollection } from 'astro:content'\nimport { docsLoader } from '@astrojs/starlight/loaders'\n"
    "import { docsSchema } from '@astrojs/starlight/schema'\n"
    "export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) }\n"
)
QUIET: Final = {"NO_MKDOCS_2_WARNING": "true", "DISABLE_MKDOCS_2_WARNING": "true", "ASTRO_TELEMETRY_DISABLED": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One build: the command, where it runs, what it writes."""

    command: Sequence[str]
    folder: Path
    site: Path
    environ: Mapping[str, str] = field(default_factory=lambda: QUIET)


def pages(count: int) -> dict[str, str]:
    """Write so many pages of about 400 words, fifty in a folder."""
    found = {}
    for number in range(count):
        title = f"Page {number} of many"
        sections = "\n\n".join(f"## Part {part} of page {number}\n\n{_TEXT * 2}" for part in range(4))
        extras = f"- one\n- two\n- **{number}**\n\n| Left | Right |\n| --- | --- |\n| {number} | b |\n"
        head = (
            f"---\ntitle: {title}\ndescription: The page with the number {number}.\nlast_reviewed: 2026-11-23\n---\n\n"
        )
        found[f"generated/{number // 50:02}/page-{number:04}.md"] = f"{head}# {title}\n\n{sections}\n\n{extras}"
    return found


def prepare(name: str, count: int) -> Job:
    """Lay out the folder of a build anew."""
    folder = FOLDER / "builds" / f"{name.split(maxsplit=1)[0].lower()}-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {
        OUR_SITE: _ours,
        MATERIAL: lambda place, files: _mkdocs(place, files, [str(SAME_SITE), "-m", "mkdocs", "build", "--quiet"]),
        ZENSICAL: lambda place, files: _mkdocs(place, files, [str(SAME_SITE.with_name("zensical")), "build"]),
        HUGO: _hugo,
        STARLIGHT: starlight,
    }[name](folder, pages(count))


def names() -> list[str]:
    """List the generators that can be had here."""
    return [OUR_SITE, MATERIAL, ZENSICAL, *([] if python_peers() else [HUGO]), *([] if npm_peers() else [STARLIGHT])]


def _ours(folder: Path, files: Mapping[str, str]) -> Job:
    """Copy this project with the pages in its navigation, to be built as `make site` does: search, twins and all."""
    for name in ("docs", "site_overrides", "handbook", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    _write(folder / "docs", files)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    entries = "\n".join(f"      - {path}" for path in files)
    settings = settings.replace(
        "\n  - About this website:\n", f"\n  - Generated:\n{entries}\n  - About this website:\n"
    )
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    shutil.copy(ROOT / "service.yml", folder)
    program = f"from pathlib import Path; from website.build.site import build; build(Path({str(folder)!r}), Path('site').resolve())"
    more = {"PYTHONPATH": str(ROOT), **QUIET}
    return Job(command=[str(SAME_SITE), "-c", program], folder=folder, site=folder / "site", environ=more)


def _mkdocs(folder: Path, files: Mapping[str, str], command: Sequence[str]) -> Job:
    _write(folder / "docs", {"index.md": "# Home\n", **files})
    (folder / "mkdocs.yml").write_text(_MKDOCS, "utf-8")
    return Job(command=command, folder=folder, site=folder / "site")


def _hugo(folder: Path, files: Mapping[str, str]) -> Job:
    _write(folder / "content", {"_index.md": "---\ntitle: Home\n---\n", **files})
    _write(folder, {"hugo.toml": _HUGO, "layouts/_default/single.html": _LAYOUT, "layouts/_default/list.html": _LAYOUT})
    return Job(command=[str(VENV / "hugo"), "--quiet"], folder=folder, site=folder / "public")


def starlight(folder: Path, files: Mapping[str, str]) -> Job:
    """Lay out a project as `npm create astro -- --template starlight` does."""
    plain = {
        path: re.sub(r"\n# .*\n", "\n", text, count=1) for path, text in files.items()
    }  # it shows the title itself
    _write(folder / "src" / "content" / "docs", {"index.md": "---\ntitle: Home\n---\n", **plain})
    _write(
        folder, {"astro.config.mjs": _ASTRO, "src/content.config.mjs": _CONTENT, "package.json": '{"type": "module"}\n'}
    )
    (folder / "node_modules").symlink_to(MODULES)
    return Job(command=[str(NODE), str(MODULES / "astro" / "astro.js"), "build"], folder=folder, site=folder / "dist")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
