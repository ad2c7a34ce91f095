"""`publish`: prepare a built site for any static host: forms in their pages, headers, compressed files."""

import argparse
import os
import sys
from pathlib import Path

from referral_function.settings.settings import read_setting
from referral_function.web.publishing import publish

HELP = "put the forms into a built site, and write its headers and compressed files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder."""
    parser.add_argument("site", metavar="SITE_DIR", type=Path, help="the built site; doing it twice changes nothing")


def run(arguments: argparse.Namespace) -> int:
    """Publish; exit 1 without the library that compresses. Raises PageError, SettingsError."""
    try:
        publish(arguments.site, closed=read_setting("closed", os.environ))
    except ModuleNotFoundError as error:
        print(
            f"Publishing needs {error.name}, which the running form does not: make site installs it.", file=sys.stderr
        )
        return 1
    print(f"{arguments.site} is ready for any static host.")
    return 0
