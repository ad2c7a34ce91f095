"""Page object of the editor at /admin/: the project lies in the browser's private file system, where saved files are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

# The picker of folders cannot be worked by a program: the browser's own private folder stands in for it.
PICKED: Final = """
window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('project');
if (window.FileSystemHandle) FileSystemHandle.prototype.requestPermission = async () => 'granted';
"""
FILL: Final = """async files => {
  const project = await (await navigator.storage.getDirectory()).getDirectoryHandle('project', {create: true});
  await project.getDirectoryHandle('.git', {create: true});
  for (const [path, text] of Object.entries(files)) {
    const names = path.split('/'), name = names.pop();
    let folder = project;
    for (const one of names) folder = await folder.getDirectoryHandle(one, {create: true});
    const file = await (await folder.getFileHandle(name, {create: true})).createWritable();
    await file.write(text);
    await file.close();
  }
}"""
READ: Final = """async () => {
  const found = {};
  const walk = async (folder, before) => {
    for await (const [name, one] of folder.entries()) {
      if (one.kind === 'directory') await walk(one, `${before}${name}/`);
      else found[before + name] = await (await one.getFile()).text();
    }
  };
  await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('project'), '');
  return found;
}"""


class CmsEditor:
    """The editor with a project open; `files` maps each path to its text when last read."""

    def __init__(self, context: BrowserContext, project: Path) -> None:
        context.add_init_script(PICKED)
        self.page: Page = context.new_page()
        paths = [project / "service.yml", *sorted((project / "docs").rglob("*.md"))]
        self.files = {path.relative_to(project).as_posix(): path.read_text(encoding="utf-8") for path in paths}
        self.page.goto("/admin/")
        self.page.evaluate(FILL, self.files)
        self.page.get_by_role("button", name="Work with Local Repository").click()
        self.page.get_by_text("Case studies").first.wait_for()

    def opens(self, place: str) -> Page:
        """Open one entry, such as `pages/entries/contact`."""
        self.page.goto(f"/admin/#/collections/{place}")
        self.page.get_by_role("button", name="Save", exact=True).wait_for()
        return self.page

    def types_at_the_end(self, words: str) -> None:
        """Type after the last word of the page."""
        body = self.page.locator(".field[data-key-path=body]")
        for _ in range(50):  # the editor draws what is on the screen
            if body.count():
                break
            self.page.locator(".field").last.scroll_into_view_if_needed()
            self.page.wait_for_timeout(100)
        body.scroll_into_view_if_needed()
        self.page.locator("[contenteditable=true]").last.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def chooses(self, key: str, option: str) -> None:
        """Choose from the list of a field."""
        box = self.page.locator(f".field[data-key-path={key}]").get_by_role("combobox")
        box.click()
        self.page.get_by_role("option", name=option, exact=True).click()
        expect(box).to_contain_text(option)

    def uploads(self, field: Locator, sent: Path, name: str) -> None:
        """Choose a file for a field, and wait until the field shows its new name."""
        self.inserts(field, sent, name)
        expect(field.get_by_text(name)).to_be_visible()

    def inserts(self, field: Locator, sent: Path, name: str) -> None:
        """Choose a file for a field, which then reads it."""
        field.get_by_role("button", name="Browse").click()
        dialog = self.page.get_by_role("dialog")
        with self.page.expect_file_chooser() as chosen:
            dialog.get_by_role("button", name="Upload").click()
        chosen.value.set_files(sent)
        dialog.get_by_text(name).wait_for()
        self.page.get_by_role("button", name="Insert", exact=True).click()

    def saves(self, shortcut: str | None = None) -> dict[str, tuple[str, str]]:
        """Save, with the button or with the keys of a shortcut; return each changed file with its old and its new text."""
        if shortcut:
            self.page.keyboard.press(shortcut)
        else:
            self.page.get_by_role("button", name="Save", exact=True).click()
        try:
            self.page.wait_for_url(re.compile(r"#/collections/\w+$"))
        except PlaywrightTimeoutError:
            pytest.fail(f"Not saved. The editor says: {self.page.locator('body').inner_text()}")
        now: dict[str, str] = self.page.evaluate(READ)
        changed = {name: (self.files.get(name, ""), text) for name, text in now.items() if self.files.get(name) != text}
        self.files = now
        return changed

    def looks(self) -> set[str]:
        """Return the files that are gone."""
        return self.files.keys() - set(self.page.evaluate(READ))
