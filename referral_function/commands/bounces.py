"""Actions of `outbox` on messages that bounced: send one again, or settle it. Only `resend` decrypts."""

import argparse
import getpass
import sys

from referral_function import events
from referral_function.commands.confirm import confirmed
from referral_function.sending.encryption import DecryptionError, PrivateKeys, entry_mac
from referral_function.sending.keeping import is_ours
from referral_function.sending.outbox import Outbox


def resend(outbox: Outbox, arguments: argparse.Namespace) -> int:
    """Queue a kept message again: the same bytes. The private key is read from stdin, and stored nowhere."""
    reference, settings = arguments.reference, arguments.settings
    copy = outbox.kept(reference)
    if copy is None:
        print(f"Nothing is kept of {reference}: its days are over, or it was delivered while nothing was kept.")
        return 1
    read = getpass.getpass if sys.stdin.isatty() else input
    try:
        private_keys = PrivateKeys.from_text(read(f"The private key {copy.key_id}, which is not shown or stored: "))
        wire = private_keys.decrypt(copy.ciphertext, reference, copy.key_id)
    except EOFError:
        print("No private key was typed.")
        return 1
    except (ValueError, DecryptionError) as error:
        print(error)
        return 1
    if not is_ours(copy, settings.secret_key) and not confirmed(
        reference, "Nothing shows that we kept this message: read “verify” in the guide on duty."
    ):
        return 1
    ciphertext, key_id = settings.seal_key.encrypt(wire, reference), settings.seal_key.id
    mac = entry_mac(settings.secret_key, reference=reference, key_id=key_id, ciphertext=ciphertext)
    if not outbox.resend(reference, ciphertext=ciphertext, key_id=key_id, mac=mac):
        print(f"{reference} waits already: `outbox list` says for what.")
        return 1
    events.to_stderr()
    events.record("resent", reference=reference)
    print(f"Due now: {reference}. The next drain sends the same message once more.")
    return 0


def settle(outbox: Outbox, arguments: argparse.Namespace) -> int:
    """End the alarm of a bounce that was dealt with by hand, and erase the kept copy."""
    reference: str = arguments.reference
    warning = "Go on only if the service has this referral, or knows that it was lost; what is kept of it is erased."
    if confirmed(reference, warning) and outbox.settle(reference):
        print(f"{reference} is settled.")
        return 0
    print(f"Nothing was changed; only what is marked as bounced can be settled, and {reference} must be typed.")
    return 1
