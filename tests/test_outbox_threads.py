"""One outbox in the hands of many threads: the web part accepts and looks up while the drain claims and settles."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest

from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.entry import Receipt
from referral_function.sending.outbox import Outbox

DELIVERED = Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250")
ROUNDS = range(40)


@pytest.mark.asvs("15.4.1", "15.4.3")
def test_accepts_and_claims_do_not_disturb_each_other(outbox: Outbox) -> None:
    """While a drain empties the outbox, every accept is confirmed, and every entry is claimed once."""
    over = Event()
    claimed: list[str] = []

    def drain() -> None:
        while True:
            last = over.is_set()
            while entry := outbox.claim(60):
                claimed.append(entry.reference)
                outbox.record_result(entry, DELIVERED)
            outbox.overdue(900)
            outbox.stats()
            if last:
                return

    def accept(thread: int) -> list[Receipt]:
        found = []
        for number in ROUNDS:
            reference = f"RJ-{thread}-{number}"
            assert outbox.find(reference.encode(), b"") is None
            found.append(
                outbox.accept(
                    reference=reference,
                    idempotency_key=reference.encode(),
                    nonce_hash=b"",
                    token_hash=b"",
                    mac=b"",
                    ciphertext=b"sealed",
                    key_id="key",
                    created_at=datetime.now(UTC),
                )
            )
        return found

    with ThreadPoolExecutor(5) as pool:
        drain_lock = pool.submit(drain)
        try:
            receipts = [receipt for found in pool.map(accept, range(4)) for receipt in found]
        finally:
            over.set()
        drain_lock.result()
    assert sorted(claimed) == sorted(receipt.reference for receipt in receipts)
