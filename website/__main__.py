"""`python -m website`: check the content, then build the site into `site/` and files for servers into `var/hosting/`."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from mkdocs.exceptions import MkDocsException

from referral_function.settings.settings import SettingsError, read_setting
from referral_function.web.site_page import PageError
from website.build.site import BuildError, build
from website.check.check import check
from website.cms.editor import EDITOR_PATH, EditorError, build_editor


def main() -> int:
    """Build once; print one sentence for each error."""
    parser = ArgumentParser(prog="python -m website", description="Build the site, ready for any static host.")
    parser.add_argument("--site", type=Path, default=Path("site"), help="the folder to write (default: site)")
    parser.add_argument(
        "--hosting", type=Path, default=Path("var/hosting"), help="where the servers' files go (default: var/hosting)"
    )
    options = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    try:
        closed = read_setting("closed", os.environ)
        if findings := [finding for finding in check(root, datetime.now(UTC).date()) if not finding.advice]:
            sys.stderr.write("".join(f"{finding}\n" for finding in findings) + "Nothing was built: mend this first.\n")
            return 1
        sys.stderr.write("Building the pages: a few seconds ...\n")
        editor = _editor_if_possible(root)
        build(root, options.site.resolve(), hosting=options.hosting.resolve(), closed=closed, editor=editor)
    except (SettingsError, BuildError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (PageError, MkDocsException, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(
            f"{error}\nThe pages could not be built. Undo the last change, or show this to somebody technical.\n"
        )
        return 1
    pages = sum(EDITOR_PATH not in page.parts for page in options.site.rglob("*.html"))
    sys.stdout.write(f"{pages} pages in {options.site}/, instructions for servers in {options.hosting}/\n")
    return 0


def _editor_if_possible(root: Path) -> Path | None:
    try:
        return build_editor(root)
    except EditorError as error:
        sys.stdout.write(f"{error}\n")
        return None


if __name__ == "__main__":
    sys.exit(main())
