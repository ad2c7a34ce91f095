"""What the site is made of: the number that every page shows, and copies for tests that change something."""

import shutil
from pathlib import Path
from typing import Final

from website.content.service_data import Details

ROOT: Final = Path(__file__).resolve().parents[1]
PHONE: Final = str(Details.read(ROOT).service["phone"])
"""The service's number, as every page shows it: an editor may change it."""
CONTENT: Final = ("docs", "site_overrides")
PROGRAMS: Final = ("dev", "website", "referral_function", "requirements")


def copy_content(folder: Path) -> Path:
    """Copy what an editor can change, and what it is shown with."""
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in CONTENT:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def copy_workshop(folder: Path) -> Path:
    """Copy that, and the programs that make the site of it."""
    for name in PROGRAMS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    return copy_content(folder)
