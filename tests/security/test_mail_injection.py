"""Mail injection: whatever is typed, the relay gets one message with our headers, one recipient, and the text as it was."""

import email
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest

from referral_function import compose
from referral_function.asking.answer_types import LongText, ShortText, TextFormat
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from referral_function.asking.text import normalise
from referral_function.sending.message import HEADERS, Body, wire_message
from referral_function.settings.settings import Settings
from tests.agreement import part
from tests.conftest import Clock
from tests.examples import Posted, a_full_referral
from tests.referrer import SAME_SITE, Browser, token_of
from tests.security.conftest import Browsing
from tests.smtp_server import ReceivedMessage, SmtpServer
from tests.test_delivery import put

PARTS = ["multipart/alternative", "text/plain", "text/html"]
SMUGGLED = "X-Injected: yes\r\nBcc: other@example.org"
CORPUS = {
    "encoded word": "=?utf-8?q?x=0D=0ABcc:_other@example.org?= =?utf-8?b?WA0KQmNjOiBv?=",
    "CRLF": f"Ann\r\n{SMUGGLED}",
    "bare LF": "Ann\nBcc: other@example.org\n\nbody",
    "bare CR": "Ann\rBcc: other@example.org\r\rbody",
    "end of data": "x\r\n.\r\nMAIL FROM:<other@example.org>\r\nRCPT TO:<other@example.org>\r\nDATA\r\n",
    "end of data, smuggled": "x\n.\nMAIL FROM:<a@example.org>\r.\r\n.\n\r.\r",
    "dots": ".\n..\n.\n...x\n.x",
    "separators": "a\u2028Bcc: b\u2029c\u0085Bcc: d\u000ae\u1680f",
    "looks like CR": "a\u240dBcc: b\uff0d\u560d\u560aBcc: c\u010d\u010aBcc: d\u2424\u21b5",
    "percent": "%0d%0aBcc: a %250d%250aBcc: b %E5%98%8A%E5%98%8D \\r\\n \\u000d &#13;&#10;",
    "emoji": "\U0001fac2\U0001f469\u200d\U0001f9bd\u200d\u27a1\ufe0f" * 50,
    "right to left": "\u202eevil\u202c \u2066x\u2069 \u0645\u0631\u062d\u0628\u0627",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u180e",
    "long line": "x" * 4000,
    "long words": ("ü" * 99 + " ") * 39,
    "commands": "RSET\r\nQUIT\r\nSTARTTLS\r\nBDAT 5 LAST\r\n",
    "From": "From ann\n>From bob\nFrom: ann@example.org",
    "boundary": "\n--=_alternatives\nContent-Type: text/html\n\n<b>x\n--=_alternatives--\n\n--=_attached\n",
    "MIME": "--b\r\nContent-Type: text/html\r\n\r\n<script>\r\n--b--\r\nbegin 644 x\r\n",
    "quoted": "=0D=0A =\r\nsoft=\nbreak =20 =3D = \t \n",
    "blanks": "  two before, and after  \t",
    "SQL": "'; DROP TABLE outbox; -- \" OR 1=1 /* \\' UNION SELECT sealed",
    "template": "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {% raw %} {{config}} {0.__class__} %(x)s %s %n",
    "path": "../../etc/passwd file:///etc/passwd http://127.0.0.1/ $(id) `id` | id ; id",
}


def all_typed(route: Route, text: str) -> Posted:
    """Type a text into every question that takes any, cut where a question takes less; one line where it is one."""
    posted = a_full_referral(route)
    for question in questions(route):
        match question.answer:
            case LongText(limit=limit):
                posted[question.name] = cut(text, limit)
            case ShortText(limit=limit, text_format=TextFormat.ANY):
                posted[question.name] = cut(text, limit)
            case _:
                pass
    return posted


def cut(text: str, limit: int) -> str:
    """Shorten a text to what a question takes, as the reader counts."""
    while len(normalise(text)) > limit:
        text = text[: len(text) - 1]
    return text


@pytest.fixture
def delivered(
    browsing: Browsing, settings: Settings, parts: compose.Runtime, smtp_server: SmtpServer, clock: Clock
) -> Callable[[Route, Posted], list[ReceivedMessage]]:
    """Return what sends a referral through the form, delivers it, and gives what the relay got."""
    browser: Browser = browsing()

    def sent(route: Route, posted: Posted) -> list[ReceivedMessage]:
        review = browser.post(f"/referral/{route.slug}/", data=posted, headers=SAME_SITE)
        clock.advance(5)
        whole = {**posted, "action": "send", "token": token_of(review)}
        assert browser.post(f"/referral/{route.slug}/", data=whole, headers=SAME_SITE).status_code == 303
        compose.make_delivery(settings, parts.outbox).drain(60)
        return smtp_server.kept

    return sent


