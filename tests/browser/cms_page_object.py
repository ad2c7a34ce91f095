"""Somebody from communications at the editor: the project lies in the browser's own folder, and what is saved can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

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


class Desk:
    """The editor with a project open; `files` are its texts as they were last seen."""

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
        """Open one thing to edit, such as `pages/entries/contact`."""
        self.page.goto(f"/admin/#/collections/{place}")
        self.page.get_by_role("button", name="Save", exact=True).wait_for()
        return self.page

    def types_at_the_end(self, words: str) -> None:
        """Put the cursor behind the last word of the page, and type."""
        self.page.locator(".field[data-key-path=body]").scroll_into_view_if_needed()
        self.page.locator("[contenteditable=true]").last.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def saves(self) -> dict[str, tuple[str, str]]:
        """Save, and give each file that changed, as it was and as it is."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.page.wait_for_url(re.compile(r"#/collections/\w+$"))
        now: dict[str, str] = self.page.evaluate(READ)
        changed = {name: (self.files.get(name, ""), text) for name, text in now.items() if self.files.get(name) != text}
        self.files = now
        return changed

    def looks(self) -> set[str]:
        """Look which files are gone."""
        return self.files.keys() - set(self.page.evaluate(READ))
