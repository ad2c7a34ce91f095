"""What bounces after a campaign: reports are read, kept messages opened by the manager's key alone, and sent again."""

import argparse
import contextlib
import io
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from referral_function.commands import bounces
from referral_function.sending.encryption import DecryptionError
from referral_function.sending.outbox import Outbox
from referral_function.settings.settings import Settings
from tests.campaign.relay import FaultyRelay, RestartedPostfix

_REPORT = (Path(__file__).resolve().parents[1] / "bounces" / "postfix.eml").read_text("utf-8")


def bounce_some(  # noqa: PLR0913 - all that takes part
    share: float,
    *,
    chance: random.Random,
    relay: FaultyRelay | RestartedPostfix,
    outbox: Outbox,
    settings: Settings,
    private_key: str,
    folder: Path,
    delivered: Callable[[], bool],
) -> dict[str, int]:
    """Let this share of the messages bounce, and resend them. Names with a capital must be 0."""
    before = Counter(copy.reference for copy in relay.all_copies())
    names = {copy.reference: copy.name for copy in relay.all_copies()}
    kept = outbox.kept_keys()
    chosen = [reference for reference in sorted(names) if chance.random() < share]
    opened = unmatched = 0
    for reference in sorted(names):
        copy = outbox.kept(reference)
        with contextlib.suppress(DecryptionError):
            if copy and settings.open_keys and settings.open_keys.decrypt(copy.ciphertext, reference, copy.key_id):
                opened += 1
    for reference in chosen:
        path = folder / "report.eml"
        path.write_text(_REPORT.replace("{id}", names[reference]), "utf-8")
        unmatched += _run(bounces.bounced, outbox, "", file=str(path))
    marked = outbox.stats().bounced
    refused = sum(
        _run(bounces.resend, outbox, f"{private_key}\n", reference=reference, settings=settings) for reference in chosen
    )
    delivered()
    after = Counter(copy.reference for copy in relay.all_copies())
    return {
        "kept after delivery": sum(kept.values()),
        "bounced": marked,
        "Delivered, and not kept": len(names) - sum(kept.values()),
        "Bounces that were not matched": unmatched + len(chosen) - marked,
        "Kept messages that the machine alone can open": opened,
        "Bounced messages that could not be sent again": refused,
        "Lost: bounced, sent again, no second copy": sum(after[each] <= before[each] for each in chosen),
        "Still marked as bounced": outbox.stats().bounced,
    }


def _run(action: Callable[[Outbox, argparse.Namespace], int], outbox: Outbox, typed: str, **arguments: object) -> int:
    """Run an action of the command `outbox`, with what is typed."""
    stdin, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return action(outbox, argparse.Namespace(**arguments))
    finally:
        sys.stdin = stdin
