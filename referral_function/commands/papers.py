"""`papers`: the referral forms as Word and ODT files in a folder."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import sys
from pathlib import Path

from referral_function.papers.office import write_papers
from referral_function.web.site_page import PageError, read_service_data


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    parser = subparsers.add_parser("papers", help="write the forms for Word and LibreOffice into a folder")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="where to write them (default: downloads in the built site)"
    )
    parser.add_argument("--site", type=Path, default=Path("site"), help="the built site (default: site)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write them and name each; exit 1 where the built site cannot be read."""
    try:
        written = write_papers(
            arguments.folder or arguments.site / "downloads", read_service_data(arguments.site)["service"]
        )
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(f"{path} {path.stat().st_size}")
    return 0
