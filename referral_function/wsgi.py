"""`application`, for any WSGI server: the one place with work at import, reading the environment."""

import os

from referral_function import compose, events
from referral_function.settings import Settings

events.to_stderr()
_settings = Settings.read(os.environ)
_settings.refuse_blanks()
application = compose.application(_settings)
