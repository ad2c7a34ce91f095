"""`papers`: write the referral forms as Word and ODT files into a folder."""

import argparse
from pathlib import Path

from referral_function.papers.office import write_papers
from referral_function.web.site_page import read_service_data

HELP = "write the forms for Word and LibreOffice into a folder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folders."""
    parser.add_argument(
        "folder", nargs="?", type=Path, help="where to write them (default: downloads in the built site)"
    )
    parser.add_argument("--site", type=Path, default=Path("site"), help="the built site (default: site)")


def run(arguments: argparse.Namespace) -> int:
    """Print each file with its size. Raises PageError."""
    folder = arguments.folder or arguments.site / "downloads"
    for path in write_papers(folder, read_service_data(arguments.site)["service"]):
        print(f"{path} {path.stat().st_size}")
    return 0
