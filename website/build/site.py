"""The built site, from the Markdown to the folder that a host can serve."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from referral_function.web.publishing import publish
from website.build.assets import make_assets
from website.build.host_files import write_hosting
from website.build.minify_css import slim_stylesheets
from website.build.photos import make_photos_small
from website.build.prune_unused import drop_unused
from website.build.sbom import write_bill
from website.build.search_index import write_index
from website.build.security_txt import write_security_txt
from website.build.sitemap import write_sitemap
from website.cms.editor import NOT_NAMED, add_editor
from website.content.service_data import Details

QUIET: Final = {"NO_MKDOCS_2_WARNING": "true", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Two notices about other products, printed by MkDocs's plugins and Material at every build: nothing about our pages."""


class BuildError(Exception):
    """The pages could not be built; the generator has said why."""


def build(
    root: Path, site: Path, *, hosting: Path | None = None, closed: bool = False, editor: Path | None = None
) -> None:
    """Build the project at `root` into `site`, and the instructions for servers into `hosting`. Raises `BuildError`.

    `closed` puts the phone number and the form as a file where the online form is.
    `editor`, as `make_editor` gives it, is put in last: no page leads there.
    """
    make_assets(root)
    shutil.rmtree(site, ignore_errors=True)
    generate(root, site)
    finish(root, site)
    publish(site, closed=closed)
    if editor:
        add_editor(root, site, editor, os.environ.get("EDITOR_REPOSITORY", NOT_NAMED))
    if hosting:
        headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
        folders = sorted(path.name for path in site.iterdir() if path.is_dir())
        write_hosting(hosting, headers, Details.read(root).redirects, folders)
        write_bill(root, hosting)


def generate(root: Path, site: Path) -> None:
    """Let MkDocs turn the Markdown into pages; a warning is an error."""
    command = [sys.executable, "-m", "website.build.mkdocs_run", str(root), str(site)]
    environ = os.environ | QUIET | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    ran = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 # our own tool
    if ran.returncode:
        raise BuildError(f"The pages could not be built. {' '.join(ran.stderr.splitlines())}")


def finish(root: Path, site: Path) -> None:
    """Do to the pages of either generator what it cannot do itself."""
    details = Details.read(root)
    details.write(site)
    write_sitemap(site, details.address)
    drop_unused(site.resolve(), details.address)
    make_photos_small(site.resolve())
    write_security_txt(site, details.address, datetime.now(UTC).date())
    slim_stylesheets(site)
    write_index(site)
