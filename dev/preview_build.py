"""One build of `make preview`, in a process of its own, so that changed code counts; prints the result as JSON."""

import argparse
import json
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from referral_function.web.publishing import fill_slots
from website.build.assets import write_assets
from website.build.search_index import write_search_index
from website.build.site import render_pages
from website.check.check import check
from website.cms.editor import install_editor
from website.content.generated_sections import update_generated_sections
from website.content.service_config import ServiceConfig

_ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build the pages, and check the content meanwhile."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the run of MkDocs would go on alone
    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=Path)
    parser.add_argument("--editor", type=Path)
    parser.add_argument("--with-assets", action="store_true")
    options = parser.parse_args()
    if options.with_assets:
        update_generated_sections(_ROOT / "docs")  # or a changed criterion would not be seen on its page
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(check, _ROOT, datetime.now(UTC).date())
        error = build_pages(options.site, options.editor, with_assets=options.with_assets)
        findings = [str(finding) for finding in checking.result() if not finding.advice]
    if error and not findings:
        findings = [error]
    json.dump({"built": not error, "findings": findings}, sys.stdout)
    return 0


def build_pages(site: Path, editor: Path | None, *, with_assets: bool) -> str:
    """Build the pages without what only publishing needs; return the message of an error, or nothing."""
    try:
        shutil.rmtree(site, ignore_errors=True)
        if with_assets:
            write_assets(_ROOT)
        render_pages(_ROOT, site)
        ServiceConfig.read(_ROOT).write_json(site)
        fill_slots(site)
        write_search_index(site)
        if editor:
            install_editor(_ROOT, site, editor)
    except Exception as error:  # noqa: BLE001 - whatever a page does to the build, the preview goes on
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    sys.exit(main())
