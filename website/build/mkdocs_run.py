"""Runs MkDocs with the completed navigation: `python -m website.build.mkdocs_run ROOT SITE`, in a process of its own."""

import io
import logging
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from website.content.navigation import complete_navigation


def main(root: Path, site: Path) -> int:
    """Build the pages; a warning is an error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    text = io.BytesIO(complete_navigation(root).encode())
    text.name = str(root / "mkdocs.yml")  # INHERIT is relative to it
    try:
        config = load_config(text, site_dir=str(site), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except MkDocsException as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
