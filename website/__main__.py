"""`python -m website`: build the site into `site/`, and the instructions for servers into `var/hosting/`."""

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
from website.cms.editor import LEFT_OUT, PLACE, EditorError, make_editor


def main() -> int:
    """Build once; say what is wrong in one sentence."""
    parser = ArgumentParser(prog="python -m website", description="Build the site, ready for any static host.")
    parser.add_argument("--site", type=Path, default=Path("site"), help="the folder to write (default: site)")
    parser.add_argument("--hosting", type=Path, default=Path("var/hosting"), help="where the servers' files go")
    options = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    if to_mend := [one for one in check(root, datetime.now(UTC).date()) if not one.advice]:
        sys.stderr.write("".join(f"{one}\n" for one in to_mend) + "Nothing was built: mend this first.\n")
        return 1
    try:
        closed = read_setting("closed", os.environ)
        editor = make_editor(root)
        build(root, options.site.resolve(), hosting=options.hosting.resolve(), closed=closed, editor=editor)
    except (BuildError, EditorError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (PageError, MkDocsException, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(
            f"{error}\nThe pages could not be built. Undo the last change, or show this to somebody technical.\n"
        )
        return 1
    if editor is None:
        sys.stdout.write(LEFT_OUT)
    pages = sum(PLACE not in page.parts for page in options.site.rglob("*.html"))
    sys.stdout.write(f"{pages} pages in {options.site}/, instructions for servers in {options.hosting}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
