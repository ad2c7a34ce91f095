"""The editor at /admin/, used as somebody from communications uses it: what is saved is what was written, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pytest
from playwright.sync_api import expect

from tests.bad_content_cases import pdf, photo
from tests.browser.axe import axe
from tests.browser.editor.cms_page_object import CmsEditor
from tests.browser.serving import served
from tests.page_checks import check_page
from tests.realistic_pages import MENDED
from tests.realistic_pages import PAGES as REALISTIC
from website.build.site import build
from website.check.check import check
from website.content.service_config import ServiceConfig

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator

pytestmark = [pytest.mark.browser, pytest.mark.needs("npm")]
ROOT: Final = Path(__file__).resolve().parents[3]
PAGES: Final = sorted(path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in ROOT.glob("docs/**/*.md"))
TITLE: Final = "input[role=textbox]"


def place(page: str) -> str:
    """Say where the editor has a page."""
    if page.startswith("news/") and page != "news/index":
        return f"news/entries/{page.rpartition('/')[2]}"
    if page.startswith("pages/"):
        return f"new_pages/entries/{page.rpartition('/')[2]}"
    if page.startswith("case-studies/") and not page.endswith("/index"):
        return f"stories/entries/{page.rpartition('/')[2]}"
    return f"pages/entries/{page.replace('/', '-')}"


def test_only_the_edited_words_change(editor: CmsEditor, asked: list[str]) -> None:
    """On every page a new title and a word at the end are saved, and not one other letter changes."""
    for page in PAGES:
        opened = editor.opens(place(page))
        title = opened.locator(TITLE).first
        expect(title).not_to_have_value("")
        before = title.input_value()
        title.fill(f"{before} again")
        editor.types_at_the_end(" now")
        changed = editor.saves()
        assert list(changed) == [f"docs/{page}.md"]
        old, new = changed[f"docs/{page}.md"]
        old = re.sub(r"^title: ('?)(.*?)('?)$", r"title: \1\2 again\3", old, count=1, flags=re.MULTILINE)
        assert new == f"{old.rstrip()} now\n"
    assert asked == []


MORE: Final = {
    "emphasis": "Some *words* and _others_, **bold\nwords**, *a long\nline* and `code`.\n",
    "lists": "1. Call.\n\n    - by day\n    - by night\n\n2. Wait, as on 1 May.\n\n* a friend\n* a drink\n",
    "a-table": "| Day | Hour |\n|-----|------|\n| Monday | 9 to 5 (or 10:30) |\n\nAfter that, ~20 minutes.\n",
    "a-box": '!!! note "Please note"\n\n    Words of the box.\n\n---\n\n<div class="side" markdown>\n\nWords.\n\n</div>\n',
}
"""Words of four more pages, as people write Markdown."""
_OTHER_WAYS: Final = {
    "lines-above": """---
# Seen by the manager.
description: >-
  What is said of the lines above,
  in short.
"last_reviewed": 2026-11-20   # a Friday

title: 'Lines above: all of them'
section: "Help"
search_words: [door, 'gate']
template: section.html
downloads:
- file: /downloads/a.pdf
  title: "For volunteers (PDF, 120 kB)"
