"""Copies of the project for tests that change it, and the telephone number that every page shows."""

import shutil
from pathlib import Path
from typing import Final

from website.content.generated_sections import update_generated_sections
from website.content.service_config import ServiceConfig

ROOT: Final = Path(__file__).resolve().parents[1]
PHONE: Final = str(ServiceConfig.read(ROOT).service["phone"])
"""From the service's data: an editor may change it."""
SMALL_SITE: Final = ROOT / "tests" / "small_site"
CONFIGURATION: Final = ("mkdocs.yml", "service.yml")
CONTENT: Final = ("docs", "site_overrides")
PROGRAMS: Final = ("dev", "website", "referral_function", "requirements")
NOT_COPIED: Final = ("node_modules", "*.pyc.*", "*.bytecode*")
"""Compiled modules are copied, as their sources keep their times; what another process is writing is not."""


def copy_content(folder: Path) -> Path:
    """Copy what an editor can change, and the theme."""
    for name in CONFIGURATION:
        shutil.copy(ROOT / name, folder)
    for name in CONTENT:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def copy_small_site(folder: Path) -> Path:
    """Copy a small site that nobody edits, with today's criteria in it: it is checked ten times as fast as the whole."""
    shutil.copytree(SMALL_SITE, folder, dirs_exist_ok=True)
    update_generated_sections(folder / "docs")
    return folder


def copy_project(folder: Path) -> Path:
    """Copy everything that `make site` needs."""
    for name in PROGRAMS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return copy_content(folder)
