"""`keys`: list the keys, and how many entries are encrypted with each."""

import argparse
import os
from collections import Counter
from contextlib import closing

from referral_function import compose
from referral_function.settings.settings import Settings

HELP = "which keys are loaded, and what is sealed with each; exit 1 if a private key is missing"


def run(_arguments: argparse.Namespace) -> int:
    """Print a line per key; exit 1 if the private key of the public key, or of an entry, is not loaded."""
    settings = Settings.read(os.environ)
    with closing(compose.open_outbox(settings)) as outbox:
        waiting = Counter(entry.key_id for entry in outbox.entries() if entry.size)
        kept = Counter(outbox.kept_keys())
    loaded = settings.open_keys.ids if settings.open_keys else ()
    for key_id in sorted({settings.seal_key.id, *loaded, *waiting}):
        use = "seals now" if key_id == settings.seal_key.id else "old"
        private = "private key loaded" if key_id in loaded else "PRIVATE KEY NOT LOADED"
        print(f"{key_id}  {use:9}  {waiting[key_id]:6} waiting  {private}")
    for key_id in sorted({*kept, *([settings.keep_key.id] if settings.keep_key else [])}):
        use = "keeps now" if settings.keep_key and key_id == settings.keep_key.id else "old"
        print(f"{key_id}  {use:9}  {kept[key_id]:6} kept     private key with the service's manager")
    return 0 if {settings.seal_key.id, *waiting} <= set(loaded) else 1