def wrong_with(kept: list[ReceivedMessage], posted: Posted) -> list[str]:
    """Name what is wrong with what a relay got."""
    if len(kept) != 1 or len(kept[0].recipients) != 1:
        return [f"{len(kept)} messages"]
    message = email.message_from_bytes(kept[0].wire, policy=policy.default)
    assert isinstance(message, EmailMessage)
    wrong = [] if tuple(message.keys()) == HEADERS else [f"headers {message.keys()}"]
    if "inbox@example.org" not in kept[0].recipients[0] or message["To"] != "inbox@example.org":
        wrong.append("another recipient")
    if message.is_multipart() and [each.get_content_type() for each in message.walk()] != PARTS:
        wrong.append("other parts")
    body = part(message, "plain")
    for name, typed in posted.items():
        if isinstance(typed, str) and len(typed) > 20 and normalise(typed) not in body:
            wrong.append(f"{name} is not what was typed")
    return wrong


@pytest.mark.asvs("1.3.11", "1.1.1", "1.1.2", "1.2.4", "1.3.2", "1.3.7")
@pytest.mark.parametrize("name", CORPUS)
def test_what_is_typed_stays_text(delivered: Callable[[Route, Posted], list[ReceivedMessage]], name: str) -> None:
    """Each hostile text, in every answer at once, arrives verbatim in one message with our headers and our recipient."""
    route = list(Route)[len(name) % 3]
    posted = all_typed(route, CORPUS[name])
    assert wrong_with(delivered(route, posted), posted) == []


LONGEST = "x" * 10**5 + "\n" + "ü" * 10**5


@pytest.mark.asvs("1.3.3", "1.3.11")
def test_lines_of_a_hundred_thousand_characters_do_no_harm(
    browsing: Browsing, settings: Settings, parts: compose.Runtime, smtp_server: SmtpServer, clock: Clock
) -> None:
    """The form refuses such lines in words and keeps their beginning; in a message they would arrive as they are, with our headers."""
    answer = browsing().post(
        "/referral/myself/", data=a_full_referral(Route.MYSELF, summary=LONGEST), headers=SAME_SITE
    )
    assert answer.status_code == 422
    assert "4,000 characters or fewer" in answer.text
    assert LONGEST[:4000] in answer.text
    wire = wire_message(
        reference="RJ-4X7K-9PQM",
        token="0" * 32,
        body=Body(plain=LONGEST, html=LONGEST, subject_word="self"),
        sender=settings.sender,
        inbox=settings.inbox,
        accepted_at=datetime.fromtimestamp(clock.now, UTC),
    )
    put(
        parts.outbox,
        clock,
        key=settings.seal_key,
        secret=settings.secret_key,
        wire=wire,
        reference="RJ-4X7K-9PQM",
    )
    compose.make_delivery(settings, parts.outbox).drain(60)
    assert wrong_with(smtp_server.kept, {"summary": LONGEST}) == []


def test_where_headers_can_be_injected_nothing_starts(browsing: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that lets a header through is found before the first referral: the service does not start."""
    injected = lambda **_given: b"Subject: x\r\nX-Injected: yes\r\n\r\n"  # noqa: E731 - one line
    monkeypatch.setattr("referral_function.sending.message.wire_message", injected)
    with pytest.raises(RuntimeError, match="be injected"):
        browsing()


def test_a_message_that_was_injected_is_seen(delivered: Callable[[Route, Posted], list[ReceivedMessage]]) -> None:
    """The controls: another header, another recipient, another message and another text are each named."""
    posted = all_typed(Route.MYSELF, CORPUS["SQL"])
    [good] = delivered(Route.MYSELF, posted)

    def seen(old: bytes, new: bytes, recipients: tuple[str, ...] = good.recipients) -> list[str]:
        other = ReceivedMessage(sender=good.sender, recipients=recipients, wire=good.wire.replace(old, new, 1))
        return wrong_with([other], posted)

    assert seen(b"", b"") == []
    assert "headers" in seen(b"To:", b"Bcc: x@example.org\r\nTo:")[0]
    assert seen(b"text/html", b"text/csv") == ["other parts"]
    assert seen(b"To: inbox@", b"To: other@") == ["another recipient"]
    assert seen(b"", b"", (*good.recipients, "<x@example.org>")) == ["1 messages"]
    assert wrong_with([good, good], posted) == ["2 messages"]
    assert wrong_with([good], {"hopes": "something that was never typed"}) == ["hopes is not what was typed"]
