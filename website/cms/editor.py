"""Bundles the editor at /admin/ with npm. It is optional: where that fails, the site is built without it."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from referral_function.web.publishing import compress
from website.cms.collections import cms_config

EDITOR_PATH: Final = "admin"
NPM_TIMEOUT: Final = 20  # seconds
_DEFAULT_REPOSITORY: Final = "owner/repository"
_SOURCES: Final = ("package.json", "package-lock.json", "editor.js", "page_file.js", "service_file.js", "index.html")
_CMS: Final = "node_modules/@sveltia/cms"
_FONT: Final = re.compile(r"https://cdn\.jsdelivr\.net/fontsource/fonts/([\w-]+)(?::vf)?@[\d.]+/([\w-]+)\.woff2")
_UNREACHABLE: Final = ("EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH", "ENOTCACHED", "ENOTFOUND", "ETIMEDOUT")
_STATUS_URL: Final = "https://www.githubstatus.com/api/v2/status.json"
_NO_ZOOM: Final = '"maximum-scale=1",'
_PORTRAIT: Final = re.compile(r"\.avatar(?:_url|Url)\b")
_CHECK_BEFORE_SAVE: Final = re.compile(
    r'if\(!([\w$]+)\)(\{let ([\w$]+)=await [\w$]+\(([\w$]+)\);if\(\3&&![\w$]+\)throw Error\("save_conflict")'
)
_NPM_OPTIONS: Final = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000"),  # or it waits for 70 seconds before it fails
)
_UNUSED_PACKAGES: Final = ("@shikijs/*", "terra-draw", "terra-draw-leaflet-adapter", "leaflet/*")
"""Syntax highlighting and maps: no page has them."""


class EditorError(Exception):
    """The editor is left out; the text says so, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The editor at /admin/ is left out: {reason}")


def build_editor(root: Path, *, timeout: float = NPM_TIMEOUT) -> Path:
    """Bundle the editor into `var/editor` unless it is up to date, within `timeout` seconds. Raises `EditorError`."""
    npm, built, source = shutil.which("npm"), root / "var" / "editor", root / "website" / "cms" / "admin"
    sources = [*(source / name for name in _SOURCES), Path(__file__)]
    wanted = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    stamp = built.with_suffix(".stamp")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return built
    if npm is None:
        raise EditorError("it needs npm (Node.js 20 or newer), which is not installed.")
    sys.stderr.write(f"Putting the editor together with npm, once: at most {timeout:g} seconds ...\n")
    end = time.monotonic() + timeout
    _run(npm, "ci", *_NPM_OPTIONS, cwd=source, end=end)
    fresh = built.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _bundle(source, fresh, end)
    shutil.copytree(source / _CMS / "npm" / "assets", fresh / "assets", ignore=shutil.ignore_patterns("*.map"))
    shutil.copy(source / "index.html", fresh)
    _replace_third_parties(fresh)
    check_drafts_before_save(fresh)
    compress(fresh)
    shutil.rmtree(built, ignore_errors=True)
    fresh.rename(built)
    stamp.write_text(wanted, encoding="utf-8")
    return built


def install_editor(root: Path, site: Path, editor: Path) -> None:
    """Copy the editor into the built site, with its configuration; EDITOR_REPOSITORY names the project at the code host."""
    shutil.copytree(editor, site / EDITOR_PATH, dirs_exist_ok=True)
    config = cms_config(root, repository=os.environ.get("EDITOR_REPOSITORY", _DEFAULT_REPOSITORY))
    text = json.dumps(config, indent=1, ensure_ascii=False) + "\n"
    (site / EDITOR_PATH / "config.json").write_text(text, encoding="utf-8")


def _bundle(source: Path, output: Path, end: float) -> None:
    """Bundle our scripts with their libraries, with British English as the only language."""
    locales = (source / _CMS / "locales").glob("*.json")
    other_locales = [f"../locales/{path.name}" for path in locales if path.stem != "en-GB"]
    external = [f"--external:{name}" for name in (*_UNUSED_PACKAGES, *other_locales)]
    options = ["--bundle", "--minify", "--format=esm", "--splitting", "--log-level=error", f"--outdir={output}"]
    esbuild = source / "node_modules" / "esbuild" / "bin" / "esbuild"
    _run(shutil.which("node") or "node", str(esbuild), "editor.js", *options, *external, cwd=source, end=end)


def _replace_third_parties(folder: Path) -> None:
    """Serve fonts and the status of the code host from the site, ask nobody for portraits, let people zoom (WCAG 1.4.4)."""
    (folder / "status.json").write_text('{"status": {"indicator": "none"}}\n', encoding="utf-8")
    for script in folder.glob("*.js"):
        text = script.read_text(encoding="utf-8").replace(_STATUS_URL, "status.json").replace(_NO_ZOOM, "")
        text = _FONT.sub(lambda font: _local_font(folder, font[1], font[2]), _PORTRAIT.sub(".noPortrait", text))
        script.write_text(text, encoding="utf-8")


def check_drafts_before_save(folder: Path) -> None:
    """Let the first Save of a draft, too, ask whether somebody has published the page since it was opened.

    The editor asks only where it writes to `main` itself. But it writes whole files on the newest commit: a draft of a
    page that was opened in the morning would take back what others have published since.
    """
    replaced = 0
    for script in folder.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        text, found = _CHECK_BEFORE_SAVE.subn(r"if(!\1||!\4.originalEntry?.workflow)\2", text)
        replaced += found
        if found:
            script.write_text(text, encoding="utf-8")
    if replaced != 1:
        raise EditorError("its check before Save is not where it was; stay with the release before.")


def _local_font(folder: Path, family: str, cut: str) -> str:
    found = next((folder / "assets").glob(f"{family}-{cut}-*.woff2"), None)
    if found is None:
        raise EditorError(f"the typeface {family} is not in its package; stay with the release before.")
    return f"assets/{found.name}"


def _run(*command: str, cwd: Path, end: float) -> None:
    """Run a command until a monotonic time, in seconds. Raises `EditorError`."""
    seconds = max(end - time.monotonic(), 0.1)
    environ = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    try:
        result = subprocess.run(  # noqa: S603 # npm and our own tool
            command, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise EditorError(
            "npm was not done in time. It keeps what it has fetched: try again on a better network."
        ) from None
    if result.returncode:
        code = re.search(r"^npm (?:error|ERR!) code (E\w+)$", result.stderr, re.MULTILINE)
        if code and code[1] in _UNREACHABLE:
            raise EditorError(f"npm cannot reach its registry ({code[1]}).")
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise EditorError(" ".join(last) or "npm did not say why.")
