"""Copies of the project for tests that change it, and the telephone number that every page shows."""

import shutil
from pathlib import Path
from typing import Final

from website.content.service_config import ServiceConfig

ROOT: Final = Path(__file__).resolve().parents[1]
PHONE: Final = str(ServiceConfig.read(ROOT).service["phone"])
"""From the service's data: an editor may change it."""
CONFIGURATION: Final = ("mkdocs.yml", "service.yml")
CONTENT: Final = ("docs", "site_overrides")
PROGRAMS: Final = ("dev", "website", "referral_function", "requirements")


def copy_content(folder: Path) -> Path:
    """Copy what an editor can change, and the theme."""
    for name in CONFIGURATION:
        shutil.copy(ROOT / name, folder)
    for name in CONTENT:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def copy_project(folder: Path) -> Path:
    """Copy everything that `make site` needs."""
    for name in PROGRAMS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    return copy_content(folder)
