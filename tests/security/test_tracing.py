"""Caches filled under the tracer of a test are cleared, so that coverage sees the cached functions run."""

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.security.tracing import tracing


def test_only_a_cache_filled_under_the_tracer_is_cleared() -> None:
    """What a function cached before stays."""
    questions.cache_clear()
    questions(Route.MYSELF)
    with tracing(lambda *_: None):
        questions(Route.MYSELF)
    assert questions.cache_info().currsize == 1
    with tracing(lambda *_: None):
        questions(Route.MY_CHILD)
    assert questions.cache_info().currsize == 0
