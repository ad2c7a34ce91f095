"""The words for what stopped a delivery."""

import pytest

from referral_function.sending.attempt import Stage
from referral_function.sending.reasons import reason


@pytest.mark.parametrize(
    ("stage", "code", "words"),
    [
        (None, None, ""),
        ("connect", "unknown-host", "the relay cannot be reached, or does not let us in"),
        ("auth", "timeout", "the connection to the relay broke off"),
        ("mail", "garbled", "the relay's answer cannot be understood"),
        ("rcpt", "452", "the relay says: later"),
        ("dot", "timeout", "the relay went silent after the message: it may have arrived"),
        ("dot", "250", ""),
        ("bounce", "4.4.7", "the relay took it, and it came back"),
        ("program", "KeyError", "a fault of ours: tell the developers"),
    ],
)
def test_a_reason_is_words(stage: str | None, code: str | None, words: str) -> None:
    """What a failed attempt is called in the list."""
    assert reason(stage, code) == words


def test_every_stage_has_words() -> None:
    """No stage that can be stored is without a reason."""
    assert all(reason(stage, "500") for stage in Stage)
