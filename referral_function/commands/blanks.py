"""`blanks`: what the controller has to decide before real referrals may come; exit 1 while anything is open."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os
from pathlib import Path

from referral_function.settings.settings import REQUIRED_LEGAL_DETAILS, SETTINGS
from referral_function.web.site_page import PageError, read_service_data


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "list what the controller must decide before going live; exit 1 if something is open"
    subparsers.add_parser("blanks", help=words).set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print each with what was decided; the site has to be built."""
    [row] = [each for each in SETTINGS if each.name == "REFERRAL_SITE"]
    try:
        service = read_service_data(Path(str(row.read(os.environ))))["service"]
    except (PageError, ValueError) as error:
        print(error)
        return 1
    for name in REQUIRED_LEGAL_DETAILS:
        print(f"{name:21} {service.get(name) or 'OPEN: fill in extra.service in mkdocs.yml, then make site'}")
    return 1 if any(not service.get(name) for name in REQUIRED_LEGAL_DETAILS) else 0
