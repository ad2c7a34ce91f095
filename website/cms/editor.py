"""The editor at /admin/: installed and put together with npm where there is one, left out where there is none."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from referral_function.web.publishing import compress
from website.cms.collections import settings
from website.content.service_data import Details

if TYPE_CHECKING:
    from pathlib import Path

PLACE: Final = "admin"
LEFT_OUT: Final = "The editor at /admin/ is left out: it needs npm (Node.js 20 or newer), which is not installed.\n"
NOT_NAMED: Final = "owner/repository"
_MADE_FROM: Final = ("package.json", "package-lock.json", "editor.js", "about.js", "index.html")
_CMS: Final = "node_modules/@sveltia/cms"
_FONT: Final = re.compile(r"https://cdn\.jsdelivr\.net/fontsource/fonts/([\w-]+)(?::vf)?@[\d.]+/([\w-]+)\.woff2")
_STATUS: Final = "https://www.githubstatus.com/api/v2/status.json"
_NEVER_USED: Final = ("@shikijs/*", "terra-draw", "terra-draw-leaflet-adapter", "leaflet/*")
"""Colours of program code and maps: no page has them, so their libraries are not shipped."""


class EditorError(Exception):
    """The editor could not be put together; the reason is one sentence."""


def make_editor(root: Path) -> Path | None:
    """Put the editor together in `var/editor` if it is not there as it should be; None where there is no npm."""
    npm, made, source = shutil.which("npm"), root / "var" / "editor", root / "website" / "cms" / "admin"
    wanted = "\n".join((source / name).read_text(encoding="utf-8") for name in _MADE_FROM)
    stamp = made.with_suffix(".stamp")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return made
    if npm is None:
        return None
    _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", inside=source)
    fresh = made.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _bundle(source, fresh)
    shutil.copytree(source / _CMS / "npm" / "assets", fresh / "assets", ignore=shutil.ignore_patterns("*.map"))
    shutil.copy(source / "index.html", fresh)
    _keep_at_home(fresh)
    compress(fresh)
    shutil.rmtree(made, ignore_errors=True)
    fresh.rename(made)
    stamp.write_text(wanted, encoding="utf-8")
    return made


def add_editor(root: Path, site: Path, editor: Path, repository: str) -> None:
    """Put the editor into the built site, with what it has to know about the pages."""
    shutil.copytree(editor, site / PLACE, dirs_exist_ok=True)
    known = settings(root, repository=repository, address=Details.read(root).address)
    text = json.dumps(known, indent=1, ensure_ascii=False) + "\n"
    (site / PLACE / "config.json").write_text(text, encoding="utf-8")


def _bundle(source: Path, made: Path) -> None:
    """Join our two scripts with the libraries; of the editor's own words keep British English."""
    locales = (source / _CMS / "locales").glob("*.json")
    foreign = [f"../locales/{path.name}" for path in locales if path.stem != "en-GB"]
    outside = [f"--external:{name}" for name in (*_NEVER_USED, *foreign)]
    words = ["editor.js", "--bundle", "--minify", "--format=esm", "--splitting", "--log-level=error"]
    tool = source / "node_modules" / "esbuild" / "bin" / "esbuild"
    node = shutil.which("node") or "node"
    _run(node, str(tool), *words, *outside, f"--outdir={made}", inside=source)


def _keep_at_home(made: Path) -> None:
    """Point the typefaces to the files of the same package, and the question after the code host's health to one of ours."""
    (made / "status.json").write_text('{"status": {"indicator": "none"}}\n', encoding="utf-8")
    for script in made.glob("*.js"):
        text = script.read_text(encoding="utf-8").replace(_STATUS, "status.json")
        script.write_text(_FONT.sub(lambda font: _at_home(made, font[1], font[2]), text), encoding="utf-8")


def _at_home(made: Path, family: str, cut: str) -> str:
    found = next((made / "assets").glob(f"{family}-{cut}-*.woff2"), None)
    if found is None:
        raise EditorError(f"The typeface {family} is not in the package of the editor: stay with the release before.")
    return f"assets/{found.name}"


def _run(*command: str, inside: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    ran = subprocess.run(command, cwd=inside, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 # npm and our own tool
    if ran.returncode:
        last = (ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1:]
        raise EditorError(f"The editor could not be put together: {' '.join(last) or 'npm did not say why'}")