old_key: {a: 1, b: [x, y]}
media_title:
# The end.
---
Words.
""",
    "blanks": "One.\n\n\nTwo. \nThree.\n## Four\n- a\n-\tb\n\n* c\n\nWords.\n\n8. d\n10. e\n\n***\n\n* * *\n\n\\- no list\n\n2024\\. was one.\n\nLast.\n",
    "signs": "A \\* and 2 \\+ 2.\n\nRead **[one](https://www.gov.uk/)**.\n\n|A|B|\n|---|---|\n| a  |b|\n| | c |\n\n**a\nb** and *c\nd*.\n\nLast.\n",
}
"""Pages written in ways that the editor does not write."""
_ABOVE: Final = "---\ntitle: {0}\ndescription: What is said of {0}, in short.\nlast_reviewed: 2026-11-20\nsection: Help\ntemplate: section.html\n---\n\n"


def test_a_new_title_changes_nothing_else_on_realistic_pages(
    context: BrowserContext, project: Path, tmp_path: Path, asked: list[str]
) -> None:
    """On the six realistic pages and on seven more a new title changes one line; what is edited keeps its emphasis."""
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    others = {
        f"docs/pages/{name}.md": words if words.startswith("---") else _ABOVE.format(name) + words
        for name, words in (MORE | _OTHER_WAYS).items()
    }
    pages = REALISTIC | others
    for name in pages:
        for slip, mended in MENDED.items():
            pages[name] = pages[name].replace(slip, mended)
        pages[name] = pages[name].rstrip() + "\n"
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(pages[name], encoding="utf-8")
    editor, changed = CmsEditor(context, copy), dict[str, str]()
    for name, text in pages.items():
        title = editor.opens(place(name.removeprefix("docs/").removesuffix(".md"))).locator(TITLE).first
        expect(title).not_to_have_value("")
        before = title.input_value()
        title.fill(f"{before} again")
        ((saved, (_old, new)),) = editor.saves().items()
        assert saved == name
        quoted = "'" * (": " in before)
        if new != re.sub(r"(?m)^title: .*", f"title: {quoted}{before} again{quoted}", text, count=1):
            changed[name] = new
    assert changed == {}
    for name in ("blanks", "signs"):
        editor.opens(place(f"pages/{name}"))
        editor.types_at_the_end(" Now.")
        old, new = editor.saves()[f"docs/pages/{name}.md"]
        assert new.endswith("\n\nLast. Now.\n")
        assert (
            name == "blanks" or new == f"{old.rstrip()} Now.\n"
        )  # what was no list becomes one, which the check refuses
    editor.opens(place("pages/emphasis"))
    editor.types_at_the_end(" Now.")
    _old, new = editor.saves()["docs/pages/emphasis.md"]
    assert new.endswith("Some _words_ and _others_, **bold\nwords**, *a long\nline* and `code`. Now.\n")
    assert asked == []


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_the_editor_passes_axe_under_its_policy(
    context: BrowserContext, width: int, colours: Literal["light", "dark"]
) -> None:
    """The page that an editor signs in on breaks no rule but those about landmarks, which are its makers' own; its policy blocks nothing of it."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=colours)
    page.goto("/admin/")
    expect(page.get_by_role("button").first).to_be_visible()
    assert {found.partition(":")[0] for found in axe(page)} <= {"region", "landmark-one-main"}
    assert said == []


def test_what_is_typed_is_what_is_published(editor: CmsEditor, asked: list[str]) -> None:
    """Signs that the site shows as they are reach the file without a backslash, and code stays code."""
    editor.opens(place("contact"))
    editor.types_at_the_end(" It takes ~20 minutes and `code`.")
    old, new = editor.saves()["docs/contact.md"]
    assert new == f"{old.rstrip()} It takes ~20 minutes and `code`.\n"
    assert asked == []


FROM_WORD: Final = """<h2>Before</h2><p class=MsoNormal>We <b>meet</b>&nbsp;you.</p><ul><li class=MsoListParagraph>tea</li><li>rest</li></ul>
<table><tr><td><p>Day</p></td><td><p>Hour</p></td></tr><tr><td><p>Monday</p></td><td><p>9</p></td></tr></table>"""
PASTE: Final = """html => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_what_is_pasted_from_word_is_published(editor: CmsEditor, project: Path, tmp_path: Path) -> None:
    """Headings, bold words, lists and tables from Word become this website's Markdown; Shift and Enter only ends a line."""
    page = editor.opens(place("contact"))
    editor.types_at_the_end(" Good.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Bye.")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, FROM_WORD)
    expect(page.locator("[contenteditable=true]").last).to_contain_text("Monday")
    _old, new = editor.saves()["docs/contact.md"]
    assert " Good.\nBye.\n\n## Before\n\nWe **meet**" in new
    assert new.endswith("you.\n\n- tea\n- rest\n\n| Day | Hour |\n|---|---|\n| Monday | 9 |\n")
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    (copy / "docs/contact.md").write_text(new, encoding="utf-8")
    assert [str(one) for one in check(copy, datetime.now(UTC).date()) if not one.advice] == []


NEW: Final = {
    "news": {"Title": "Open day", "In one sentence": "Meet our facilitators at our open day in the town hall."},
    "new_pages": {"Title": "Volunteer with us", "Description": "What volunteers do, and how to apply to us."},
}


