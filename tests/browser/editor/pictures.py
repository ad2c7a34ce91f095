"""`make editor-pictures`: the pictures of the guide for editors, in `handbook/screenshots/editor/`. It needs a Chromium and npm."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from dev.preview import FINDINGS
from tests.browser.chromium import NONE_FOUND, find
from tests.browser.conftest import QUIET
from tests.browser.editor.cms_page_object import CmsEditor
from tests.browser.editor.code_host.api import TOKEN, CodeHost
from tests.browser.editor.test_editor import writes_the_story
from tests.browser.editor.test_publishing import STATUS, opens, saves, signs_in
from tests.browser.pictures import small
from tests.browser.serving import served
from tests.project_copies import copy_content
from website.build.site import build
from website.cms.editor import build_editor

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "handbook" / "screenshots" / "editor"
WIDE, TALL = 1000, 640


def take(page: Page, name: str, tall: int = TALL, see: Locator | None = None) -> None:
    """Take a picture of what is on the screen, or of a part of the page, when nothing moves any more."""
    page.set_viewport_size({"width": WIDE, "height": tall})
    if see:
        see.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    (KEPT / f"{name}.png").write_bytes(small(page.screenshot()))


def desk_pictures(browser: Browser, origin: str, project: Path) -> None:
    """Sit down at the editor, and take a picture of each step that the guide tells."""
    context = browser.new_context(base_url=origin, viewport={"width": WIDE, "height": TALL}, locale="en-GB")
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_role("button", name="Sign In Using Access Token").wait_for()
    take(page, "sign-in", 420)
    page.close()
    editor = CmsEditor(context, project)
    page = editor.page
    page.goto("/admin/#/collections/stories")
    take(page, "stories")
    editor.opens("_singletons/entries/service").get_by_role("textbox", name="Telephone number").fill("0800 123 4567")
    take(page, "about")
    boxes = editor.opens("pages/entries/contact").locator(".field[data-key-path=notice]")
    take(page, "boxes", 760, see=boxes)
    page.goto("/admin/#/collections/stories")
    page.set_viewport_size({"width": WIDE, "height": 1400})  # the editor draws what is on the screen
    writes_the_story(editor)
    take(page, "story", 760, see=page.locator("[contenteditable=true]").last)
    context.close()


def publishing_pictures(browser: Browser, origin: str, host: CodeHost) -> None:
    """Sign in at the code host, save a draft, and take a picture of the way to its publication."""
    context = browser.new_context(base_url=origin, viewport={"width": WIDE, "height": TALL}, locale="en-GB")
    host.serve(context)
    page = context.new_page()
    signs_in(page, TOKEN)
    page.get_by_text("Case studies").first.wait_for()
    opens(page, "pages/entries/contact")
    page.get_by_role("textbox", name="Title", exact=True).fill("Contact us, day and night")
    saves(page)
    page.get_by_text("Entry saved.").wait_for(state="detached")
    page.get_by_role("radio", name="Editorial Workflow").click()
    take(page, "drafts", 420)
    opens(page, "pages/entries/contact")
    page.get_by_role("button", name=STATUS).click()
    take(page, "status", 420)
    host.rests(page)
    context.close()


def preview_picture(browser: Browser, origin: str) -> None:
    """Show a page as the preview does when something has to be mended."""
    sentence = "docs/contact.md, line 40: we do not use “click here”. Let the link say where it leads."
    page = browser.new_page(base_url=origin, viewport={"width": WIDE, "height": TALL})
    page.goto("/contact/")
    page.evaluate(
        "said => document.body.insertAdjacentHTML('beforeend', said)", FINDINGS.format(f"<li>{sentence}</li>")
    )
    take(page, "preview", 420, see=page.get_by_text(sentence))


def main() -> int:
    """Build the site with the editor, and take them all."""
    if (chromium := find()) is None:
        sys.stderr.write(f"{NONE_FOUND}\n")
        return 1
    editor = build_editor(ROOT)
    KEPT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        project = copy_content(Path(place))
        build(project, project / "site", editor=editor)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        with served(project / "site") as origin:
            desk_pictures(browser, origin, project)
            publishing_pictures(browser, origin, CodeHost(project, Path(folder)))
            (project / "site" / "headers.json").write_text('{"*": {}}', encoding="utf-8")  # the preview has no policy
            preview_picture(browser, origin)
        browser.close()
    sys.stdout.write(f"{len(list(KEPT.iterdir()))} pictures in {KEPT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
