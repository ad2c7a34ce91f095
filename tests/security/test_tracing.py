"""What runs under a tracer of a test runs once more under coverage's."""

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.security.tracing import tracing


def test_only_what_was_kept_under_the_tracer_is_forgotten() -> None:
    """A function that keeps its results has run for coverage, too: what it kept before stays."""
    questions.cache_clear()
    questions(Route.MYSELF)
    with tracing(lambda *_: None):
        questions(Route.MYSELF)
    assert questions.cache_info().currsize == 1
    with tracing(lambda *_: None):
        questions(Route.MY_CHILD)
    assert questions.cache_info().currsize == 0
