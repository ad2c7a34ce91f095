"""`application` for any WSGI server: reads the environment at import.

The garbage collector is off while modules load: that is a quarter of a cold start.
"""

# ruff: noqa: E402 - the collector is off before anything else is imported
import gc

gc.disable()

import os

from referral_function import compose, events
from referral_function.settings.settings import Settings, SettingsError

events.to_stderr()
try:
    _settings = Settings.read(os.environ)
except SettingsError as error:
    raise SettingsError(f"{error}\nTo try the form on this machine, type: make run") from None
_settings.require_legal_details()
application = compose.application(_settings)

gc.freeze()
gc.enable()
