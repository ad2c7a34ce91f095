"""The site build, from the Markdown to the folder that a host serves."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from referral_function.web.publishing import publish
from website.build.assets import write_assets
from website.build.drawings import inline_drawings
from website.build.host_files import write_host_files
from website.build.minify_css import minify_stylesheets
from website.build.news_feed import write_news_feed
from website.build.photos import optimise_photos
from website.build.prune_unused import prune_unused
from website.build.sbom import write_sbom
from website.build.search_index import write_search_index
from website.build.security_txt import write_security_txt
from website.build.sitemap import write_sitemap
from website.cms.editor import install_editor
from website.content.build_settings import check_build_settings
from website.content.navigation import complete_navigation
from website.content.service_config import ServiceConfig

_NO_NOTICES: Final = {"NO_MKDOCS_2_WARNING": "true", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Silences two notices about other products, printed at every build by MkDocs's plugins and Material."""


class BuildError(Exception):
    """MkDocs could not build the pages; the text is its message."""


def build(
    root: Path, site: Path, *, hosting: Path | None = None, closed: bool = False, editor: Path | None = None
) -> None:
    """Build the project at `root` into `site`, and the files for servers into `hosting`. Raises `BuildError`.

    `closed` replaces the online forms by the phone number and the form as a file. `editor` is the folder that
    `build_editor` returned; it is installed last, because no page links to it.
    """
    write_assets(root)
    shutil.rmtree(site, ignore_errors=True)
    render_pages(root, site)
    post_process(root, site)
    publish(site, closed=closed)
    if editor:
        install_editor(root, site, editor)
    if hosting:
        headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
        folders = sorted(path.name for path in site.iterdir() if path.is_dir())
        config = ServiceConfig.read(root)
        write_host_files(hosting, headers, config.extra["redirects"], folders, config.service["phone"])
        write_sbom(root, hosting)


def render_pages(root: Path, site: Path) -> None:
    """Run MkDocs on the completed navigation; a warning is an error. Raises `BuildError` and `ConfigError`."""
    if unsafe := list(check_build_settings(root)):
        raise BuildError(" ".join(map(str, unsafe)))
    command = [sys.executable, "-m", "mkdocs", "--no-color", "build", "--strict", "--config-file", "-"]
    result = subprocess.run(  # noqa: S603 # our own tool
        [*command, "--site-dir", str(site)],
        cwd=root,
        env=os.environ | _NO_NOTICES,
        input=complete_navigation(root),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        problems = [line for line in result.stderr.splitlines() if not line.startswith("INFO")]
        raise BuildError(f"The pages could not be built. {' '.join(problems)}")


def post_process(root: Path, site: Path) -> None:
    """Post-process the built site, independent of the generator."""
    config = ServiceConfig.read(root)
    config.write_json(site)
    write_sitemap(site, config.site_url)
    inline_drawings(site)
    write_news_feed(root, site, config)
    prune_unused(site.resolve(), config.site_url)
    optimise_photos(site.resolve())
    write_security_txt(site, config.site_url, datetime.now(UTC).date())
    minify_stylesheets(site)
    write_search_index(site)
