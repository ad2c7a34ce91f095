"""`make fuzz`: coverage-guided fuzzing of the way from a post to the letter on the wire, by atheris.

Its arguments are libFuzzer's: -runs=N, -max_total_time=SECONDS, and a folder to keep what it found interesting.
"""

import sys
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

try:
    import atheris
except ImportError:
    sys.exit(
        "atheris is not installed: pip install atheris, where it has a wheel for this Python and system. The hypothesis tests fuzz the same way."
    )

with atheris.instrument_imports(include=["referral_function"]):
    from referral_function.asking.form import ReferralForm
    from referral_function.asking.questions import Route
    from referral_function.asking.referral import questions
    from referral_function.deciding.decision import Accepted, decide
    from referral_function.sending.message import HEADERS
from werkzeug.datastructures import MultiDict

from tests.agreement import differences_of, wire_of_referral
from tests.examples import a_full_referral

TODAY = date(2027, 5, 14)
NAMES = {route: sorted(question.name for question in questions(route)) for route in Route}
COUNT = {"posts": 0, "letters": 0}


def pairs(data: Any, route: Route) -> list[tuple[str, str]]:
    """Make a post: a whole referral with some answers replaced, or anything at all."""
    if data.ConsumeBool():
        return parse_qsl(data.ConsumeUnicode(4000), keep_blank_values=True, errors="replace")
    posted = a_full_referral(route)
    for _ in range(data.ConsumeIntInRange(0, 6)):
        posted[data.PickValueInList(NAMES[route])] = data.ConsumeUnicodeNoSurrogates(300)
    return [(name, each) for name, value in posted.items() for each in ([value] if isinstance(value, str) else value)]


def one(raw: bytes) -> None:
    """Take one post all the way; anything but a flaw, a redirect or a letter of ours is a finding."""
    data = atheris.FuzzedDataProvider(raw)
    route = data.PickValueInList(list(Route))
    form = ReferralForm(route, MultiDict(pairs(data, route)), TODAY)
    COUNT["posts"] += 1
    if COUNT["posts"] % 10_000 == 0:
        sys.stderr.write(f"{COUNT['posts']} posts, {COUNT['letters']} of them became letters\n")
    decision = decide(route, form.answers)
    if not form.validate() or not isinstance(decision, Accepted):
        return
    referral = form.referral()
    wire = wire_of_referral(referral)
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii")
    if tuple(line.partition(":")[0] for line in head.split("\r\n")) != HEADERS or "To: b@example.org" not in head:
        raise AssertionError(head)
    if found := differences_of(message_from_bytes(wire, EmailMessage, policy=policy.default), referral):
        raise AssertionError(found)
    COUNT["letters"] += 1


def main() -> None:
    """Fuzz until libFuzzer has enough: 60 seconds unless an argument says otherwise."""
    words = sys.argv if len(sys.argv) > 1 else [*sys.argv, "-max_total_time=60"]
    atheris.Setup([*words, "-timeout=1", "-max_len=4096"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
