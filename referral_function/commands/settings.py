"""`settings`: print every setting with its meaning and value; of a secret only that it is set."""

import argparse
import os

from referral_function import compose
from referral_function.settings.parsers import Setting
from referral_function.settings.settings import SETTINGS, Settings, SettingsError, misspelt
from referral_function.web.site_page import PageError

HELP = "print every setting"


def run(_arguments: argparse.Namespace) -> int:
    """Print them; exit 1 if one is missing or wrong, or contradicts another."""
    valid = True
    for setting in SETTINGS:
        try:
            value = _shown(setting)
        except ValueError as error:
            value, valid = f"WRONG: {error}", False
        print(f"{setting.name} = {value}\n    {setting.meaning}")
    if valid:
        try:
            settings = Settings.read(os.environ)
            settings.require_legal_details()
            compose.application(settings)  # what `serve` will need: a release that lacks it is not switched to
        except (SettingsError, PageError) as error:
            print(f"WRONG: {error}")
            valid = False
    elif names := misspelt(os.environ):
        print("\n".join(f"WRONG: {name}" for name in names))
    return 0 if valid else 1


def _shown(setting: Setting) -> str:
    setting.read(os.environ)
    if text := setting.text(os.environ):
        return "set" if setting.secret else text
    return f"{'none' if setting.default is None else setting.default} (default)"
