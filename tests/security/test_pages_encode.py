"""What is typed is text on every page: no element, attribute, script, template or log line comes from it."""

import re

import html5lib
import pytest

from referral_function.asking.answer_types import LongText, ShortText
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from tests.examples import Posted, a_full_referral
from tests.referrer import SAME_SITE, Browser
from tests.security.conftest import Browsing

POLYGLOTS = {
    "quotes": "\"'><script>alert(1)</script><img src=x onerror=alert(1)>",
    "textarea": "</textarea></title></style></script><svg/onload=alert(1)>",
    "polyglot": "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "comment": "--><!-- <!-- /referral-form --><!-- referral-form -->",
    "attribute": "\" autofocus onfocus=alert(1) x=\"' formaction='//evil.example",
    "template": "{{7*7}}{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "entities": "&lt;script&gt;&#60;script&#62;&amp;amp;",
    "backreference": "\\1 \\g<1> \\g<0> $1 \\\\",
    "newlines": "a\r\n\r\n<b>\u2028</b>",
}


def full_of(route: Route, text: str) -> Posted:
    """Type a text into every text box, also those that cannot take it."""
    texts = {q.name: text for q in questions(route) if isinstance(q.answer, ShortText | LongText)}
    dates = {f"offender_birth_date-{part}": text for part in ("day", "month", "year")}
    return {**a_full_referral(route), **texts, **(dates if route is Route.PERSON_RESPONSIBLE else {})}


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Give every element of a page with the names of its attributes, without a text."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    # A line break inside an answer is shown as one, so it does not count.
    return [(str(element.tag), tuple(element.keys())) for element in page.iter() if element.tag != "br"]


def answer(browser: Browser, route: Route, text: str, action: str) -> str:
    """Post a text everywhere, and read the page."""
    posted = {**full_of(route, text), "action": action}
    return browser.post(f"/referral/{route.slug}/", data=posted, headers=SAME_SITE).text


@pytest.mark.asvs("1.2.1", "1.3.7", "3.2.1")
@pytest.mark.parametrize("name", POLYGLOTS)
@pytest.mark.parametrize("action", ["review", "edit", "check"])
def test_a_page_has_the_same_elements_whatever_was_typed(browsing: Browsing, name: str, action: str) -> None:
    """A page with a hostile text in every box has exactly the elements and attributes of one with a harmless text as long."""
    browser = browsing()
    for route in Route:
        text = POLYGLOTS[name]
        harmless = re.sub(r"[^\r\n]", "x", text)
        assert shape(answer(browser, route, text, action)) == shape(answer(browser, route, harmless, action))


def test_an_answer_that_is_not_encoded_is_seen(browsing: Browsing) -> None:
    """The control: with encoding undone the page has other elements."""
    page = answer(browsing(), Route.MYSELF, POLYGLOTS["textarea"], "edit")
    assert shape(page.replace("&lt;", "<").replace("&gt;", ">")) != shape(page)


@pytest.mark.asvs("1.1.1", "1.1.2")
def test_what_is_encoded_twice_is_decoded_once(browsing: Browsing) -> None:
    """A percent sign that was typed stays one: `%250d%250a` is shown as `%0d%0a`."""
    body = b"summary=a%250d%250aX%3a+y&action=edit"
    headers = {**SAME_SITE, "Content-Type": "application/x-www-form-urlencoded"}
    page = browsing().post("/referral/myself/", data=body, headers=headers).text
    assert "a%0d%0aX: y" in page