@pytest.mark.parametrize("collection", NEW)
def test_news_and_a_page_of_ones_own_are_made(
    editor: CmsEditor, project: Path, tmp_path: Path, collection: str
) -> None:
    """What is written with the form alone passes the check: front matter, and the part of the site by a choice."""
    page = editor.opens(f"{collection}/new")
    for label, words in NEW[collection].items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    if collection == "new_pages":
        editor.chooses("section", "About")
    editor.types_at_the_end("Come in, and ask us anything.")
    ((name, (_old, new)),) = editor.saves().items()
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_text(new, encoding="utf-8")
    assert [str(one) for one in check(copy, datetime.now(UTC).date()) if not one.advice] == []


def test_a_pdf_is_uploaded_where_the_check_looks(editor: CmsEditor, project: Path, tmp_path: Path) -> None:
    """A PDF goes into docs/downloads/ under a name that an address can have, and its page lists it."""
    sent = tmp_path / "Our Booklet.pdf"
    sent.write_bytes(pdf(filling=50_000))
    page = editor.opens("new_pages/new")
    for label, words in NEW["new_pages"].items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    editor.chooses("section", "Help")
    files = page.locator(".field[data-key-path=downloads]")
    files.get_by_role("button", name="Add").last.click()
    files.get_by_role("textbox").first.fill("Our booklet (PDF, 51 kB)")
    editor.uploads(files, sent, "our-booklet.pdf")
    editor.types_at_the_end("Read our booklet.")
    changed = editor.saves()
    assert set(changed) == {"docs/pages/volunteer-with-us.md", "docs/downloads/our-booklet.pdf"}
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    (copy / "docs/pages").mkdir(exist_ok=True)
    (copy / "docs/pages/volunteer-with-us.md").write_text(
        changed["docs/pages/volunteer-with-us.md"][1], encoding="utf-8"
    )
    shutil.copy(sent, copy / "docs/downloads/our-booklet.pdf")
    assert [str(one) for one in check(copy, datetime.now(UTC).date()) if not one.advice] == []
    build(copy, tmp_path / "site")
    html = (tmp_path / "site/pages/volunteer-with-us/index.html").read_text(encoding="utf-8")
    assert '<a href="../../downloads/our-booklet.pdf">Our booklet (PDF, 51 kB)</a>' in html


def test_a_film_may_be_larger_than_a_picture(editor: CmsEditor, tmp_path: Path) -> None:
    """The editor takes a film that the check takes, and gives it a name that an address can have."""
    sent = tmp_path / "Our Film.mp4"
    sent.write_bytes(bytes(6_000_000))
    page = editor.opens(place("contact"))
    editor.types_at_the_end("")  # scrolls past every field
    film = page.locator(".field[data-key-path=media_file]")
    editor.uploads(film, sent, "our-film.mp4")
    changed = editor.saves()
    assert set(changed) == {"docs/contact.md", "docs/assets/pictures/our-film.mp4"}
    assert "media_file: /assets/pictures/our-film.mp4\n" in changed["docs/contact.md"][1]


READ_LATER: Final = """name => {
  const read = Blob.prototype.arrayBuffer;
  const pressed = new Promise(done => {
    for (const press of ['pointerdown', 'keydown']) addEventListener(press, ({target, key}) => {
      if (target.closest('[data-label=Save]') || key === 's') setTimeout(done, 500);
    }, true);
  });
  Blob.prototype.arrayBuffer = async function () {
    if (this.name === name) await pressed;
    return read.call(this);
  };
}"""
"""Lets a file be read only half a second after Save was pressed."""


@pytest.mark.parametrize("shortcut", [None, "Control+s"])
def test_save_waits_for_a_file_that_is_still_being_read(
    editor: CmsEditor, tmp_path: Path, shortcut: str | None
) -> None:
    """A film that was chosen a moment before Save is saved with its page."""
    sent = tmp_path / "Our Film.mp4"
    sent.write_bytes(bytes(6_000_000))
    page = editor.opens(place("contact"))
    page.evaluate(READ_LATER, "our-film.mp4")
    editor.types_at_the_end("")  # scrolls past every field
    editor.inserts(page.locator(".field[data-key-path=media_file]"), sent, "our-film.mp4")
    expect(page.get_by_text("Processing a file.")).to_be_visible()
    changed = editor.saves(shortcut)
    assert set(changed) == {"docs/contact.md", "docs/assets/pictures/our-film.mp4"}
    assert "media_file: /assets/pictures/our-film.mp4\n" in changed["docs/contact.md"][1]


