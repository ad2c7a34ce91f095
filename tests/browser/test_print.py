"""A form page printed by the browser: the PDF is read back and held against the definition, and nothing is cut off."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pypdf
import pytest

from referral_function.asking.questions import Route
from referral_function.asking.referral import sections
from referral_function.deciding.decision import CRITERIA, definition_version
from referral_function.papers.paper import PAPER_ROUTES
from tests.browser.pages import PAGES
from tests.output_readers import Face, defined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

A4: Final = (595, 842)  # points
LONG: Final = "\n".join(f"Line {number} of what happened." for number in range(1, 61))
CUT_OFF: Final = """() => [...document.querySelectorAll('body *')].filter(each =>
  each.scrollWidth > each.clientWidth + 1 && each.matches('p, li, h1, h2, h3, label, legend, textarea, .choices')
  || each.matches('textarea') && each.scrollHeight > each.clientHeight + 1).map(each => each.outerHTML.slice(0, 90))"""


def printed(page: Page) -> pypdf.PdfReader:
    """Print a page as a browser does when nobody changes its settings."""
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def text(pdf: pypdf.PdfReader) -> str:
    """Give what is printed as one line of words; a typeface may join two letters in one sign, such as “ﬁ”."""
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    return words.replace("ﬀ", "ff").replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬃ", "ffi").replace("ﬄ", "ffl")


def squeezed(said: str) -> str:
    """Leave out every blank: a line may break after a hyphen, and what is read back has a blank there."""
    return "".join(said.split())


def missing(said: str, wanted: Face) -> Iterator[str]:
    """Name each criterion, question, hint and choice that is not printed where its turn is."""
    said, place = squeezed(said), 0
    words = [*wanted.criteria]
    for asked in wanted.asked:
        words += [word for word in (asked.label, asked.hint, *asked.choices) if word]
    for word in words:
        found = said.find(squeezed(word), place)
        if found < 0:
            yield word
        else:
            place = found


def on_paper(page: Page, route: Route) -> pypdf.PdfReader:
    """Open the form page of a route and print it."""
    page.goto(f"/refer/{route.slug}/")
    return printed(page)


@pytest.mark.browser
@pytest.mark.parametrize("route", PAPER_ROUTES)
def test_a_printed_form_says_what_is_defined(wide: Page, route: Route) -> None:
    """Criteria come first, then every question with its hint and choices in order, where to send it, and the version."""
    said = text(on_paper(wide, route))
    assert list(missing(said, defined(sections(route), CRITERIA, whole=True))) == []
    assert (
        said.index("Referral criteria")
        < said.index(f"1. {sections(route)[0].title}")
        < said.index("How to send this form safely")
    )
    assert "rjkent@restorativesolutions.org.uk.cjsm.net" in said
    assert "unless that mailbox is secure" in said
    assert f"Form version {definition_version()}" in said


@pytest.mark.browser
def test_what_a_printed_form_forgot_is_found(wide: Page) -> None:
    """The control: a question, a choice and a criterion taken off the page are each named."""
    wide.goto("/refer/myself/")
    wide.evaluate("""() => {
      document.querySelector('#s7 .question:last-child').remove();
      document.querySelector('[value=burglary]').closest('.choice').remove();
      document.querySelector('.paper .subtitle + .item').remove();
    }""")
    wanted = defined(sections(Route.MYSELF), CRITERIA, whole=True)
    gone = [wanted.criteria[0], "Burglary", wanted.asked[-1].label]
    assert list(missing(text(printed(wide)), wanted)) == gone


@pytest.mark.browser
@pytest.mark.parametrize("route", PAPER_ROUTES)
def test_a_printed_form_is_a_paper_form(wide: Page, route: Route) -> None:
    """Pages are A4 with their numbers, at most twelve, and carry neither buttons nor advice that needs a screen."""
    pdf = on_paper(wide, route)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages} == {A4}
    assert 7 <= len(pdf.pages) <= 12
    for number, page in enumerate(pdf.pages, start=1):
        assert f"Page {number} of {len(pdf.pages)}" in page.extract_text()
    said = text(pdf)
    assert "Tick one box." in said
    for never in (
        "Exit this page",
        "Send referral",
        "Check if we can help",
        "Change my answers",
        "Leave this box empty",
    ):
        assert never not in said


@pytest.mark.browser
@pytest.mark.parametrize("route", PAPER_ROUTES)
def test_paper_only_words_are_not_on_the_screen(wide: Page, route: Route) -> None:
    """The criteria and how to send paper are shown in print alone."""
    wide.goto(f"/refer/{route.slug}/")
    paper = wide.locator(".paper")
    assert [paper.nth(number).is_visible() for number in range(paper.count())] == [False, False]
    wide.emulate_media(media="print")
    assert [paper.nth(number).is_visible() for number in range(paper.count())] == [True, True]


@pytest.mark.browser
def test_nothing_is_cut_off(wide: Page) -> None:
    """A long answer grows on paper until all of it is printed."""
    wide.set_viewport_size({"width": 658, "height": 1000})  # the width of A4 between its margins
    wide.goto("/refer/person-harmed/")
    wide.locator("textarea[name=summary]").fill(LONG)
    wide.emulate_media(media="print")
    assert wide.evaluate(CUT_OFF) == []
    said = text(printed(wide))
    assert all(line in said for line in LONG.splitlines())


@pytest.mark.browser
def test_what_is_cut_off_is_found(wide: Page) -> None:
    """The control: a text box that keeps its height, and a heading wider than its page, are seen."""
    wide.set_viewport_size({"width": 658, "height": 1000})
    wide.goto("/refer/person-harmed/")
    box = wide.locator("textarea[name=summary]")
    box.fill(LONG)
    wide.emulate_media(media="print")
    box.evaluate("each => { each.style.fieldSizing = 'fixed'; each.style.height = '4cm' }")
    wide.evaluate("document.querySelector('h1').innerHTML = 'W'.repeat(300)")
    wide.evaluate("document.querySelector('h1').style.overflowWrap = 'normal'")
    assert len(wide.evaluate(CUT_OFF)) == 2


@pytest.mark.browser
def test_answers_are_printed_with_the_form(wide: Page) -> None:
    """A form that has been filled in prints its answers: crosses, lines and texts."""
    wide.goto("/refer/myself/")
    wide.locator("input[name=court_stage]").first.check()
    wide.locator("input[name=victim_name]").fill("Alex Example")
    wide.emulate_media(media="print")
    filled = "getComputedStyle(document.querySelector('input[name=court_stage]:checked')).backgroundColor"
    assert wide.evaluate(filled) == "rgb(0, 0, 0)"
    assert "Alex Example" in text(printed(wide))


@pytest.mark.browser
def test_a_form_prints_as_a_paper_form(wide: Page) -> None:
    """On paper a choice is a box to tick, and a text box is a line or a frame to write in."""
    wide.goto("/refer/person-harmed/")
    wide.emulate_media(media="print")
    style = "(name, what) => getComputedStyle(document.querySelector(name))[what]"
    drawn = wide.evaluate(f"""() => {{
      const style = {style};
      return [style('.choice input', 'borderTopStyle'), style('.choice', 'borderTopStyle'),
        style('.text-input', 'borderBottomStyle'), style('.text-input', 'borderTopWidth'), style('.textarea', 'borderTopStyle')];
    }}""")
    assert drawn == ["solid", "none", "solid", "0px", "solid"]
    assert wide.locator(".actions:visible").count() == 0


def lines_on_the_last_page(pdf: pypdf.PdfReader) -> int:
    """Count the lines of the last page, without its number."""
    lines = pdf.pages[-1].extract_text().splitlines()
    return sum(bool(line.strip()) and not line.strip().startswith("Page ") for line in lines)


@pytest.mark.slow("prints every page")
@pytest.mark.browser
def test_no_page_ends_with_one_line_on_a_sheet(wide: Page) -> None:
    """No page of the site prints a last sheet with a single line on it."""
    short = {}
    for address in PAGES:
        wide.goto(address)
        pdf = printed(wide)
        if len(pdf.pages) > 1 and lines_on_the_last_page(pdf) < 2:
            short[address] = pdf.pages[-1].extract_text()
    assert short == {}


@pytest.mark.browser
def test_a_last_sheet_of_one_line_is_found(wide: Page) -> None:
    """The control: a page that ends with one line on a sheet of its own is seen."""
    wide.goto("/policies/cookies/")
    wide.evaluate("""() => {
      const line = Object.assign(document.createElement('p'), {textContent: 'Alone'});
      line.style.breakBefore = 'page';
      document.body.append(line);
    }""")
    assert lines_on_the_last_page(printed(wide)) == 1
