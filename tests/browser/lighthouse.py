"""`make lighthouse`: what Lighthouse says of six pages, on the phone that it imitates.

Performance is told and not held: it is a time, and a busy machine is slower. The tests hold the rest (decision 16).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.browser.chromium import NONE_FOUND, find
from tests.browser.pages import A_STORY
from tests.browser.serving import served
from tests.node import NotInstalledError, installed
from website.build.site import build

if TYPE_CHECKING:
    from collections.abc import Iterable

JUDGES: Final = Path(__file__).resolve().parents[1] / "judges"
PAGES: Final = (
    "/",
    "/harmed/",
    "/about/which-cases/",
    "/case-studies/",
    A_STORY,
    "/refer/myself/",
)
HELD: Final = ("accessibility", "best-practices")
FOR_SEO: Final = "; connect-src 'self'"
"""One audit of SEO fetches robots.txt from inside the page, which our policy forbids: for SEO alone it is let through."""

Scores = dict[str, float]
"""Of each category, 100 is best; `moved` is how far things moved while the page loaded, 0 is best."""


def judge(chromium: str, site: Path, categories: Iterable[str] = HELD) -> dict[str, Scores]:
    """Let Lighthouse look at each page twice: with our own policy, and for SEO. Raises `CalledProcessError`."""
    installed(JUDGES)
    with served(site) as strict, served(site, FOR_SEO) as for_seo:
        as_it_is = {"onlyCategories": list(categories), "onlyAudits": ["cumulative-layout-shift"]}
        looks = [{"address": strict + page} | as_it_is for page in PAGES]
        looks += [{"address": for_seo + page, "onlyCategories": ["seo"]} for page in PAGES]
        command = ["node", "judge.mjs", json.dumps(looks)]
        environ = os.environ | {"CHROME_PATH": chromium}
        done = subprocess.run(command, cwd=JUDGES, env=environ, stdout=subprocess.PIPE, check=True)
    found: list[Scores] = json.loads(done.stdout)
    return {page: found[at] | found[at + len(PAGES)] for at, page in enumerate(PAGES)}


def main() -> int:
    """Build the site and print the scores; say in one sentence what is missing."""
    chromium = find()
    if chromium is None:
        sys.stderr.write(f"{NONE_FOUND}\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build(JUDGES.parents[1], site)
        try:
            said = judge(chromium, site, ("performance", *HELD))
        except NotInstalledError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    for page, scores in said.items():
        sys.stdout.write(f"{page}: {', '.join(f'{name} {score:g}' for name, score in scores.items())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