def test_save_waits_for_a_photo_in_the_words(editor: CmsEditor, tmp_path: Path) -> None:
    """A photo that was put among the words a moment before Save is saved with them."""
    sent = tmp_path / "Open Day.jpg"
    sent.write_bytes(photo())
    page = editor.opens(place("contact"))
    page.evaluate(READ_LATER, "open-day.jpg")
    editor.types_at_the_end(" Come in.")
    body = page.locator(".field[data-key-path=body]")
    body.get_by_role("button", name="Image").click()
    editor.inserts(body, sent, "open-day.jpg")
    expect(page.get_by_text("Processing a file.")).to_be_visible()
    changed = editor.saves()
    assert set(changed) == {"docs/contact.md", "docs/assets/pictures/open-day.jpg"}
    assert "![](/assets/pictures/open-day.jpg)" in changed["docs/contact.md"][1]


def test_a_picture_is_uploaded_where_the_check_looks(editor: CmsEditor, project: Path, tmp_path: Path) -> None:
    """A photo goes into docs/assets/pictures/ under a name that an address can have, with its description."""
    sent = tmp_path / "Open Day.jpg"
    sent.write_bytes(photo())
    page = editor.opens("news/new")
    for label, words in NEW["news"].items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    editor.types_at_the_end("Come in.")
    body = page.locator(".field[data-key-path=body]")
    body.get_by_role("button", name="Image").click()
    editor.uploads(body, sent, "open-day.jpg")
    body.get_by_role("textbox", name="Alt Text").fill("A circle of chairs")
    changed = editor.saves()
    assert set(changed) == {"docs/news/open-day.md", "docs/assets/pictures/open-day.jpg"}
    news = changed["docs/news/open-day.md"][1]
    assert news.endswith("\n\nCome in.\n\n![A circle of chairs](/assets/pictures/open-day.jpg)\n")
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    (copy / "docs/news/open-day.md").write_text(news, encoding="utf-8")
    (copy / "docs/assets/pictures").mkdir(exist_ok=True)
    shutil.copy(sent, copy / "docs/assets/pictures/open-day.jpg")
    assert [str(one) for one in check(copy, datetime.now(UTC).date()) if not one.advice] == []


def adds(field: Locator) -> None:
    """Press Add until there is a new box: on a busy machine a page that is still being drawn loses a click."""
    last = field.get_by_role("textbox").last
    for _ in range(5):
        field.get_by_role("button", name="Add").last.click()
        try:
            expect(last).to_have_value("", timeout=5_000)
        except AssertionError:
            continue
        return


def test_the_service_is_changed_in_one_line(editor: CmsEditor, asked: list[str]) -> None:
    """A new telephone number changes one line of service.yml; a name that is no person and an old address add one each."""
    page = editor.opens("_singletons/entries/service")
    number = page.get_by_role("textbox", name="Telephone number")
    expect(number).not_to_have_value("")
    before = number.input_value()
    number.fill("0800 783 9999")
    old, new = editor.saves()["service.yml"]
    assert new == old.replace(f"phone: {before}", "phone: 0800 783 9999", 1)
    page = editor.opens("_singletons/entries/service")
    names = page.locator(".field[data-key-path=allowed_names]")
    expect(names.get_by_role("textbox").last).not_to_have_value("")
    adds(names)
    names.get_by_role("textbox").last.fill("Maidstone Prison")
    old, new = editor.saves()["service.yml"]
    assert new.replace("    - Maidstone Prison\n", "", 1) == old
    assert new.count("Maidstone Prison") == 1
    page = editor.opens("_singletons/entries/service")
    addresses = page.locator(".field[data-key-path=redirects]")
    adds(addresses)
    addresses.get_by_role("textbox").nth(-2).fill("/leaflet")
    addresses.get_by_role("textbox").last.fill("/contact/")
    old, new = editor.saves()["service.yml"]
    assert new.replace("    /leaflet: /contact/\n", "", 1) == old
    assert asked == []


STORY: Final = {
    "Title": "Neighbours after a burglary",
    "Description": "Two neighbours met after a burglary, and one of them gave back what he had taken.",
    "Summary": "Two neighbours met after a burglary, and one of them gave back what he had taken.",
    "Who asked for it": "The police",
    "Before you read": "This story describes a burglary.",
    "Where the story is from": "the facilitator",
}
WORDS: Final = "Amir came home and found the door open.\nHe met Joe, who had taken his father’s watch."


