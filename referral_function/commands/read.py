"""`read`: print the record of a referral that arrived by email."""

import argparse
import json
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from referral_function.sending.letter_reader import UnreadableLetter, read_letter
from referral_function.sending.record import make_record, write_record

HELP = "print the record of a referral that arrived by email, as JSON"
_CHANGED = "A line of the plain text was changed after the message was made: compare it with the HTML text."
_ANOTHER = "The attached record and the plain text do not say the same: trust neither, and ask the person who referred."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file."""
    parser.add_argument("file", metavar="FILE.eml", type=Path, help="the message, saved by a mail program")


def run(arguments: argparse.Namespace) -> int:
    """Print the attached record, or the one that the plain text says; exit 1 if something was changed or is unreadable."""
    try:
        message = message_from_bytes(arguments.file.read_bytes(), EmailMessage, policy=policy.default)
        plain, date = message.get_body(("plain",)), message["Date"]
        if plain is None or date is None:
            raise UnreadableLetter("This is no message with a plain text and a date.")
        letter = read_letter(plain.get_content().replace("\r\n", "\n"))
    except (OSError, ValueError) as error:
        print(f"{arguments.file} cannot be read: {error}", file=sys.stderr)
        return 1
    record = make_record(
        letter.referral, reference=letter.reference, received_at=date.datetime, form_version=letter.form_version
    )
    attached = [json.loads(each.get_content()) for each in message.iter_attachments()]
    print(write_record(attached[0] if attached else record), end="")
    warnings = [_CHANGED] * letter.changed + [_ANOTHER] * (attached not in ([], [record]))
    print("\n".join(warnings), end="\n" if warnings else "", file=sys.stderr)
    return 1 if warnings else 0
