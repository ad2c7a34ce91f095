"""`publish`: a built site becomes the folder that any static host can serve: forms in their pages, headers, twins."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
import sys
from pathlib import Path

from referral_function.web.publishing import publish


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "put the forms into a built site, and write its headers and compressed files"
    parser = subparsers.add_parser("publish", help=words, description=words)
    parser.add_argument("site", metavar="SITE_DIR", type=Path, help="the built site; doing it twice changes nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do it; exit 1 where the site was not built, or the library that compresses is missing."""
    try:
        publish(arguments.site, closed=os.environ.get("REFERRAL_CLOSED") == "yes")
    except ModuleNotFoundError as error:
        print(
            f"Publishing needs {error.name}, which the running form does not: make site installs it.", file=sys.stderr
        )
        return 1
    print(f"{arguments.site} is ready for any static host.")
    return 0
