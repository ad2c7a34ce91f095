"""Takes pictures of the site and of the form as they are: `make pictures`.

All of them, wide and narrow, light and dark, go to `var/pictures/` to be looked at; a small set stays in `handbook/screenshots/`.
"""

from __future__ import annotations

import io
import itertools
import sys
import tempfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright

from referral_function.asking.questions import Route
from tests.agreement import part, wire_of_referral
from tests.browser.chromium import NONE_FOUND, find
from tests.browser.conftest import QUIET
from tests.browser.referrer import Referrer
from tests.browser.running import running
from tests.examples import Posted, a_referral
from tests.letter_cases import referral
from website.build.site import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser as PlaywrightBrowser

ROOT: Final = Path(__file__).resolve().parents[2]
QUESTIONS: Final = itertools.count(2)
TALLEST: Final = 2400  # pixels: of a long page, the beginning is enough
LOOKS: Final = {
    "wide": (1280, "light"),
    "wide-dark": (1280, "dark"),
    "narrow": (390, "light"),
    "narrow-dark": (390, "dark"),
}
PLACES: Final[dict[str, Callable[[Referrer], object]]] = {
    "home": lambda somebody: somebody.opens("/"),
    "page": lambda somebody: somebody.opens("/about/what-happens/"),
    "stories": lambda somebody: somebody.opens("/case-studies/"),
    "story": lambda somebody: somebody.opens("/case-studies/violence-within-a-family/"),
    "refer": lambda somebody: somebody.opens("/refer/"),
    "form": lambda somebody: somebody.opens_the_form("myself"),
    "form-contact-me": lambda somebody: somebody.opens_the_form("contact_me"),
    "errors": lambda somebody: somebody.opens_the_form("myself").continues(),
    "review": lambda somebody: _answered(somebody).continues(),
    "sent": lambda somebody: _answered(somebody).continues().sends(),
    "not-found": lambda somebody: somebody.opens("/not/a/page/"),
}
KEPT: Final = {
    *(
        "home-wide",
        "home-wide-dark",
        "home-narrow",
        "page-wide",
        "stories-wide",
        "story-wide",
        "form-wide",
        "form-narrow",
    ),
    *("form-narrow-dark", "errors-wide", "review-narrow", "sent-wide", "not-found-narrow"),
}
LETTERS: Final[dict[Route, Posted]] = {
    Route.MYSELF: {
        "contact_methods": ["text"],
        "victim_email": "alex@example.org",
        "offence_group": ["domestic"],
        "contact_cautions": "He sees my phone. Say that you are the dentist.",
        "known_risks": "He says he will come back\nif I talk to anybody.",
        "no_contact_order": "yes",
        "court_stage": "awaiting_trial",
        "interpreter": "not_known",
    },
    Route.PERSON_HARMED: {
        "relationship": "bereaved_relative",
        "represented_name": "Mark Example",
        "offence_type": "driving",
        "summary": "A death on the road.\nThe sister would like to ask why.",
        "contact_methods": ["phone", "supporter"],
        "victim_supporter": "Kim Example, 07700 900 983",
        "no_contact_order": "not_known",
    },
    Route.PERSON_RESPONSIBLE: {"interpreter": "bsl", "no_contact_order": "yes", "multi_agency": "yes"},
    Route.MY_CHILD: {"kinship": "mother", "victim_agrees": "not_yet"},
    Route.SOMEONE_WHO_DIED: {"kinship": "sister"},
    Route.MY_BUSINESS: {},
    Route.CONTACT_ME: {"i_am": "caused_harm"},
}


def _answered(somebody: Referrer) -> Referrer:
    hopes = (
        f"I have {next(QUESTIONS)} questions."  # other answers each time: the same would be known as the same referral
    )
    return somebody.opens_the_form("myself").has_filled_in(a_referral(Route.MYSELF, hopes=hopes))


def _as_plain_page(letter: EmailMessage) -> str:
    """Show the plain text of a message as a mail program with a window of 80 characters does: headers, then text."""
    head = "\n".join(f"{name}: {letter[name]}" for name in ("From", "To", "Subject", "Date"))
    style = "font: 14px/1.4 monospace; white-space: pre-wrap; width: 80ch; margin: 16px"
    return f"<pre style='{style}'>{escape(head)}\n\n{escape(part(letter, 'plain'))}</pre>"


def take_letters(browser: PlaywrightBrowser, kept: Path) -> None:
    """Take a picture of one letter of each route, as plain text and as HTML."""
    for route, changes in LETTERS.items():
        wire = wire_of_referral(referral(route, a_referral(route, **changes)))
        letter = message_from_bytes(wire, EmailMessage, policy=policy.default)
        for face, html in (("plain", _as_plain_page(letter)), ("html", part(letter, "html"))):
            page = browser.new_page(viewport={"width": 740, "height": 600})
            page.set_content(html)
            (kept / f"letter-{route.slug}-{face}.png").write_bytes(small(page.screenshot(full_page=True)))
            page.close()


def small(picture: bytes) -> bytes:
    """Make a picture small enough to keep: 160 colours are enough for a page."""
    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(160).save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> int:
    """Build the site, run the whole service, and take every picture."""
    chromium = find()
    if chromium is None:
        sys.stderr.write(f"{NONE_FOUND}\n")
        return 1
    everything, kept = ROOT / "var" / "pictures", ROOT / "handbook" / "screenshots"
    for folder in (everything, kept):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        build(ROOT, Path(place) / "site")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        with running(Path(place) / "site", Path(place)) as service:
            for look, (width, scheme) in LOOKS.items():
                for name, goes in PLACES.items():
                    page = browser.new_context(
                        base_url=service.address,
                        viewport={"width": width, "height": 844},
                        color_scheme="dark" if scheme == "dark" else "light",
                    ).new_page()
                    goes(Referrer(page))
                    tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
                    page.set_viewport_size({"width": width, "height": tall})
                    picture = small(page.screenshot())
                    for folder in [everything, *([kept] if f"{name}-{look}" in KEPT else [])]:
                        (folder / f"{name}-{look}.png").write_bytes(picture)
                    page.context.close()
        take_letters(browser, kept)
        browser.close()
    sys.stdout.write(
        f"{len(LOOKS) * len(PLACES)} pictures in {everything}, {len(KEPT)} of them and {len(LETTERS)} letters in {kept}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
