"""`application` for any WSGI server: reads the environment at import.

The garbage collector is off while modules load: that is a quarter of a cold start.
"""

# ruff: noqa: E402 - the collector is off before anything else is imported
import gc

gc.disable()

import os

from referral_function import compose, events
from referral_function.settings.settings import Settings

events.to_stderr()
_settings = Settings.read(os.environ)
_settings.require_legal_details()
application = compose.application(_settings)

gc.freeze()
gc.enable()
