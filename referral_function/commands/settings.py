"""`settings`: every setting, what it means, and its value; secrets show only that they are set."""

# ruff: noqa: T201 - it speaks to the person at the terminal

import argparse
import os

from referral_function.settings.parsers import Setting
from referral_function.settings.settings import SETTINGS, Settings, SettingsError


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    subparsers.add_parser("settings", help="print every setting").set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print them; exit 1 if one of them is missing or wrong, or does not go with the others."""
    right = True
    for row in SETTINGS:
        value, fine = _value(row)
        right &= fine
        print(f"{row.name} = {value}\n    {row.meaning}")
    if right:
        try:
            Settings.read(os.environ).require_legal_details()
        except SettingsError as error:
            print(f"WRONG: {error}")
            right = False
    return 0 if right else 1


def _value(row: Setting) -> tuple[str, bool]:
    try:
        row.read(os.environ)
        text = row.text(os.environ)
    except ValueError as error:
        return f"WRONG: {error}", False
    if text:
        return ("set" if row.secret else text), True
    return f"{'none' if row.default is None else row.default} (default)", True
