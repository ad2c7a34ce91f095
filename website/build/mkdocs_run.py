"""MkDocs, run on the whole list of pages: `python -m website.build.mkdocs_run ROOT SITE`, in a process of its own."""

from __future__ import annotations

import io
import logging
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from website.content.navigation import whole


def main(root: Path, site: Path) -> int:
    """Turn the Markdown into pages; a warning is an error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    text = io.BytesIO(whole(root).encode())
    try:
        config = load_config(text, config_file_path=str(root / "mkdocs.yml"), site_dir=str(site), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except MkDocsException as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