def writes_the_story(editor: CmsEditor) -> None:
    """Write a new case study as an editor does."""
    page = editor.opens("stories/new")
    for label, words in STORY.items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    editor.chooses("offence", "Burglary")
    page.get_by_role("radio", name="They met").click()
    editor.types_at_the_end("It was an ordinary evening.")
    page.keyboard.press("Enter")
    page.keyboard.type("## What happened?")
    page.keyboard.press("Enter")
    page.keyboard.type(WORDS.replace("\n", " "))


def test_nobody_else_is_asked_and_nobody_finds_it(editor: CmsEditor, asked: list[str], edited_site: Path) -> None:
    """The editor asks nothing of anybody but this site, has a policy of its own, and is in no list and behind no link."""
    editor.opens(place(PAGES[0])).get_by_role("button", name="Today").wait_for()
    assert asked == []
    headers = json.loads((edited_site / "headers.json").read_text(encoding="utf-8"))
    assert headers["/admin/*"]["X-Robots-Tag"] == "noindex"
    assert "connect-src 'self' blob: data: https://api.github.com" in headers["/admin/*"]["Content-Security-Policy"]
    assert "media-src 'self' blob:" in headers["/admin/*"]["Content-Security-Policy"]
    assert not re.search("api.github.com|blob:", headers["/*"]["Content-Security-Policy"])
    assert '<meta name="robots" content="noindex">' in (edited_site / "admin/index.html").read_text(encoding="utf-8")
    assert "admin" not in (edited_site / "sitemap.xml").read_text(encoding="utf-8")
    pages = [path for path in edited_site.rglob("*.html") if "admin" not in path.parts]
    assert not [page for page in pages if "admin/" in page.read_text(encoding="utf-8")]
    scripts = "".join(path.read_text(encoding="utf-8") for path in (edited_site / "admin").glob("*.js"))
    assert "cdn.jsdelivr.net" not in scripts
    assert "githubstatus.com/api" not in scripts


def test_a_seventh_case_study_finds_its_way(editor: CmsEditor, project: Path, browser: Browser, tmp_path: Path) -> None:
    """A case study written in the editor passes the check, and the built site has its card, page, kinds and search entry."""
    writes_the_story(editor)
    changed = editor.saves()
    assert list(changed) == ["docs/case-studies/neighbours-after-a-burglary.md"]
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    for name, (_old, new) in changed.items():
        (copy / name).write_text(new, encoding="utf-8")
    assert [str(one) for one in check(copy, datetime.now(UTC).date()) if not one.advice] == []
    build(copy, tmp_path / "site")
    check_page((tmp_path / "site/case-studies/neighbours-after-a-burglary/index.html").read_text(encoding="utf-8"))
    with served(tmp_path / "site") as origin:
        page = browser.new_page(base_url=origin)
        page.goto("/case-studies/")
        card = page.locator(".stories li", has_text=STORY["Title"])
        assert STORY["Summary"] in card.inner_text()
        assert "Burglary" in card.inner_text()
        page.get_by_text("The people met", exact=True).click()
        expect(card).to_be_visible()
        page.get_by_text("Hate crime", exact=True).first.click()
        expect(card).to_be_hidden()
        page.get_by_text("Burglary", exact=True).first.click()
        card.get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(STORY["Title"])
        expect(page.get_by_role("heading", name="What happened?")).to_be_visible()
        assert "found the door open" in page.get_by_role("main").inner_text()
        page.goto("/search/")
        page.get_by_label("What are you looking for?").fill("father’s watch")
        page.locator(".results").get_by_text(STORY["Title"]).wait_for()
        page.goto("/help/site-map/")
        assert page.get_by_role("main").get_by_role("link", name=STORY["Title"]).count() == 1
        page.close()


def test_a_story_is_taken_down(editor: CmsEditor, project: Path, tmp_path: Path) -> None:
    """A case study that is deleted in the editor is gone, and the check names each place that still leads to it."""
    old_addresses = ServiceConfig.read(project).extra["redirects"].values()
    name = next(page for page in PAGES if place(page).startswith("stories/") and f"/{page}/" in old_addresses)
    page = editor.opens(place(name))
    page.get_by_role("button", name="Show Editor Options").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).last.click()
    page.wait_for_url(re.compile(r"#/collections/\w+$"))
    assert editor.looks() == {f"docs/{name}.md"}
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    (copy / f"docs/{name}.md").unlink()
    to_mend = [one for one in check(copy, datetime.now(UTC).date()) if not one.advice]
    assert to_mend
    assert {name.rpartition("/")[2] in one.sentence for one in to_mend} == {True}
