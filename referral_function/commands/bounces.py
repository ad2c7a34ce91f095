"""Actions of `outbox` on messages that bounced: mark one, send it again, or settle it. Only `resend` decrypts."""

import argparse
import getpass
import sys
from pathlib import Path

from referral_function import events
from referral_function.commands.confirm import confirmed
from referral_function.sending.bounce import MAX_BYTES, NotABounce, read_bounce
from referral_function.sending.encryption import DecryptionError, PrivateKeys, entry_mac, is_ours, secret_hash
from referral_function.sending.outbox import Outbox


def bounced(outbox: Outbox, arguments: argparse.Namespace) -> int:
    """Mark the message that a delivery report is about, and alarm; a forged or foreign report changes nothing."""
    try:
        bounce = read_bounce(read_file(arguments.file, MAX_BYTES + 1))
    except (OSError, NotABounce) as error:
        reason = error if isinstance(error, NotABounce) else f"it cannot be read: {error.strerror}."
        print(f"Nothing was changed by this report: {reason}")
        return 1
    if not outbox.mark_bounced(bounce.reference, secret_hash(bounce.token), bounce.status):
        print(f"Nothing was changed by this report: no delivered message here is {bounce.reference} with its token.")
        return 1
    events.to_stderr()
    events.alarm("bounced", reference=bounce.reference, code=bounce.status)
    print(f"{bounce.reference} is marked as bounced ({bounce.status}): resend it, or settle it.")
    return 0


def read_file(path: str, size: int = -1) -> bytes:
    """Read a file, or standard input for “-”, at most `size` bytes of it. Raises OSError."""
    if path == "-":
        return sys.stdin.buffer.read(size)
    with Path(path).open("rb") as file:
        return file.read(size)


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
    warning = "Nothing shows that we kept this message: read “verify” in the guide on duty."
    if not is_ours(copy, settings.secret_key) and not confirmed(reference, warning):
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
