"""The submission of a referral: what is stored, for whom, and when nothing is."""

import hashlib
import json
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from referral_function.asking.questions import Route
from referral_function.sending import message
from referral_function.sending.encryption import PrivateKeys, PublicKey, entry_mac, keygen
from referral_function.sending.entry import NotStored
from referral_function.sending.letter import SUBJECT_WORDS
from referral_function.sending.letter_reader import read_letter
from referral_function.sending.message import Body
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.sending.submission import Submission
from tests.agreement import RECEIVED, differences_of
from tests.conftest import Clock
from tests.examples import a_referral
from tests.letter_cases import referral

PUBLIC, PRIVATE = keygen()
SECRET = b"an invented secret of the tests 0123456789"
NAMES = {"sender": "referrals@service.example", "inbox": "inbox@example.org"}
ANSWERED = referral(Route.MYSELF, a_referral(Route.MYSELF))
TAKEN, FREE = "RJ-2222-2222", "RJ-4X7K-9PQM"


@pytest.fixture
def submit(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Submission]]:
    """Make submissions to one outbox, which draw these references in turn."""
    outbox = SqliteOutbox(tmp_path / "outbox.db", clock)

    def make(*references: str, attach_record: bool = False) -> Submission:
        return Submission(
            outbox=outbox,
            public_key=PublicKey.from_text(PUBLIC),
            new_reference=iter(references).__next__,
            new_token=lambda: "0" * 32,
            secret=SECRET,
            attach_record=attach_record,
            **NAMES,
        )

    yield make
    outbox.close()


@pytest.mark.parametrize("attached", [False, True])
def test_what_is_stored_is_the_message_to_the_inbox(submit: Callable[..., Submission], attached: bool) -> None:  # noqa: FBT001
    """The drain finds an entry that is ours, with the letter in both faces, and the record if it is asked for."""
    submission = submit(FREE, attach_record=attached)
    receipt = submission.accept(ANSWERED, "nonce", RECEIVED)
    assert (receipt.reference, receipt.accepted_at, receipt.repeat) == (FREE, RECEIVED, False)
    entry = submission.outbox.entry(FREE)
    assert entry
    key_id = PublicKey.from_text(PUBLIC).id
    assert (entry.key_id, entry.created_at) == (key_id, RECEIVED.timestamp())
    assert entry.mac == entry_mac(SECRET, reference=FREE, key_id=key_id, ciphertext=entry.ciphertext)
    wire = PrivateKeys.from_text(PRIVATE).decrypt(entry.ciphertext, FREE, key_id)
    about = SUBJECT_WORDS[Route.MYSELF]
    assert message.has_our_head(wire, FREE, accepted_at=RECEIVED, subject_words=[about], **NAMES)
    assert message.envelope_id(wire) == f"{FREE}.{'0' * 32}"
    token_hash = hashlib.sha256(b"0" * 32).digest()
    assert submission.outbox._run("SELECT token_hash FROM outbox") == [(token_hash,)]  # noqa: SLF001 - no entry shows it
    read = message_from_bytes(wire, EmailMessage, policy=policy.default)
    assert differences_of(read, ANSWERED) == []
    plain, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    assert read_letter(plain.get_content().replace("\r\n", "\n")).reference == FREE
    assert FREE in html.get_content()
    records = [json.loads(each.get_content()) for each in read.iter_attachments()]
    assert [(each["reference"], each["received_at"]) for each in records] == (
        [(FREE, "2027-05-14T14:04:00Z")] if attached else []
    )


def test_a_reference_that_is_taken_is_drawn_again(submit: Callable[..., Submission]) -> None:
    """Another referral gets the next free one; after five in a row nothing is stored, and the error says so."""
    submit(TAKEN).accept(ANSWERED, "nonce", RECEIVED)
    other = referral(Route.MYSELF, a_referral(Route.MYSELF, summary="Another."))
    with pytest.raises(NotStored, match=r"^5 references in a row were taken\.$"):
        submit(*[TAKEN] * 5, FREE).accept(other, "nonce", RECEIVED)
    assert submit(*[TAKEN] * 4, FREE).accept(other, "nonce", RECEIVED).reference == FREE


def test_the_same_referral_is_found_from_its_own_review_alone(submit: Callable[..., Submission]) -> None:
    """Neither another review nor another answer finds it."""
    submission = submit(FREE, TAKEN)
    receipt = submission.accept(ANSWERED, "nonce", RECEIVED)
    found = submission.find(ANSWERED, "nonce")
    assert found
    assert (found.reference, found.repeat) == (receipt.reference, True)
    assert submission.find(ANSWERED, "another nonce") is None
    other = referral(Route.MYSELF, a_referral(Route.MYSELF, summary="Another."))
    assert submission.find(other, "nonce") is None
    assert submission.accept(ANSWERED, "nonce", RECEIVED).reference == FREE


def test_a_message_that_cannot_be_made_is_not_stored(submit: Callable[..., Submission]) -> None:
    """The error says so, and its cause why."""

    def broken(_reference: str) -> Body:
        raise KeyError

    with pytest.raises(NotStored, match=r"^The message could not be made\.$") as caught:
        submit(FREE).store(broken, b"key", "nonce", RECEIVED)
    assert isinstance(caught.value.__cause__, KeyError)
