"""`blanks`: list the legal details that the controller must decide before real referrals are accepted."""

import argparse
import os

from referral_function.settings.settings import REQUIRED_LEGAL_DETAILS, read_setting
from referral_function.web.site_page import read_service_data

HELP = "list what the controller must decide before going live; exit 1 if something is open"


def run(_arguments: argparse.Namespace) -> int:
    """Print each detail of the built site; exit 1 if one is missing. Raises PageError, SettingsError."""
    service = read_service_data(read_setting("site", os.environ))["service"]
    for name in REQUIRED_LEGAL_DETAILS:
        print(f"{name:21} {service.get(name) or 'OPEN: fill in extra.service in service.yml, then make site'}")
    return 0 if all(service.get(name) for name in REQUIRED_LEGAL_DETAILS) else 1
