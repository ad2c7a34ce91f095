"""Page object of the form in a browser, in the referrer's words: opens, fills in, continues, sends, reads."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from itsdangerous import URLSafeSerializer
from playwright.sync_api import expect

from referral_function.asking.questions import Route
from referral_function.web.tokens import MIN_AGE, Tokens
from tests.browser.running import SECRET
from tests.page_checks import check_page

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

    from tests.examples import Posted

REFERENCE: Final = re.compile(r"RJ-[2-9B-Z]{4}-[2-9B-Z]{4}")
CHOSEN: Final = "() => [...document.querySelectorAll('[type=radio], [type=checkbox]')].map(each => each.name)"
FILL_IN: Final = """answers => {
  for (const [name, values] of Object.entries(answers)) {
    const controls = [...document.querySelectorAll(`form.referral [name="${name}"]`)];
    if (!controls.length) throw new Error(`nothing asks for ${name}`);
    for (const each of controls) {
      if (['radio', 'checkbox'].includes(each.type)) each.checked = values.includes(each.value);
      else each.value = values[0];
    }
  }
}"""
FILLED_IN: Final = """() => Object.fromEntries([...new FormData(document.querySelector('form.referral')).keys()]
  .map(name => [name, new FormData(document.querySelector('form.referral')).getAll(name)]))"""


class Referrer:
    """A referrer with one tab; every page that comes back is validated by `check_page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answer: Response | None = None

    def opens_the_form(self, route: str) -> Referrer:
        """Go to the form of a route."""
        return self.opens(f"/refer/{Route(route).slug}/")

    def opens(self, address: str) -> Referrer:
        """Go to an address."""
        self._read_and_wait_for_focus(self.page.goto(address))
        return self

    def fills_in(self, posted: Posted) -> Referrer:
        """Answer questions, given as a browser posts them, by choosing and typing."""
        chosen: set[str] = set(self.page.evaluate(CHOSEN))
        for name, value in posted.items():
            control = f'form.referral [name="{name}"]'
            if name in chosen:
                for code in [value] if isinstance(value, str) else value:
                    self.page.check(f'{control}[value="{code}"]')
            else:
                assert isinstance(value, str)
                self.page.fill(control, value)
        return self

    def has_filled_in(self, posted: Posted) -> Referrer:
        """Set the answers by script, without choosing and typing."""
        self.page.evaluate(FILL_IN, as_posted(posted))
        return self

    def presses(self, button: str) -> Referrer:
        """Press a button and read the next page."""
        with self.page.expect_navigation() as going:
            self.button(button).click()
        self._read_and_wait_for_focus(going.value)
        return self

    def presses_enter_in(self, name: str) -> Referrer:
        """Press Enter in a text box and read the next page."""
        with self.page.expect_navigation() as going:
            self.page.locator(f'[name="{name}"]').press("Enter")
        self._read_and_wait_for_focus(going.value)
        return self

    def loads_again(self) -> Referrer:
        """Reload the page, repeating a POST."""
        self._read(self.page.reload())
        return self

    def checks(self) -> Referrer:
        """Ask whether the service can help."""
        return self.presses("Check if we can help")

    def continues(self) -> Referrer:
        """Continue to the review, or to the page shown instead."""
        return self.presses("Continue")

    def changes(self) -> Referrer:
        """Go back to the form from the review or the reasons."""
        return self.presses("Change my answers")

    def reads_it_over(self) -> Referrer:
        """Make the review as old as its token must be, without waiting: the token is signed anew with an earlier time."""
        token = self.page.locator("[name=token]")
        _signed, review = URLSafeSerializer("").loads_unsafe(token.get_attribute("value") or "")
        route, made_at, nonce, origin_unknown, possibly_stored = review
        earlier = datetime.fromtimestamp(made_at, UTC) - MIN_AGE
        older = Tokens(SECRET.encode()).review(
            Route(route), earlier, nonce, origin_unknown=origin_unknown, possibly_stored=possibly_stored
        )
        token.evaluate("(field, older) => { field.value = older }", older)
        return self

    def waits_over_the_review(self) -> Referrer:
        """Wait as long as a token asks for, as a person does."""
        time.sleep(MIN_AGE.total_seconds() + 0.05)
        return self

    def sends(self) -> Referrer:
        """Read the review, then send."""
        return self.reads_it_over().presses_send()

    def presses_send(self) -> Referrer:
        """Press the button that sends: “Send referral” or “Send message”."""
        return self.presses(self.page.locator("button[value=send]").inner_text())

    def makes_a_referral(self, route: str, posted: Posted) -> str:
        """Make a whole referral, and return the reference."""
        self.opens_the_form(route).has_filled_in(posted).continues().sends()
        return self.reads_the_reference()

    def reads_the_reference(self) -> str:
        """Return the visible reference of the sent page."""
        found: str = self.page.locator(".reference [aria-hidden]").inner_text()
        assert REFERENCE.fullmatch(found), found
        return found

    def button(self, name: str) -> Locator:
        """Find a button by its accessible name."""
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def sees(self) -> str:
        """The visible text of the main part."""
        return str(self.page.locator("main").inner_text())

    @property
    def status(self) -> int:
        """The status of the response."""
        assert self.answer is not None
        return int(self.answer.status)

    @property
    def focus(self) -> str:
        """The id and the text of the focused element."""
        return str(self.page.evaluate("document.activeElement.id + ': ' + document.activeElement.textContent.trim()"))

    def follows(self, link: Locator) -> Locator:
        """Follow a link within the page, wait until its target has the focus, and return it."""
        target = self.page.locator(f"#{(link.get_attribute('href') or '').partition('#')[2]}")
        link.click()
        expect(target).to_be_focused()
        return target

    @property
    def filled_in(self) -> dict[str, list[str]]:
        """The answers in the form that would be posted now, without empty ones."""
        found: dict[str, list[str]] = self.page.evaluate(FILLED_IN)
        kept = {name: [value.replace("\r\n", "\n") for value in values if value] for name, values in found.items()}
        return {name: values for name, values in kept.items() if values and name != "token"}

    def _read(self, answer: Response | None) -> None:
        assert answer is not None
        self.answer = answer
        check_page(answer.text())

    def _read_and_wait_for_focus(self, answer: Response | None) -> None:
        """Read a page; the browser moves the focus to the outcome a moment after it is loaded, unless to another part."""
        self._read(answer)
        outcome = self.page.locator("[autofocus]")
        if outcome.count() and self.page.url.partition("#")[2] in {"", outcome.get_attribute("id")}:
            expect(outcome).to_be_focused()


def as_posted(posted: Posted) -> dict[str, list[str]]:
    """Return answers in the shape of `filled_in`."""
    return {name: [value] if isinstance(value, str) else value for name, value in posted.items()}
